import { readdirSync, readFileSync } from 'node:fs'
import type { Result } from '../src/core/kernel/refusal.ts'
import { dateOf, dayNumber, formatInstant, localDay, localParts, startOfLocalDate } from '../src/core/kernel/time.ts'
import { type AccountKind, type Asset, accountKinds, houseAccounts, pointsOf } from '../src/core/ledger/account.ts'
import type { Lot } from '../src/core/ledger/book.ts'
import { proposeAdjustment } from '../src/core/loop/adjust.ts'
import { givePoints } from '../src/core/loop/give-points.ts'
import { setHousehold } from '../src/core/loop/households.ts'
import { join, leave } from '../src/core/loop/join.ts'
import { addLink, split } from '../src/core/loop/link.ts'
import { standingOf } from '../src/core/loop/standing.ts'
import { activateGiftCard, blockGiftCard, giveCredit, issueGiftCards } from '../src/core/loop/stored-money.ts'
import type { World } from '../src/core/loop/world.ts'
import { creditInput, giftCardsInput } from '../src/core/loyalty/gift-card-schema.ts'
import { belowNothing, bookFindings } from '../test/book-audit.ts'
import { type Setting, type SmallWorld, smallWorld, start } from '../test/small-world.ts'
import { type Json, mergePatch } from './decision-case.ts'

type Named<T> = Readonly<Record<string, T>>

/** `[earned on, points, last usable day]`, of pending ones also from which day on they can be spent, or the event that they wait for. */
export type LotRow = readonly [earned: string, points: number, lastDay: string | null, from?: string]

/** What somebody has: all of it, so what is left out is none. */
export type Has = {
  readonly lots?: readonly LotRow[]
  readonly balance?: number
  readonly pending?: number
  readonly held?: number
  readonly debt?: number
  readonly tier?: string | null
}

/** What is done in a step; `spec/README.md` tells what each field means. */
export type Deed = {
  readonly join?: string
  readonly leave?: string
  readonly order?: string
  readonly cancel?: string
  readonly return?: string
  readonly event?: string
  readonly adjust?: number
  readonly card?: string
  readonly activate?: string
  readonly block?: string
  readonly unblock?: string
  readonly credit?: number
  readonly until?: string
  readonly oneIs?: readonly string[]
  readonly splitOff?: string
  readonly give?: number
  readonly to?: string
  readonly household?: Named<'mayBurn' | 'member'>
  readonly person?: string
  readonly spend?: number
  readonly lines?: Named<readonly [quantity: number, unitPrice: number]>
  readonly units?: Named<number>
  readonly properties?: Json
} & Json

export type Step = {
  readonly at?: string
  readonly do?: Deed
  readonly expect?: {
    /** Of whom nothing is said nothing is checked; `ana` may be said without her name. A card is an owner, too; `ben in credit:EUR` is of another asset. */
    readonly [owner: string]: unknown
    readonly house?: Named<number>
    readonly answer?: Json
    readonly refused?: string
  } & Has
}

export type LedgerCase = {
  readonly name: string
  readonly timeZone?: string
  /** What is counted; points of the one programme where left out. */
  readonly asset?: Asset
  readonly programmes?: Named<Json>
  /** Who is in the programme from the start; `ana` where left out. */
  readonly members?: readonly string[]
  readonly offers?: Setting['offers']
  readonly steps: readonly Step[]
}

type CaseFile = { readonly given: unknown; readonly cases: readonly unknown[] }
const folder = new URL('ledger/', import.meta.url)

/** The cases of each file in `spec/ledger`, its `given` merged in. */
export const ledgerCasesByFile: readonly (readonly [file: string, cases: readonly LedgerCase[]])[] = readdirSync(
  folder,
).map(file => {
  const { given, cases } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as CaseFile
  return [file, cases.map(it => mergePatch(given, it) as LedgerCase)]
})

