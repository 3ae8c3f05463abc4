import { useState } from 'react'
import { formatMoney, formatNumber } from '../../faces/format.ts'
import { localeOf } from '../../faces/languages.ts'
import { pointsOf, unitWord } from '../../faces/points.ts'
import { useWords } from '../../faces/words.ts'
import { useFormats } from '../amounts.ts'
import { useAnswer } from '../answers.ts'
import { api } from '../api.ts'
import { Act } from '../parts/act.tsx'
import { AsOf } from '../parts/as-of.tsx'
import { Page, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { useAction } from '../parts/use-action.ts'
import { useSession, useWallet } from '../session.ts'
import { type Entry, whyOf } from './why.ts'

const limit = 30

/** `+39` or `−500`, in the unit of what it is. */
const useAmount = () => {
  const words = useWords()
  const { language } = words
  const wallet = useWallet()
  return ({ asset, amount }: Entry): string => {
    const [kind, of] = asset.split(':') as [string, string]
    const sign = { signDisplay: 'exceptZero' } as const
    if (kind === 'credit' || kind === 'cashback') return formatMoney(amount, of, language, { isSigned: true })
    const unit = wallet.data?.programmes.find(it => it.programme === of)?.unit ?? { one: '', many: '', decimals: 0 }
    const points = pointsOf(amount, unit)
    return `${formatNumber(points, language, sign)} ${unitWord(points, unit, words)}`
  }
}

const Line = ({ entry }: { readonly entry: Entry }) => {
  const { t } = useWords()
  const format = useFormats()
  const amountOf = useAmount()
  const why = whyOf(entry)
  if (why === undefined) return null
  const details = [
    entry.offer?.name,
    entry.order !== null && why !== 'earnedOnOrder' ? t('activity.order', { order: entry.order }) : undefined,
    entry.note,
    entry.locationName ?? entry.location ?? undefined,
  ].filter(it => it !== undefined && it !== null && it !== '')
  const isQuiet = why === 'onTheWay' || why === 'active'
  return (
    <li className="entry">
      <div className="grows">
        <p className="entry-why">{t(`activity.why.${why}`, { order: entry.order, name: entry.with ?? '' })}</p>
        <p className="small-text quiet-text">
          {details.map(detail => (
            <span key={detail} className="detail">
              <bdi>{detail}</bdi>
            </span>
          ))}
          <bdi className="entry-time">{format.dateTime(entry.at)}</bdi>
        </p>
      </div>
      <bdi className={isQuiet ? 'amount quiet-text' : entry.amount < 0 ? 'amount' : 'amount good'}>
        {amountOf(entry)}
      </bdi>
    </li>
  )
}

/** Every plus and minus with why, the newest first, by months. */
const Activity = () => {
  const { t, language } = useWords()
  const { person } = useSession()
  const first = useAnswer('activity', () => api.listWalletActivity(person, { limit }))
  const [more, setMore] = useState<{ readonly data: readonly Entry[]; readonly nextCursor: string | null }>()
  const cursor = more ? more.nextCursor : (first.data?.nextCursor ?? null)
  const next = useAction(async () => {
    if (cursor === null) return
    const page = await api.listWalletActivity(person, { limit, cursor })
    setMore(now => ({ data: [...(now?.data ?? []), ...page.data], nextCursor: page.nextCursor }))
  })
  const entries = [...(first.data?.data ?? []), ...(more?.data ?? [])].filter(it => whyOf(it) !== undefined)
  const monthName = new Intl.DateTimeFormat(localeOf(language), { month: 'long', year: 'numeric' })
  const monthOf = ({ at }: Entry): string => monthName.format(new Date(at))
  const months = [...new Set(entries.map(monthOf))]
  return (
    <Page title={t('activity.title')}>
      <AsOf answer={first} />
      {first.data === undefined
        ? first.isLoading && <Waiting />
        : entries.length === 0 && <p className="empty">{t('activity.empty')}</p>}
      {months.map(month => (
        <section key={month}>
          <h2>{month}</h2>
          <ul className="entries">
            {entries
              .filter(it => monthOf(it) === month)
              .map(entry => (
                <Line key={`${entry.transaction} ${entry.asset} ${entry.pending}`} entry={entry} />
              ))}
          </ul>
        </section>
      ))}
      {next.error !== undefined && <Problem error={next.error} onRetry={() => next.run()} />}
      {cursor !== null && (
        <Act className="quiet" isBusy={next.isBusy} onClick={() => next.run()}>
          {t('activity.more')}
        </Act>
      )}
    </Page>
  )
}

export default Activity
