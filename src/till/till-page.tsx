import { useState } from 'react'
import { formatTime } from '../faces/format.ts'
import { Preferences } from '../faces/preferences.tsx'
import { useWords } from '../faces/words.ts'
import { TesseraRefusal } from '../sdk/errors.ts'
import { closeTill, openTill, settleAndRenew } from './packs.ts'
import { Page, Problem, useRun } from './parts.tsx'
import { columns, type ListMistake, readPriceList } from './price-list.ts'
import { reasonText } from './reason-text.ts'
import { forgetEverything, keep } from './till-db.ts'
import { setTill, useTill } from './till-state.ts'

const time = (at: number): string => new Date(at).toISOString()

/** The network, the pack and the journal: what holds, since when and until when. */
const Network = () => {
  const { t, language } = useWords()
  const { pack, packProblem, offlineSince, waiting, isClosed, pairing } = useTill()
  const { isBusy, error, run } = useRun()
  const isOffline = offlineSince !== undefined
  return (
    <section className="card" aria-labelledby="network" aria-busy={isBusy}>
      <h2 id="network">{t('till.network')}</h2>
      <dl className="facts">
        <dt>{t('till.state')}</dt>
        <dd>
          {isOffline ? (
            <>
              {t('state.offlineSince')} {formatTime(time(offlineSince), 'time', language)}
            </>
          ) : (
            t('state.online')
          )}
        </dd>
        <dt>{t('till.pack')}</dt>
        <dd>
          {pack && !isClosed ? (
            <>
              {t('till.until')} {formatTime(time(pack.expiresAt), 'dateTime', language)}
            </>
          ) : (
            t('till.noPack')
          )}
        </dd>
        <dt>{t('till.waiting')}</dt>
        <dd>{waiting}</dd>
        <dt>{t('till.place')}</dt>
        <dd>
          <bdi dir="ltr">
            {pairing?.location} · {pairing?.channel}
          </bdi>
        </dd>
      </dl>
      {packProblem && (
        <p className="problem" role="status">
          <bdi>{reasonText(packProblem, { t, language, currency: undefined })}</bdi>
        </p>
      )}
      <Problem error={error} />
      <div className="row">
        <button
          type="button"
          className="button quiet"
          disabled={isBusy || isOffline || isClosed}
          onClick={() => run(() => settleAndRenew({ now: true }))}
        >
          {t('till.renew')}
        </button>
        {isClosed ? (
          <button type="button" className="button" disabled={isBusy || isOffline} onClick={() => run(openTill)}>
            {t('till.open')}
          </button>
        ) : (
          <button type="button" className="button quiet" disabled={isBusy || !pack} onClick={() => run(closeTill)}>
            {t('till.close')}
          </button>
        )}
      </div>
      <p className="quiet-text">{t(isClosed ? 'till.closedText' : 'till.closeText')}</p>
    </section>
  )
}

const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\s,;]+/)
      .map(it => it.trim())
      .filter(it => it !== ''),
  ),
]

/** A person is an identifier with its type; anything else is a code. */
const isPerson = (text: string): boolean => /^\w+:./.test(text) || text.includes('@')

/** Codes and people that this till shall serve without a network. */
const Leased = () => {
  const { t } = useWords()
  const { leased, offlineSince } = useTill()
  const [text, setText] = useState([...leased.codes, ...leased.people].join('\n'))
  const { isBusy, error, run } = useRun()
  const save = (): void =>
    run(async () => {
      const all = linesOf(text)
      const people = all.filter(isPerson).map(it => (it.includes(':') ? it : `email:${it}`))
      const next = { codes: all.filter(it => !isPerson(it)), people }
      await keep('leased', next)
      setTill({ leased: next })
      await settleAndRenew({ now: true })
    })
  return (
    <section className="card" aria-labelledby="leased" aria-busy={isBusy}>
      <h2 id="leased">{t('till.leased')}</h2>
      <p className="quiet-text">{t('till.leasedText')}</p>
      <label className="field">
        {t('till.leasedList')}
        <textarea
          dir="ltr"
          rows={4}
          spellCheck={false}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
        />
      </label>
      <Problem error={error} />
      <button type="button" className="button quiet" disabled={isBusy || offlineSince !== undefined} onClick={save}>
        {t('till.save')}
      </button>
    </section>
  )
}

