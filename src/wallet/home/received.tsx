import { useWords } from '../../faces/words.ts'
import { useFormats } from '../amounts.ts'
import type { Wallet } from '../session.ts'

/** What it gave her, in money: a line a currency. */
export const Received = ({ received }: { readonly received: Wallet['received'] }) => {
  const { t } = useWords()
  const format = useFormats()
  return (
    <div className="received">
      {Object.entries(received.ever)
        .filter(([, amount]) => amount > 0)
        .map(([currency, amount]) => (
          <dl key={currency}>
            <div>
              <dt>{t('home.receivedEver')}</dt>
              <dd>
                <bdi>{format.money(amount, currency)}</bdi>
              </dd>
            </div>
            <div>
              <dt>{t('home.receivedYear')}</dt>
              <dd>
                <bdi>{format.money(received.thisYear[currency] ?? 0, currency)}</bdi>
              </dd>
            </div>
          </dl>
        ))}
    </div>
  )
}
