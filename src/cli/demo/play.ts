import { type Tessera, TesseraRefusal } from '../../sdk/index.ts'
import type { Terminal } from '../command.ts'
import type { Progress } from '../progress.ts'
import { inParallel } from '../replay/in-parallel.ts'
import { untilDone } from '../until-done.ts'
import { currency } from './chain.ts'
import { type CutOffTill, cutOffStores, openTill } from './cut-off.ts'
import type { Customer } from './people.ts'
import { type Chain, workspace } from './set-up.ts'
import type { Day, Sale, Year } from './year.ts'

/** Tells a server what happens in the year, day by day, as tills, a web shop, an app and an office would. */

type Playing = {
  /** Of the workspace of the demo, with the admin key. */
  readonly tessera: Tessera
  /** The same with another key. */
  readonly as: (key: string) => Tessera
  readonly year: Year
  readonly chain: Chain
  readonly progress: Progress
  readonly terminal: Pick<Terminal, 'err' | 'stop'>
}

/** What came of it, beside what was meant. */
export type Played = {
  readonly orders: number
  readonly returns: number
  /** Answers that were no, and that the year lives with: a gift of points that she has not, a card that is empty. */
  readonly refused: Readonly<Record<string, number>>
}

const inFlight = 24
const instant = (ms: number): string => new Date(ms).toISOString()
const dayMs = 86_400_000

const groupBy = <T>(items: readonly T[], keyOf: (item: T) => string): T[][] => {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group) group.push(item)
    else groups.set(keyOf(item), [item])
  }
  return [...groups.values()]
}

const traitsOf = ({ first, last, email, phone, birthday, language }: Customer) => ({
  name: `${first} ${last}`,
  firstName: first,
  lastName: last,
  email,
  phone,
  birthday: `1990-${birthday}`,
  language,
})

