import { NativeSelect } from '@mantine/core'
import { useWords } from '../../faces/words.ts'

const graces = [0, 3600, 86_400] as const

type Props = { readonly seconds: number; readonly onSeconds: (seconds: number) => void }

/** How long a key that is replaced goes on working. */
export const GraceField = ({ seconds, onSeconds }: Props) => {
  const { t } = useWords()
  return (
    <NativeSelect
      label={t('developers.rotate.grace')}
      description={t('developers.rotate.text')}
      value={String(seconds)}
      onChange={event => onSeconds(Number(event.currentTarget.value))}
      data={graces.map(value => ({ value: String(value), label: t(`developers.rotate.after.${value}`) }))}
    />
  )
}
