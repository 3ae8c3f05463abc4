import { Text } from '@mantine/core'
import { useSession } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { PageHead } from '../parts/page-head.tsx'

export const Page = () => {
  const { t } = useWords()
  const { data } = useSession()
  return (
    <>
      <PageHead title={t('home.title', { name: data?.workspace.name })} />
      <Text>{t('home.text')}</Text>
    </>
  )
}