export const playYear = async ({ tessera, as, year, chain, progress, terminal }: Playing): Promise<Played> => {
  const { stop } = terminal
  const browsers = as(chain.browserKey)
  const known = new Set<Customer>()
  const lastVisit = new Map<Customer, number>()
  const refused: Record<string, number> = {}
  const done = { orders: 0, returns: 0 }
  const all = year.days.reduce((sum, it) => sum + it.sales.length, 0)
  let code = 0
  let card = 0

  /** Undefined where it was refused, as life refuses things; everything else is a mistake. */
  const tried = async <T>(call: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof TesseraRefusal) || error.status !== 409) throw error
      refused[error.code] = (refused[error.code] ?? 0) + 1
      return undefined
    }
  }

  const viewOf = ({ id, at, channel, customer, lines }: Sale) => ({
    type: 'track' as const,
    event: 'Product Viewed',
    messageId: `view-${id}`,
    ...(known.has(customer!) ? { userId: customer!.userId } : { anonymousId: customer!.browser }),
    timestamp: instant(at - 60_000),
    context: { channel },
    properties: { sku: lines[0]!.sku, category: lines[0]!.category },
  })

  /** What is told of a day before its orders: who is who, what was looked at and said. */
  const eventsOf = ({ sales, reviews, number }: Day) => [
    ...sales
      .filter(it => it.introduces)
      .map(({ at, channel, customer }) => ({
        type: 'identify' as const,
        messageId: `hello-${customer!.number}`,
        userId: customer!.userId,
        anonymousId: channel === 'store' ? null : customer!.browser,
        timestamp: instant(at - 1),
        context: { channel, externalIds: [{ id: customer!.card, type: 'loyaltyCard', collection: 'users' }] },
        traits: traitsOf(customer!),
      })),
    ...sales.filter(it => it.channel !== 'store' && known.has(it.customer!)).map(viewOf),
    ...reviews.map(({ id, at, customer, sku, stars }) => ({
      type: 'track' as const,
      event: 'Product Reviewed',
      messageId: `${number}-${id}`,
      userId: customer.userId,
      timestamp: instant(at),
      context: { channel: 'web' },
      properties: { sku, stars },
    })),
  ]

  const nameOf = ({ channel, customer, introduces }: Sale, wasKnown: boolean): string | undefined => {
    if (!customer) return undefined
    if (!wasKnown && !introduces) return `anonymousId:${customer.browser}`
    return channel === 'store' ? `loyaltyCard:${customer.card}` : `userId:${customer.userId}`
  }

  type Planned = { readonly sale: Sale; readonly order: Parameters<Tessera['putOrder']>[1]; readonly tender?: object }

  /** Decided in the order of the day, so that what runs beside each other does not matter. */
  const planOf = (sale: Sale, wasKnown: boolean): Planned => {
    const { wish, channel, store, shipping, lines, at, id } = sale
    const codes =
      wish === 'welcome' ? ['WELCOME'] : wish === 'newspaper' ? [chain.codes[code++ % chain.codes.length]!] : []
    const tender =
      wish === 'points'
        ? { type: 'points', programme: 'club' }
        : wish === 'giftCard'
          ? card++ % 2 === 0
            ? { type: 'giftCard', code: chain.giftCards[card % chain.giftCards.length]! }
            : { type: 'cashback' }
          : undefined
    const clerks = store === undefined ? [] : chain.clerks.get(store)!
    const person = nameOf(sale, wasKnown)
    return {
      sale,
      order: {
        state: 'placed',
        channel,
        currency,
        occurredAt: instant(at),
        ...(person === undefined ? {} : { person }),
        ...(store === undefined || channel !== 'store' ? {} : { location: store, clerk: clerks[at % clerks.length]! }),
        ...(shipping === 0 ? {} : { shipping }),
        codes,
        lines: lines.map(it => ({ ...it })),
        tenders: [...(tender === undefined ? [] : [tender]), { type: id.length % 2 === 0 ? 'card' : 'cash' }],
      },
      ...(tender === undefined ? {} : { tender }),
    }
  }

  const sell = async ({ sale, order, tender }: Planned): Promise<void> => {
    stop.throwIfAborted()
    const first = () => tessera.putOrder(sale.id, order)
    if (tender === undefined) await first()
    else if (!(await tried(first)))
      await tessera.putOrder(sale.id, { ...order, tenders: [{ type: 'card' }] } as typeof order)
    done.orders += 1
  }

  const meet = async (day: Day): Promise<void> => {
    const events = eventsOf(day)
    for (let index = 0; index < events.length; index += 400)
      await tessera.batch({ batch: events.slice(index, index + 400) })
    // Whom nobody knows yet, the page tells of itself, with the key that everybody can read.
    const seen = day.sales.filter(it => it.channel !== 'store' && !known.has(it.customer!)).map(viewOf)
    for (let index = 0; index < seen.length; index += 400)
      await browsers.batch({ batch: seen.slice(index, index + 400) })
    const met = day.sales.filter(it => it.introduces)
    const asked = met.filter(it => it.customer!.mail !== 'none')
    if (asked.length > 0)
      await tessera.importConsents({
        consents: asked.map(({ customer, at }) => ({
          address: `email:${customer!.email}`,
          channel: 'email',
          purpose: 'marketing',
          state: 'given',
          at: instant(at),
          how: 'form',
          textVersion: 'letters-1',
        })),
      })
    await inParallel(met, inFlight, async ({ customer, channel, at }) => {
      if (!customer!.joins) return
      const source = channel === 'store' ? 'till' : channel
      await tessera.joinProgramme('club', `userId:${customer!.userId}`, { source, joinedAt: instant(at) })
    })
    for (const { customer } of met) known.add(customer!)
  }

  /** On her birthday, and who was not seen for long: once a month. */
  const give = async ({ date, number, endsAt }: Day): Promise<void> => {
    const birthdays = [...known].filter(it => it.joins && it.birthday === date.slice(5))
    const give = async (offer: string, people: readonly Customer[]) => {
      if (people.length > 0)
        await tessera.createGrants(offer, { people: people.slice(0, 500).map(it => `userId:${it.userId}`) })
    }
    await give(chain.offers.birthday.id, birthdays)
    if (date.endsWith('-05') && number > 60)
      await give(
        chain.offers.missed.id,
        [...known].filter(it => {
          const away = endsAt - (lastVisit.get(it) ?? endsAt)
          return away > 45 * dayMs && away < 76 * dayMs
        }),
      )
  }

  const isCutOff = ({ channel, store, wish }: Sale): boolean =>
    channel === 'store' && wish === 'none' && cutOffStores.includes(store ?? '')

  /** The evening before: who comes every week is leased to the till of her store. */
  const openTills = (now: number, { sales }: Day): Promise<CutOffTill[]> =>
    Promise.all(
      cutOffStores.map(store => {
        const regulars = sales.flatMap(it =>
          it.store === store && it.customer && known.has(it.customer) ? it.customer : [],
        )
        const people = [...new Set(regulars)].slice(0, 50).map(it => `loyaltyCard:${it.card}`)
        return openTill(tessera, as, { store, people, now })
      }),
    )

  const sellCutOff = async (tills: readonly CutOffTill[], sales: readonly Sale[], endsAt: number): Promise<void> => {
    for (const till of tills) {
      for (const sale of sales.filter(it => it.store === till.store)) {
        const person = nameOf(sale, true)
        const [clerk] = chain.clerks.get(till.store)!
        const lines = sale.lines.map(it => ({ ...it }))
        await till.sell({ id: sale.id, at: sale.at, lines, currency, ...(person !== undefined && { person }) }, clerk!)
        done.orders += 1
      }
      // One is forgotten: what was leased to it waits for somebody who writes it off.
      await till.settle({ isClosed: till.store !== cutOffStores.at(-1), at: endsAt })
    }
  }

  const cutOff = year.days.at(-20)!
  for (const day of year.days) {
    stop.throwIfAborted()
    const tills = day === cutOff ? await openTills(year.days.at(-21)!.endsAt, day) : []
    await tessera.moveClock(workspace, { to: instant(day.endsAt) })
    const knownBefore = new Set(known)
    await meet(day)
    await give(day)
    const isOffline = (sale: Sale): boolean => tills.length > 0 && isCutOff(sale)
    const planned = day.sales.flatMap(sale => {
      const wasKnown = sale.customer !== undefined && knownBefore.has(sale.customer)
      if (sale.introduces) knownBefore.add(sale.customer!)
      if (sale.customer) lastVisit.set(sale.customer, sale.at)
      return isOffline(sale) ? [] : [planOf(sale, wasKnown)]
    })
    const byCustomer = groupBy(planned, ({ sale }) => String(sale.customer?.number ?? sale.id))
    await inParallel(byCustomer, inFlight, async its => {
      for (const it of its) await sell(it)
      progress.step('orders', done.orders, all, ` (${day.date})`)
    })
    await sellCutOff(tills, day.sales.filter(isOffline), day.endsAt)
    await inParallel(day.returns, inFlight, async ({ id, sale, at, line }) => {
      await tessera.createReturn(sale, { id, occurredAt: instant(at), lines: [{ id: line, quantity: 1 }] })
      done.returns += 1
    })
    for (const { from, to, points } of day.gifts)
      if (known.has(to) && from !== to)
        await tried(() =>
          tessera.createTransfer({
            programme: 'club',
            from: `userId:${from.userId}`,
            to: `userId:${to.userId}`,
            points,
            note: 'For you',
          }),
        )
    await inParallel(day.looks, inFlight, async customer => {
      await tessera.decideMoment({
        person: `userId:${customer.userId}`,
        channel: 'app',
        moment: 'app home',
        record: day.number > year.days.length - 30,
      })
    })
  }
  progress.end()
  await closeUp(tessera, [...known], tried)
  await closeMonths(tessera, year, terminal)
  return { ...done, refused }
}

