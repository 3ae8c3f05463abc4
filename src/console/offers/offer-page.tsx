import { useWords } from '../../faces/words.ts'
import { PageHead } from '../parts/page-head.tsx'

export const Page = () => {
  const { t } = useWords()
  return <PageHead title={t('shell.areas.offers')} />
}
