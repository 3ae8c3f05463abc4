import { pointsOf, unitWord } from '../../faces/points.ts'
import { useWords } from '../../faces/words.ts'
import { useFormats } from '../amounts.ts'
import type { WalletProgramme } from '../session.ts'

const radius = 40
const around = 2 * Math.PI * radius

/** How far it is to the next tier, as a ring; what it says stands beside it in words. */
const TierRing = ({ part, label }: { readonly part: number; readonly label: string }) => (
  <svg className="ring" viewBox="0 0 96 96" width={96} height={96} role="img" aria-label={label}>
    <circle cx={48} cy={48} r={radius} className="ring-ground" />
    <circle
      cx={48}
      cy={48}
      r={radius}
      className="ring-part"
      strokeDasharray={`${around * part} ${around}`}
      transform="rotate(-90 48 48)"
    />
  </svg>
)

const partOf = ({ next }: WalletProgramme): number =>
  next === null ? 1 : Math.min(1, Math.max(0.02, next.have / Math.max(1, next.have + next.needed)))

/** The card that people open the wallet for: what she has, her tier, and how far it is to the next one. */
export const MemberCard = ({ programme, owner }: { readonly programme: WalletProgramme; readonly owner: string }) => {
  const words = useWords()
  const { t } = words
  const format = useFormats()
  const { name, unit, balance, toSpend, worth, tier, next, memberSince } = programme
  const points = pointsOf(toSpend, unit)
  const part = partOf(programme)
  const hasTiers = tier !== null || next !== null
  return (
    <section className="member-card" aria-label={name}>
      <div className="member-card-top">
        <span className="member-card-name">
          <bdi>{name}</bdi>
        </span>
        {tier !== null && (
          <span className="member-card-tier">
            <bdi>{tier.name}</bdi>
          </span>
        )}
      </div>
      <div className="member-card-middle">
        <div>
          <p className="balance">
            <bdi className="balance-number">{format.number(points)}</bdi>{' '}
            <bdi className="balance-unit">{unitWord(points, unit, words)}</bdi>
          </p>
          {/* `worth` is of her own points; a household's are counted in what she may spend. */}
          {worth !== null && balance === toSpend && (
            <p className="balance-worth">
              {t('home.worth')} <bdi>{format.money(worth.amount, worth.currency)}</bdi>
            </p>
          )}
        </div>
        {hasTiers && (
          <div className="ring-box">
            <TierRing
              part={part}
              label={
                next === null
                  ? t('home.highest', { tier: tier?.name })
                  : t('home.towards', { tier: next.name, share: Math.floor(part * 100) })
              }
            />
            <span className="ring-text" aria-hidden>
              {`${Math.floor(part * 100)}%`}
            </span>
          </div>
        )}
      </div>
      <div className="member-card-bottom">
        <bdi>{owner}</bdi>
        {memberSince !== null && <span>{t('home.since', { date: format.date(memberSince) })}</span>}
      </div>
    </section>
  )
}
