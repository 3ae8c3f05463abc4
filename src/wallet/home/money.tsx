import { IconCreditCard, IconPigMoney } from '@tabler/icons-react'
import { useWords } from '../../faces/words.ts'
import { useFormats } from '../amounts.ts'
import type { Wallet } from '../session.ts'

/** Store credit, cashback and gift cards. */
export const MoneyList = ({ wallet }: { readonly wallet: Wallet }) => {
  const { t } = useWords()
  const format = useFormats()
  return (
    <ul className="money-list">
      {wallet.money.map(it => (
        <li key={`${it.kind} ${it.currency}`}>
          <IconPigMoney aria-hidden />
          <span className="grows">
            {t(`home.money.${it.kind}`)}
            {it.pending > 0 && (
              <small>{t('home.moneyPending', { amount: format.money(it.pending, it.currency) })}</small>
            )}
            {it.expiring[0] && (
              <small>
                {t('home.ends', {
                  points: format.money(it.expiring[0].amount, it.currency),
                  date: format.day(it.expiring[0].lastDay),
                })}
              </small>
            )}
          </span>
          <bdi className="amount">{format.money(it.balance, it.currency)}</bdi>
        </li>
      ))}
      {wallet.giftCards.map(it => (
        <li key={it.id}>
          <IconCreditCard aria-hidden />
          <span className="grows">
            {t('home.giftCard')} <bdi dir="ltr">…{it.lastFour}</bdi>
            {it.state === 'blocked' && <small>{t('home.giftCardBlocked')}</small>}
            {it.expiresAt !== null && <small>{t('home.untilDay', { date: format.lastDay(it.expiresAt) })}</small>}
          </span>
          <bdi className="amount">{format.money(it.balance, it.currency)}</bdi>
        </li>
      ))}
    </ul>
  )
}
