import type { Tessera } from '../../sdk/index.ts'
import { inParallel } from '../replay/in-parallel.ts'
import { currency, stores, timeZone } from './chain.ts'
import { makeOffers, type Offers } from './offers.ts'
import type { Year } from './year.ts'

/** What the chain has before its first day: its places, staff, programme, segments, offers, codes and gift cards. */

export const workspace = 'demo'

export type Chain = {
  readonly offers: Offers
  /** Codes of the newspaper, each for one order. */
  readonly codes: readonly string[]
  readonly giftCards: readonly string[]
  /** What the pages of the web shop have. */
  readonly browserKey: string
  /** Who serves where: clerk ids by store. */
  readonly clerks: ReadonlyMap<string, readonly string[]>
}

/** Makes the workspace, whose clock shows the first evening of the year. */
export const makeWorkspace = async (tessera: Tessera, year: Year): Promise<void> => {
  await tessera.createWorkspace({
    id: workspace,
    name: 'Chicco Coffee & Grocery',
    currency,
    timeZone,
    language: 'en',
    country: 'IT',
    demo: { startsAt: new Date(year.startsAt).toISOString() },
  })
  await tessera.updateWorkspace(workspace, {
    topics: [
      { id: 'new-drinks', name: 'New drinks', purpose: 'marketing' },
      { id: 'web-shop', name: 'The web shop', purpose: 'marketing' },
    ],
    colours: { accent: '#7a4a24' },
    adjustments: { secondPersonAbove: { 'points:club': 200 } },
    retention: { page: 180 },
  })
}

/** PINs of the demo: 1001 and 1002 in the first store, 1011 and 1012 in the second …; the supervisor of all has 9000. */
const makeClerks = async (tessera: Tessera): Promise<Map<string, string[]>> => {
  const names = ['Kim', 'Nora', 'Paul', 'Rita', 'Ugo', 'Vera', 'Ben', 'Cleo', 'Dora', 'Emil', 'Fay', 'Gino']
  const wanted = stores.flatMap(({ id }, place) =>
    [1, 2].map(number => ({
      store: id,
      name: names[(place * 2 + number - 1) % names.length]!,
      pin: String(1000 + place * 10 + number),
    })),
  )
  const clerks = new Map<string, string[]>()
  await inParallel(wanted, 4, async ({ store, name, pin }) => {
    const { id } = await tessera.createClerk({ name, pin, locations: [store] })
    clerks.set(store, [...(clerks.get(store) ?? []), id])
  })
  await tessera.createClerk({ name: 'Sofia', pin: '9000', supervisor: true })
  return clerks
}

const makeProgramme = (tessera: Tessera): Promise<unknown> =>
  tessera.putProgramme('club', {
    name: 'Coffee Club',
    unit: { one: 'bean', many: 'beans' },
    rate: { points: 100, worth: { amount: 500, currency } },
    join: { on: 'asking', terms: '2025-11', thanks: 'Welcome to the club!' },
    pending: { days: 7 },
    expiry: { kind: 'after', months: 6 },
    burning: { minimum: 20 },
    transfers: { between: 'anyone', minimum: 20, dailyLimit: 500, minimumAgeDays: 0 },
    households: { members: 4 },
    tiers: {
      by: 'points',
      period: { rolling: { days: 365 } },
      levels: [
        { id: 'bronze', name: 'Bronze', threshold: 50, benefits: ['A cake on your birthday'] },
        { id: 'silver', name: 'Silver', threshold: 200, benefits: ['A cake on your birthday', 'Oat drink for free'] },
        { id: 'gold', name: 'Gold', threshold: 450, benefits: ['A table kept for you'] },
      ],
      down: 'one',
      graceDays: 14,
    },
  })

const makeSegments = async (tessera: Tessera): Promise<void> => {
  const live = (id: string, name: string, when: string, description: string) =>
    tessera.putSegment(id, { kind: 'live', name, when, description })
  await live('regulars', 'Regulars', 'orders(30) >= 3', 'Three times in 30 days')
  await live('web-shoppers', 'Web shoppers', "ordersIn('web', 180) >= 1", 'Bought in the web shop lately')
  await live('letters', 'May be written to', "consented('email', 'marketing')", 'Permitted e-mails about offers')
  await live('lapsed', 'Not seen lately', 'orders(60) == 0 && orders() >= 2', 'Came twice, not in 60 days')
  await tessera.putSegment('tasting', { kind: 'list', name: 'Guests of the tasting' })
}

const describePlaces = async (tessera: Tessera): Promise<void> => {
  await tessera.putBrand('chicco', { name: 'Chicco Coffee & Grocery', website: 'https://chicco.example' })
  await tessera.putChannel('store', { name: 'Stores', canShow: true, canRedeem: true })
  await tessera.putChannel('web', { name: 'Web shop', canShow: true, canRedeem: true })
  await tessera.putChannel('app', { name: 'App', canShow: true, canRedeem: true })
  await inParallel(stores, 4, async ({ id, name, address }) => {
    const tills = [1, 2].map(number => ({ id: `${id}-${number}`, name: `Till ${number}` }))
    await tessera.putLocation(id, { name, address, brand: 'chicco', timeZone, tills })
  })
}

/** `people` is how many the year is made of. */
export const setUpChain = async (tessera: Tessera, year: Year): Promise<Chain> => {
  const people = year.customers.length
  await makeProgramme(tessera)
  await tessera.createKey({ name: 'Web shop', scope: 'secret' })
  const browsers = await tessera.createKey({ name: 'Pages of the web shop', scope: 'publishable', channel: 'web' })
  const [clerks, offers, cards] = await Promise.all([
    makeClerks(tessera),
    makeOffers(tessera, { startsAt: year.startsAt, endsAt: year.days.at(-1)!.endsAt, people }),
    tessera.issueGiftCards({ amount: 2500, currency, count: Math.min(120, 5 + people), active: true, days: 1095 }),
    makeSegments(tessera),
    describePlaces(tessera),
  ])
  const codes = Array.from({ length: Math.min(1000, people + 20) }, (_, index) => `PAPER-${1000 + index}`)
  await tessera.createCodes(offers.newspaper.id, { codes })
  const giftCards = 'data' in cards ? cards.data.map(it => it.code!) : []
  return { offers, codes, giftCards, clerks, browserKey: browsers.key }
}