/** `2026-03-01` is noon there, `2026-03-01T09:30` that time. */
const instantOf = (text: string, timeZone: string): number => {
  const [date, time = '12:00'] = text.split('T') as [string, string?]
  const [hours, minutes] = time.split(':').map(Number) as [number, number]
  const midnight = startOfLocalDate(date, timeZone)
  const guess = midnight + (hours * 60 + minutes) * 60_000
  // Where the clocks change on the day, the hour that they show is what counts.
  return guess + (((hours - localParts(guess, timeZone).hour + 36) % 24) - 12) * 3_600_000
}

const dayAfter = (date: string, timeZone: string): number => startOfLocalDate(dateOf(dayNumber(date)! + 1), timeZone)

/** A card is another identifier of somebody; two user ids would never be one person. */
const refOf = (name: string): string => (name.endsWith('card') ? `loyaltyCard:${name}` : `userId:${name}`)
const me = 'ana'
const known = ['lots', 'balance', 'pending', 'held', 'debt', 'tier']

/** A case as it runs: what was done is answered, what somebody has is told in rows. */
export const runLedgerCase = ({
  timeZone = 'UTC',
  asset,
  programmes = {},
  offers = {},
  members,
  steps,
}: LedgerCase) => {
  const shop = smallWorld({ timeZone, programmes, offers })
  const [programme] = Object.keys(programmes)
  const of = asset ?? pointsOf(programme!)
  const place = { timeZone, programme: programme ?? '' }
  for (const name of members ?? (programme ? [me] : [])) act(shop, { join: name }, place, () => '')
  let now = Date.parse(start)
  let returns = 0
  return steps.map(({ at, do: deed, expect = {} }) => {
    if (at !== undefined) {
      const then = instantOf(at, timeZone)
      shop.later((then - now) / 1000)
      now = then
    }
    const outcome = deed ? act(shop, deed, place, () => `r${++returns}`) : undefined
    const world = shop.nextBatch()
    const findings = [...bookFindings(world.book), ...belowNothing(world.book)]
    return { expected: expect, is: inRows(world, shop, of, timeZone, expect, outcome), findings }
  })
}

type Outcome = { readonly answer?: object | undefined; readonly refusal?: string | undefined }

type Place = { readonly timeZone: string; readonly programme: string }

