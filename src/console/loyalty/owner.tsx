import { Code } from '@mantine/core'
import { useWords } from '../../faces/words.ts'
import { PersonRef } from '../parts/named.tsx'

/** Whose an account is: a person by one of her holders, a gift card, or the house. */
export const Owner = ({ id }: { readonly id: string }) => {
  const { t } = useWords()
  if (id === 'house') return <>{t('loyalty.ledger.house')}</>
  if (id.startsWith('hol_')) return <PersonRef id={id} />
  return (
    <>
      {t('loyalty.ledger.giftCard')} <Code dir="ltr">{id}</Code>
    </>
  )
}
