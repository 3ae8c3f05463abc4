import { useEffect, useState } from 'react'
import { offerGives } from '../faces/benefit-words.ts'
import { formatTime } from '../faces/format.ts'
import { formatPoints } from '../faces/points.ts'
import { useWords } from '../faces/words.ts'
import { type Customer, withCustomer } from './basket.ts'
import {
  addMember,
  claim,
  findCustomer,
  packProgrammes,
  readProgrammes,
  readToken,
  readUsable,
  type Usable,
} from './customers.ts'
import { Money, Page, Problem, type Run, useRun } from './parts.tsx'
import { reasonText } from './reason-text.ts'
import { readScan } from './scan.ts'
import { setSale } from './selling.ts'
import { addCode } from './take-scan.ts'
import { till, useTill } from './till-state.ts'
import { useScanner } from './use-scanner.ts'
import { go } from './views.ts'

const choose = (customer: Customer): void => {
  setSale(sale => withCustomer(sale, customer))
  go({ name: 'sale' })
}

/** A new member in 20 seconds: an address, a name if she likes, and what she permits. */
const NewMember = ({ address, work }: { readonly address: string; readonly work: Run }) => {
  const { t } = useWords()
  const [programmes, setProgrammes] = useState(packProgrammes)
  const [to, setTo] = useState(address)
  const [name, setName] = useState('')
  const [mayWrite, setMayWrite] = useState(false)
  const [programme, setProgramme] = useState(programmes[0]?.id ?? '')
  useEffect(() => {
    void readProgrammes().then(now => {
      setProgrammes(now)
      setProgramme(chosen => (now.some(it => it.id === chosen) ? chosen : (now[0]?.id ?? '')))
    })
  }, [])
  return (
    <form
      className="card"
      aria-busy={work.isBusy}
      onSubmit={event => {
        event.preventDefault()
        work.run(async () =>
          choose(await addMember({ name, address: to, mayWrite, programme: programme === '' ? undefined : programme })),
        )
      }}
    >
      <h2>{t('customer.new')}</h2>
      <label className="field">
        {t('customer.address')}
        <input dir="ltr" required autoComplete="off" value={to} onChange={event => setTo(event.currentTarget.value)} />
      </label>
      <label className="field">
        {t('customer.name')}
        <input autoComplete="off" maxLength={200} value={name} onChange={event => setName(event.currentTarget.value)} />
      </label>
      {programmes.length > 0 && (
        <label className="field">
          {t('customer.programme')}
          <select value={programme} onChange={event => setProgramme(event.currentTarget.value)}>
            {programmes.map(({ id, name: called }) => (
              <option key={id} value={id}>
                {called}
              </option>
            ))}
            <option value="">{t('customer.noProgramme')}</option>
          </select>
        </label>
      )}
      <label className="choice">
        <input type="checkbox" checked={mayWrite} onChange={event => setMayWrite(event.currentTarget.checked)} />
        {t('customer.mayWrite')}
      </label>
      <button type="submit" className="button" disabled={work.isBusy}>
        {t('customer.save')}
      </button>
    </form>
  )
}

/** Who it is: scanned, or said. */
const Identify = () => {
  const { t } = useWords()
  const { offlineSince } = useTill()
  const [text, setText] = useState('')
  const [missed, setMissed] = useState<string>()
  const work = useRun()
  const look = (given: string): void =>
    work.run(async () => {
      const scanned = readScan(given, [])
      const customer = scanned.what === 'walletToken' ? await readToken(scanned.token) : await findCustomer(given)
      if (customer) choose(customer)
      else setMissed(given.trim())
    })
  useScanner(look)
  return (
    <>
      <form
        className="entry"
        aria-busy={work.isBusy}
        onSubmit={event => {
          event.preventDefault()
          look(text)
        }}
      >
        <input
          dir="ltr"
          autoComplete="off"
          spellCheck={false}
          required
          aria-label={t('customer.entry')}
          placeholder={t('customer.entry')}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
        />
        <button type="submit" className="button">
          {t('customer.find')}
        </button>
      </form>
      <p className="quiet-text">{t('customer.scan')}</p>
      <Problem error={work.error} />
      {missed !== undefined && (
        <p role="status" className="problem">
          {t('customer.nobody')} <bdi dir="ltr">{missed}</bdi>
        </p>
      )}
      {offlineSince === undefined ? (
        <NewMember key={missed} address={missed ?? ''} work={work} />
      ) : (
        <p className="quiet-text">{t('customer.newOffline')}</p>
      )}
    </>
  )
}

