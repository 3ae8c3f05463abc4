import { IconArrowUpRight, IconClockHour4, IconHourglassLow, IconInfoCircle, IconUsers } from '@tabler/icons-react'
import { useWords } from '../../faces/words.ts'
import { useFormats } from '../amounts.ts'
import { Link } from '../routes.tsx'
import type { WalletProgramme } from '../session.ts'

const soonMs = 45 * 86_400_000

/** More than two would push everything else off the screen. */
const shownDates = 2

const Dates = ({ lines }: { readonly lines: readonly string[] }) => {
  const { t } = useWords()
  const line = (text: string) => <small key={text}>{text}</small>
  return (
    <>
      {lines.slice(0, shownDates).map(line)}
      {lines.length > shownDates && (
        <details className="more small-text">
          <summary>{t('home.moreDates')}</summary>
          {lines.slice(shownDates).map(line)}
        </details>
      )}
    </>
  )
}

/** What is worth knowing of a programme beside the balance: each line a fact. */
const Standing = ({ programme, currency }: { readonly programme: WalletProgramme; readonly currency: string }) => {
  const { t } = useWords()
  const format = useFormats()
  const { unit, next, tier, expiring, pending, held, debt, household } = programme
  const [ends, ...later] = expiring
  const isSoon = ends !== undefined && Date.parse(ends.at) - Date.now() < soonMs
  const needed =
    next === null
      ? ''
      : next.by === 'points'
        ? format.points(next.needed, unit)
        : next.by === 'spend'
          ? format.money(next.needed, currency)
          : t('home.visits', { count: next.needed })
  return (
    <ul className="facts">
      {next !== null && (
        <li>
          <IconArrowUpRight className="turns" aria-hidden />
          <span>
            {t('home.toNext', { needed, tier: next.name })}
            {next.until !== null && <small>{t('home.until', { date: format.lastDay(next.until) })}</small>}
          </span>
        </li>
      )}
      {tier !== null && tier.benefits.length > 0 && (
        <li>
          <IconInfoCircle aria-hidden />
          <span>
            {t('home.benefits', { tier: tier.name })}
            <small>
              <bdi>{tier.benefits.join(' · ')}</bdi>
            </small>
          </span>
        </li>
      )}
      {ends !== undefined && (
        <li className={isSoon ? 'warns' : undefined}>
          <IconHourglassLow aria-hidden />
          <span>
            {t('home.ends', { points: format.points(ends.amount, unit), date: format.day(ends.lastDay) })}
            <Dates
              lines={later.map(it =>
                t('home.endsLater', { points: format.points(it.amount, unit), date: format.day(it.lastDay) }),
              )}
            />
          </span>
        </li>
      )}
      {pending.amount > 0 && (
        <li>
          <IconClockHour4 aria-hidden />
          <span>
            {t('home.pending', { points: format.points(pending.amount, unit) })}
            <Dates
              lines={pending.next.map(it =>
                t('home.pendingNext', { points: format.points(it.amount, unit), date: format.date(it.at) }),
              )}
            />
          </span>
        </li>
      )}
      {held > 0 && (
        <li>
          <IconClockHour4 aria-hidden />
          <span>{t('home.held', { points: format.points(held, unit) })}</span>
        </li>
      )}
      {debt > 0 && (
        <li className="warns">
          <IconInfoCircle aria-hidden />
          <span>{t('home.debt', { points: format.points(debt, unit) })}</span>
        </li>
      )}
      {household !== null && (
        <li>
          <IconUsers aria-hidden />
          <span>{t('home.household', { name: household.name, points: format.points(household.balance, unit) })}</span>
        </li>
      )}
      {programme.memberSince === null && (
        <li className="warns">
          <IconInfoCircle aria-hidden />
          <span>
            {t('home.left')} <Link to="/join">{t('home.joinAgain')}</Link>
          </span>
        </li>
      )}
    </ul>
  )
}

export default Standing
