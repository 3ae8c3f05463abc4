import { useWords } from '../../faces/words.ts'
import type { Moment, Settings, Wallet } from '../session.ts'
import { Claims } from './claims.tsx'
import { Coupons, couponsOf } from './coupons.tsx'
import { MoneyList } from './money.tsx'

type Props = {
  readonly wallet: Wallet
  readonly moment: Moment | undefined
  readonly programmes: Settings['programmes']
}

/** What she can take, what she can use here and now, and money of hers. */
const Usable = ({ wallet, moment, programmes }: Props) => {
  const { t } = useWords()
  const coupons = couponsOf(wallet, moment)
  const claims = (moment?.offers ?? []).filter(it => it.how === 'claim')
  // Also of programmes that she may join: an offer says what it costs before she does.
  const unitOf = (id: string) =>
    wallet.programmes.find(it => it.programme === id)?.unit ?? programmes.find(it => it.id === id)?.unit
  return (
    <>
      {claims.length > 0 && (
        <section>
          <h2>{t('home.claimTitle')}</h2>
          <Claims offers={claims} unitOf={unitOf} />
        </section>
      )}
      <section>
        <h2>{t('home.usable')}</h2>
        {coupons.some(it => it.note === 'itself') && <p className="quiet-text">{t('home.usableText')}</p>}
        {coupons.length > 0 ? (
          <Coupons coupons={coupons} unitOf={unitOf} />
        ) : (
          <p className="empty">{t('home.nothingUsable')}</p>
        )}
      </section>
      {wallet.money.length + wallet.giftCards.length > 0 && (
        <section>
          <h2>{t('home.moneyTitle')}</h2>
          <MoneyList wallet={wallet} />
        </section>
      )}
    </>
  )
}

export default Usable