const Points = ({ wallet }: Pick<Usable, 'wallet'>) => {
  const words = useWords()
  const { t } = words
  return (
    <ul className="plain tiles">
      {wallet.programmes.map(it => (
        <li key={it.programme} className="tile">
          <span className="quiet-text">
            <bdi>{it.name}</bdi>
            {it.tier && (
              <>
                {' · '}
                <bdi>{it.tier.name}</bdi>
              </>
            )}
          </span>
          <strong>
            <bdi>{formatPoints(it.toSpend, it.unit, words)}</bdi>
          </strong>
          {/* `worth` is of her own points; a household's are counted in what she may spend. */}
          {it.worth && it.balance === it.toSpend && <Money minor={it.worth.amount} className="quiet-text" />}
        </li>
      ))}
      {wallet.money.map(it => (
        <li key={it.kind + it.currency} className="tile">
          <span className="quiet-text">{t(it.kind === 'credit' ? 'pay.credit' : 'pay.paidCashback')}</span>
          <strong>
            <Money minor={it.balance} />
          </strong>
        </li>
      ))}
    </ul>
  )
}

type Shown = Usable['moment']['offers'][number]

const mostBlocked = 20

const Usables = ({
  usable,
  customer,
  work,
  again,
}: {
  readonly usable: Usable
  readonly customer: Customer
  readonly work: Run
  readonly again: () => Promise<void>
}) => {
  const words = useWords()
  const { t, language } = words
  const { codes } = useTill().sale
  const { currency } = till().pack ?? {}
  const pointsOf = (programme: string, amount: number): string | undefined => {
    const unit = usable.wallet.programmes.find(it => it.programme === programme)?.unit
    return unit && formatPoints(amount, unit, words)
  }
  const action = (it: Shown) => {
    if (it.code !== undefined)
      return codes.includes(it.code) ? (
        <span className="quiet-badge">{t('customer.added')}</span>
      ) : (
        <button type="button" className="button quiet" onClick={() => addCode(it.code!)}>
          {t('sale.add')}
        </button>
      )
    if (it.claimable)
      return (
        <button
          type="button"
          className="button quiet"
          disabled={work.isBusy}
          onClick={() =>
            work.run(async () => {
              await claim(customer, it.offer)
              await again()
            })
          }
        >
          {t('customer.give')}
        </button>
      )
    return <span className="quiet-badge">{t('customer.byItself')}</span>
  }
  // What many have in common is said once.
  const blocked = new Map<string, Set<string>>()
  for (const { name, reason } of usable.moment.refused.slice(0, mostBlocked)) {
    if (name === undefined) continue
    const why = reasonText(reason, { t, language, currency })
    blocked.set(why, (blocked.get(why) ?? new Set()).add(name))
  }
  return (
    <>
      <section aria-labelledby="usable">
        <h2 id="usable">{t('customer.usable')}</h2>
        {usable.moment.offers.length === 0 && <p className="quiet-text">{t('customer.nothing')}</p>}
        <ul className="offers">
          {usable.moment.offers.map(it => (
            <li key={`${it.offer} ${it.grant ?? ''}`} className="offer">
              <span>
                <strong>
                  <bdi>{it.name}</bdi>
                </strong>
                <br />
                <span className="quiet-text">
                  <bdi>{offerGives(it, { ...words, pointsOf })}</bdi>
                  {it.expiresAt !== null && (
                    <>
                      {' · '}
                      {t('customer.until')} {formatTime(it.expiresAt, 'date', language)}
                    </>
                  )}
                </span>
              </span>
              {action(it)}
            </li>
          ))}
        </ul>
      </section>
      {blocked.size > 0 && (
        <section aria-labelledby="blocked">
          <h2 id="blocked">{t('customer.blocked')}</h2>
          <ul className="offers">
            {[...blocked].map(([why, names]) => (
              <li key={why} className="offer">
                <span>
                  {[...names].map(name => (
                    <span key={name} className="named">
                      <bdi>{name}</bdi>
                    </span>
                  ))}
                  <span className="quiet-text">
                    <bdi>{why}</bdi>
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

const Known = ({ customer }: { readonly customer: Customer }) => {
  const { t } = useWords()
  const { offlineSince } = useTill()
  const [usable, setUsable] = useState<Usable>()
  const work = useRun()
  const again = async (): Promise<void> => setUsable(await readUsable(customer))
  const { run } = work
  useEffect(() => {
    if (offlineSince === undefined) run(again)
  }, [customer.ref, offlineSince, run])
  return (
    <div className="stack" aria-busy={work.isBusy}>
      <p className="customer-name">
        <strong>
          <bdi>{customer.name ?? customer.ref.replace(/^\w+:/, '')}</bdi>
        </strong>
        <button type="button" className="button quiet" onClick={() => setSale(sale => withCustomer(sale))}>
          {t('customer.another')}
        </button>
      </p>
      {offlineSince !== undefined && <p className="quiet-text">{t('customer.offline')}</p>}
      <Problem error={work.error} />
      {usable && <Points wallet={usable.wallet} />}
      {usable && <Usables usable={usable} customer={customer} work={work} again={again} />}
    </div>
  )
}

/** Who buys, and what she can use here and now. */
export const CustomerPage = () => {
  const { t } = useWords()
  const { customer } = useTill().sale
  return (
    <Page title={t(customer ? 'customer.title' : 'sale.identify')}>
      {customer ? <Known key={customer.ref} customer={customer} /> : <Identify />}
    </Page>
  )
}