const act = (shop: SmallWorld, deed: Deed, place: Place, newReturn: () => string): Outcome | undefined => {
  const { person = me } = deed
  const { programme: programmeId, timeZone } = place
  const world = (): World => shop.nextBatch()
  const programme = () => shop.world().catalogue.programmes.get(programmeId)!
  if (deed.join !== undefined) {
    join(world(), shop.holder(refOf(deed.join)), programme(), { source: 'till' })
    shop.settleNow()
    return undefined
  }
  if (deed.leave !== undefined) {
    leave(world(), shop.holder(refOf(deed.leave)), programme(), 'till')
    return undefined
  }
  if (deed.order !== undefined) return putOrder(shop, deed.order, deed, person)
  if (deed.cancel !== undefined) return shop.put(deed.cancel, { state: 'cancelled' })
  if (deed.return !== undefined) return giveBack(shop, deed.return, deed, newReturn())
  if (deed.event !== undefined) {
    shop.send('track', { userId: person, event: deed.event, properties: deed.properties ?? {} })
    return undefined
  }
  if (deed.adjust !== undefined) {
    const asked = { person: { type: 'userId', value: person, given: person }, asset: pointsOf(programmeId) }
    const outcome = proposeAdjustment(
      world(),
      { ...asked, amount: deed.adjust, reason: 'complaint', note: null, effectiveAt: null },
      { keyId: 'key_clerk', requestId: 'req_1' },
    )
    return outcome.ok ? { answer: outcome.value } : { refusal: outcome.refusal.code }
  }
  const told = (result: Result<object>): Outcome =>
    result.ok ? { answer: result.value } : { refusal: result.refusal.code }
  const until = deed.until === undefined ? {} : { expiresAt: formatInstant(dayAfter(deed.until, timeZone)) }
  if (deed.card !== undefined) {
    const { amount, currency, days, active = false } = deed
    return told(
      issueGiftCards(world(), giftCardsInput.parse({ amount, currency, days, active, ...until }), [deed.card], {}),
    )
  }
  if (deed.activate !== undefined) return told(activateGiftCard(world(), deed.activate, {}))
  const clerk = { keyId: 'key_clerk', requestId: 'req_1' }
  if (deed.block !== undefined) return told(blockGiftCard(world(), deed.block, 'lost', clerk))
  if (deed.unblock !== undefined) return told(blockGiftCard(world(), deed.unblock, null, clerk))
  if (deed.credit !== undefined) {
    const input = creditInput.parse({ person: refOf(person), amount: deed.credit, reason: 'goodwill', ...until })
    return told(giveCredit(world(), input, {}, 'key_clerk'))
  }
  if (deed.oneIs) {
    const batch = world()
    const [a, b] = deed.oneIs.map(name => shop.holder(refOf(name)).id) as [string, string]
    addLink(batch, { a, b, verified: true, source: 'clerk', cause: 'clerk', firstSeenAt: batch.now })
    shop.settleNow()
    return undefined
  }
  if (deed.splitOff !== undefined) {
    const batch = world()
    const { id, personId } = shop.holder(refOf(deed.splitOff))
    const others = batch.persons.get(personId)!.filter(it => it !== id)
    split(batch, [others, [id]], 'clerk')
    shop.settleNow()
    return undefined
  }
  if (deed.give !== undefined) {
    const [from, to] = [person, deed.to!].map(name => shop.holder(refOf(name)))
    const gift = { from: from!, to: to!, programme: programme(), points: deed.give, note: null, by: 'key_clerk' }
    const outcome = givePoints(world(), gift)
    return outcome.ok ? { answer: outcome.value } : { refusal: outcome.refusal.code }
  }
  if (deed.household) {
    const batch = world()
    const [before] = batch.households.values()
    const invited = Object.entries(deed.household).map(([name, may]) => ({
      holder: shop.holder(refOf(name)),
      mayBurn: may === 'mayBurn',
    }))
    const outcome = setHousehold(batch, before, { programme: programmeId, name: 'The Bakers', invited })
    return outcome.ok ? undefined : { refusal: outcome.refusal.code }
  }
  throw new Error(`nothing that can be done: ${JSON.stringify(deed)}`)
}

/** `spend` is one line of so much; `lines` are units and what each costs. */
const bodyOf = ({ spend, lines = {}, tenders, shipping, hold, codes, expectTotal }: Deed, person: string) => ({
  person: refOf(person),
  currency: 'EUR',
  lines: [
    ...(spend === undefined ? [] : [{ id: 'all', sku: 'ALL', amount: spend }]),
    ...Object.entries(lines).map(([id, [quantity, unitPrice]]) => ({
      id,
      sku: id.toUpperCase(),
      category: id,
      quantity,
      unitPrice,
    })),
  ],
  ...(tenders !== undefined && { tenders }),
  ...(shipping !== undefined && { shipping }),
  ...(hold !== undefined && { hold }),
  ...(codes !== undefined && { codes }),
  ...(expectTotal !== undefined && { expectTotal }),
})

const putOrder = (shop: SmallWorld, id: string, deed: Deed, person: string): Outcome =>
  shop.put(id, { ...bodyOf(deed, person), state: deed.state ?? 'placed' })

const giveBack = (shop: SmallWorld, order: string, { units, shipping }: Deed, id: string): Outcome => {
  const lines = shop.world().orders.get(order)!.basket.lines as readonly { id: string; quantity?: number }[]
  const all: Named<number> = units ?? Object.fromEntries(lines.map(it => [it.id, it.quantity ?? 1]))
  return shop.giveBack(order, {
    id,
    lines: Object.entries(all).map(([line, quantity]) => ({ id: line, quantity })),
    ...(shipping !== undefined && { shipping }),
  })
}