/** What the office does: withdrawals, adjustments, households, credit, a list of guests. */
const closeUp = async (
  tessera: Tessera,
  known: readonly Customer[],
  tried: <T>(call: () => Promise<T>) => Promise<T | undefined>,
): Promise<void> => {
  const nameOf = (it: Customer): string => `userId:${it.userId}`
  for (const customer of known.filter(it => it.mail === 'withdrawn').slice(0, 200))
    await tessera.putConsents(nameOf(customer), {
      consents: [{ channel: 'email', purpose: 'marketing', state: 'withdrawn', how: 'preferencePage' }],
    })
  const members = known.filter(it => it.joins)
  const [first, second, third, fourth] = members
  const adjust = (customer: Customer | undefined, amount: number, reason: 'goodwill' | 'complaint' | 'migration') =>
    customer && tried(() => tessera.createAdjustment({ person: nameOf(customer), programme: 'club', amount, reason }))
  await adjust(first, 50, 'goodwill')
  await adjust(second, 80, 'complaint')
  await adjust(third, 900, 'migration')
  if (fourth) await tessera.createCredit({ person: nameOf(fourth), amount: 1500, currency, reason: 'complaint' })
  for (let index = 4; index + 1 < Math.min(members.length, 24); index += 2) {
    const [one, other] = [members[index]!, members[index + 1]!]
    await tried(() =>
      tessera.createHousehold({
        programme: 'club',
        name: `Family ${one.last}`,
        members: [{ person: nameOf(one) }, { person: nameOf(other), mayBurn: index % 4 === 0 }],
      }),
    )
  }
  // A tablet on the counter by which many signed in is nobody's: it unites nobody, and stands in quarantine.
  for (const customer of known.slice(0, 8))
    await tessera.batch({
      batch: [
        {
          type: 'identify',
          messageId: `counter-${customer.number}`,
          userId: customer.userId,
          anonymousId: 'tablet-roma-prati',
          context: { channel: 'app' },
        },
      ],
    })
  await tessera.changeSegmentPeople('tasting', { add: members.slice(0, 30).map(nameOf), remove: [] })
}

/** All but the last two months, the earlier before the later; then the auditor looks at everything. */
const closeMonths = async (tessera: Tessera, year: Year, terminal: Playing['terminal']): Promise<void> => {
  const months = [...new Set(year.days.map(it => it.date.slice(0, 7)))].slice(0, -2)
  for (const period of months) {
    const closing = await tessera.createClosing({ period })
    if ('kind' in closing) await untilDone(tessera, closing, terminal, { what: `Closing ${period}: accounts` })
  }
  await tessera.startAudit()
}
