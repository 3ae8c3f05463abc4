import { useState } from 'react'
import { readAmount } from '../faces/read-amount.ts'
import { useWords } from '../faces/words.ts'
import { changePrice, type OverrideReason, overrideReasons, subtotalOf, takeOff } from './basket.ts'
import { checkPin } from './clerks.ts'
import { Money, Page, Problem, useRun } from './parts.tsx'
import { setSale } from './selling.ts'
import { till, useTill } from './till-state.ts'
import { go } from './views.ts'

/** A price that is another one, or an amount off the whole: with a supervisor's PIN where there are clerks, and a reason that stays with the order. */
export const OverridePage = ({ line: id }: { readonly line?: string }) => {
  const { t } = useWords()
  const { sale, clerks, clerk } = useTill()
  const supervisors = clerks.filter(it => it.supervisor)
  const [text, setText] = useState('')
  const [reason, setReason] = useState<OverrideReason>(id === undefined ? 'goodwill' : 'damaged')
  const [who, setWho] = useState(supervisors.find(it => it.id === clerk?.id)?.id ?? supervisors[0]?.id ?? '')
  const [pin, setPin] = useState('')
  const { isBusy, error, run } = useRun()
  const line = sale.lines.find(it => it.id === id)
  const minor = readAmount(text, till().pack?.currency ?? 'EUR')
  const most = line ? undefined : subtotalOf(sale)
  const isTooMuch = minor !== undefined && most !== undefined && minor > most
  const apply = (): void =>
    run(async () => {
      if (minor === undefined || isTooMuch) return
      const supervisor = supervisors.find(it => it.id === who)
      if (clerks.length > 0) await checkPin(supervisor, pin)
      const by = { reason, ...(supervisor && { supervisor: supervisor.id }) }
      setSale(it => (line ? changePrice(it, line.id, minor, by) : takeOff(it, minor, by)))
      go({ name: 'sale' })
    })
  return (
    <Page title={t(line ? 'override.price' : 'override.goodwill')}>
      <form
        className="card"
        aria-busy={isBusy}
        onSubmit={event => {
          event.preventDefault()
          apply()
        }}
      >
        <p>
          {line ? (
            <>
              <bdi>{line.name}</bdi> · <Money minor={line.override?.priceWas ?? line.unitPrice} />
            </>
          ) : (
            <>
              {t('override.before')} <Money minor={subtotalOf(sale)} />
            </>
          )}
        </p>
        <label className="field">
          {t(line ? 'override.newPrice' : 'override.amount')}
          <input
            dir="ltr"
            inputMode="decimal"
            required
            aria-invalid={(text !== '' && minor === undefined) || isTooMuch}
            value={text}
            onChange={event => setText(event.currentTarget.value)}
          />
        </label>
        <label className="field">
          {t('override.reason')}
          <select
            value={reason}
            onChange={event => setReason(overrideReasons.find(it => it === event.currentTarget.value) ?? 'other')}
          >
            {overrideReasons.map(it => (
              <option key={it} value={it}>
                {t(`override.reasons.${it}`)}
              </option>
            ))}
          </select>
        </label>
        {clerks.length > 0 && (
          <>
            <label className="field">
              {t('override.supervisor')}
              <select value={who} onChange={event => setWho(event.currentTarget.value)}>
                {supervisors.map(it => (
                  <option key={it.id} value={it.id}>
                    {it.name}
                  </option>
                ))}
              </select>
            </label>
            <label className="field">
              {t('clerk.pin')}
              <input
                dir="ltr"
                type="password"
                inputMode="numeric"
                autoComplete="off"
                required
                value={pin}
                onChange={event => setPin(event.currentTarget.value)}
              />
            </label>
          </>
        )}
        <Problem error={error} />
        <div className="row">
          <button type="submit" className="button" disabled={isBusy || minor === undefined || isTooMuch}>
            {t('override.apply')}
          </button>
          <button type="button" className="button quiet" onClick={() => go({ name: 'sale' })}>
            {t('page.cancel')}
          </button>
        </div>
      </form>
    </Page>
  )
}