/** The rows that the expectation asks about. */
const inRows = (
  world: World,
  shop: SmallWorld,
  asset: Asset,
  timeZone: string,
  expect: NonNullable<Step['expect']>,
  outcome: Outcome | undefined,
) => {
  const told: Record<string, unknown> = {}
  const says = Object.keys(expect)
  for (const name of says)
    if (!known.includes(name) && !['house', 'answer', 'refused'].includes(name)) {
      const [owner, of = asset] = name.split(' in ') as [string, Asset?]
      told[name] = owner === 'house' ? houseOf(world, of) : has(world, shop, of, timeZone, owner, expect[name] as Has)
    }
  if (says.some(it => known.includes(it))) Object.assign(told, has(world, shop, asset, timeZone, me, expect))
  if (expect.house) told.house = houseOf(world, asset)
  if (expect.answer)
    told.answer = Object.fromEntries(
      Object.keys(expect.answer).map(key => [key, (outcome?.answer as Record<string, unknown> | undefined)?.[key]]),
    )
  if (expect.refused !== undefined || outcome?.refusal !== undefined) told.refused = outcome?.refusal
  return told
}

const has = (world: World, shop: SmallWorld, asset: Asset, timeZone: string, name: string, expect: Has): Has => {
  const card = world.giftCards.get(name)
  const holders = card
    ? []
    : (world.persons.get(shop.holder(refOf(name)).personId) ?? []).map(id => world.holders.get(id)!)
  const ids = new Set(card ? [card.id] : holders.map(it => it.id))
  const sum = (kind: AccountKind): number =>
    [...world.book.accounts.values()]
      .filter(it => ids.has(it.ownerId) && it.asset === asset && it.kind === kind)
      .reduce((all, it) => all + it.balance, 0)
  const balances = Object.fromEntries(
    accountKinds.flatMap(kind => {
      const word = kind === 'main' ? 'balance' : kind
      return sum(kind) === 0 && !(word in expect) ? [] : [[word, sum(kind)]]
    }),
  )
  const lots = [...world.book.lots.values()].filter(it => ids.has(it.ownerId) && it.asset === asset && it.remaining > 0)
  return {
    ...balances,
    ...((lots.length > 0 || expect.lots) && { lots: lots.map(it => rowOf(world, it, timeZone)).sort(inOrder) }),
    ...('tier' in expect && {
      tier: standingOf(world, holders, { points: false, tiers: true }).tier || null,
    }),
  }
}

const inOrder = (a: LotRow, b: LotRow): number =>
  a[0] === b[0] ? a[1] - b[1] || ((a[2] ?? '') < (b[2] ?? '') ? -1 : 1) : a[0] < b[0] ? -1 : 1

const dateAt = (at: number, timeZone: string): string => dateOf(localDay(at, timeZone))

/** The last usable day is the one before the instant at which it is gone; one that ends within a day is told with its time. */
const lastDayOf = (at: number, timeZone: string): string => {
  const date = dateAt(at, timeZone)
  return startOfLocalDate(date, timeZone) === at ? dateAt(at - 1, timeZone) : formatInstant(at)
}

const rowOf = ({ book }: World, lot: Lot, timeZone: string): LotRow => {
  const account = book.accounts.get(`${lot.ownerId}/${lot.asset}/main`)
  const end = lot.slides ? (account?.endsAt ?? null) : lot.expiresAt
  const row = [dateAt(lot.earnedAt, timeZone), lot.remaining, end === null ? null : lastDayOf(end, timeZone)] as const
  if (lot.kind === 'main') return row
  return [...row, lot.awaits ?? dateAt(lot.activeAt!, timeZone)]
}

/** What the house has given and got, as far as it is anything. */
const houseOf = ({ book }: World, asset: Asset): Named<number> => {
  const postings = [...book.postings.values()].flat()
  return Object.fromEntries(
    houseAccounts.flatMap(kind => {
      const sum = postings
        .filter(it => it.accountId === `house/${asset}/${kind}`)
        .reduce((all, it) => all + it.amount, 0)
      return sum === 0 ? [] : [[kind, sum]]
    }),
  )
}
