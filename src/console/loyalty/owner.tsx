import { Anchor, Code } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { PersonRef } from '../parts/named.tsx'

/** Whose an account is: a person by one of her holders, a gift card, or the house. */
export const Owner = ({ id }: { readonly id: string }) => {
  const { t } = useWords()
  const may = useMay()
  if (id === 'house') return <>{t('loyalty.ledger.house')}</>
  if (id.startsWith('hol_')) return <PersonRef id={id} />
  const card = <Code dir="ltr">{id}</Code>
  return (
    <>
      {t('loyalty.ledger.giftCard')}{' '}
      {may('getGiftCard') ? (
        <Anchor component={Link} to={`/loyalty/gift-cards?card=${id}`} inherit style={{ overflowWrap: 'anywhere' }}>
          {card}
        </Anchor>
      ) : (
        card
      )}
    </>
  )
}