const mistakeWords = {
  sku: 'till.mistake.sku',
  name: 'till.mistake.name',
  price: 'till.mistake.price',
  twice: 'till.mistake.twice',
} as const

/** The articles that this till knows: from a file, or typed in. */
const PriceList = () => {
  const { t } = useWords()
  const { articles, pack } = useTill()
  const [text, setText] = useState('')
  const [mistakes, setMistakes] = useState<readonly ListMistake[]>([])
  const { isBusy, error, run } = useRun()
  const take = (given: string): void =>
    run(async () => {
      const list = read(given, pack?.currency ?? 'EUR')
      setMistakes(list.mistakes)
      if (list.articles.length === 0) return
      await keep('articles', list.articles)
      setTill({ articles: list.articles })
      setText('')
    })
  return (
    <section className="card" aria-labelledby="list" aria-busy={isBusy}>
      <h2 id="list">{t('till.list')}</h2>
      <p>{t('till.articles', { count: articles.length })}</p>
      <p className="quiet-text">
        {t('till.listText')} <bdi dir="ltr">{columns.join(', ')}</bdi>
      </p>
      <label className="field">
        {t('till.file')}
        <input
          type="file"
          accept=".csv,.txt,text/csv,text/plain"
          onChange={event => {
            const [file] = event.currentTarget.files ?? []
            if (file) void file.text().then(take)
          }}
        />
      </label>
      <label className="field">
        {t('till.typed')}
        <textarea
          dir="ltr"
          rows={4}
          spellCheck={false}
          placeholder={'LATTE,Caffè latte,4.50'}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
        />
      </label>
      <Problem error={error} />
      {mistakes.length > 0 && (
        <ul className="problem" role="status">
          {mistakes.slice(0, 8).map(({ line, what }) => (
            <li key={line}>
              {t('till.line')} <bdi>{line}</bdi>: {t(mistakeWords[what])}
            </li>
          ))}
        </ul>
      )}
      <button type="button" className="button quiet" disabled={isBusy || text.trim() === ''} onClick={() => take(text)}>
        {t('till.takeList')}
      </button>
    </section>
  )
}

/** A file that is none says in which line. */
const read = (text: string, currency: string) => {
  try {
    return readPriceList(text, currency)
  } catch (error) {
    throw new TesseraRefusal(422, {
      code: 'list_unreadable',
      details: { line: (error as { line?: number }).line ?? 1 },
    })
  }
}

/** Another till from now on; what has not arrived would be lost, so it waits for that. */
const Unpair = () => {
  const { t } = useWords()
  const { waiting, isClosed } = useTill()
  const [isAsked, setAsked] = useState(false)
  const { run } = useRun()
  return (
    <section className="card" aria-labelledby="unpair">
      <h2 id="unpair">{t('till.unpair')}</h2>
      <p className="quiet-text">{t('till.unpairText')}</p>
      {isAsked ? (
        <div className="row">
          <button
            type="button"
            className="button danger"
            onClick={() =>
              run(async () => {
                await forgetEverything()
                location.assign('/till')
              })
            }
          >
            {t('till.unpairNow')}
          </button>
          <button type="button" className="button quiet" onClick={() => setAsked(false)}>
            {t('page.cancel')}
          </button>
        </div>
      ) : (
        <button
          type="button"
          className="button quiet"
          disabled={waiting > 0 || !isClosed}
          onClick={() => setAsked(true)}
        >
          {t('till.unpair')}
        </button>
      )}
    </section>
  )
}

/** How the till stands, and what it is told once a day or once for all. */
export const TillPage = () => {
  const { t } = useWords()
  const { hasSounds } = useTill()
  return (
    <Page title={t('till.title')}>
      <div className="columns">
        <Network />
        <PriceList />
        <Leased />
        <section className="card" aria-labelledby="look">
          <h2 id="look">{t('till.look')}</h2>
          <Preferences />
          <label className="choice">
            <input
              type="checkbox"
              checked={hasSounds}
              onChange={event => {
                setTill({ hasSounds: event.currentTarget.checked })
                void keep('hasSounds', event.currentTarget.checked)
              }}
            />
            {t('till.sounds')}
          </label>
        </section>
        <Unpair />
      </div>
    </Page>
  )
}
