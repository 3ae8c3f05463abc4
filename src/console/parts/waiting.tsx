import { Skeleton, Stack } from '@mantine/core'
import { useWords } from '../../faces/words.ts'

/** Where a page will be, while what it shows is on its way. */
export const Waiting = () => {
  const { t } = useWords()
  return (
    <Stack aria-busy="true">
      <span className="visually-hidden" role="status">
        {t('common.loading')}
      </span>
      <Skeleton height={32} width={240} />
      <Skeleton height={120} />
      <Skeleton height={240} />
    </Stack>
  )
}
