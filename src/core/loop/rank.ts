import { localDay } from '../kernel/time.ts'
import { type Asset, assetParts, ownerOf, qualifyingOf } from '../ledger/account.ts'
import type { Posting } from '../ledger/book.ts'
import { mature } from '../ledger/lots.ts'
import type { Programme, ProgrammeMember } from '../loyalty/schema.ts'
import { anniversaryAfter, levelOf, noRank, pass, type Rank, rise } from '../loyalty/tiers.ts'
import { worthAt } from '../loyalty/worth.ts'
import { bookSaved } from '../people/statistics.ts'
import { holderIdOf } from '../people/union.ts'
import { zoneOf } from './book-points.ts'
import { touchPool } from './owners.ts'
import { amountAt, isTiered, rankNow, rowsOf, type Tiered, tierOf } from './standing.ts'
import { tell } from './tell.ts'
import { type Catalogue, changeHolder, changeProgrammeMember, ledgerOf, touch, type World } from './world.ts'

/**
 * What offers can wait for: `{ on: 'event', event: 'Tier Changed' }`, with the properties programme, from, to (`''`: none), name and
 * direction (up or down); and the days on which a tier was reached so many years ago.
 */
export const tierEvents = { changed: 'Tier Changed', anniversary: 'Tier Anniversary' } as const

/** A clock that was set wrong ends, too: so many months are a century. */
const mostPeriods = 1200

/** When the clock has to look at a membership again. */
const dueOf = ({ tierUntil, tierSince }: Rank, now: number, timeZone: string): number | null => {
  const due = [tierUntil ?? [], tierSince === null ? [] : anniversaryAfter(tierSince, now, timeZone).at].flat()
  return due.length === 0 ? null : Math.min(...due)
}

const setRank = (world: World, row: ProgrammeMember, to: Rank, dueAt: number | null): void => {
  const isSame =
    row.tier === to.tier &&
    row.tierSince === to.tierSince &&
    row.tierUntil === to.tierUntil &&
    row.fallsTo === to.fallsTo &&
    row.dueAt === dueAt
  if (!isSame) changeProgrammeMember(world, row, { ...to, dueAt })
}

/** What an amount of an asset is worth where it pays; undefined: nothing. */
export const worthOf = (
  { programmes }: Pick<Catalogue, 'programmes'>,
  asset: Asset,
  amount: number,
): { readonly amount: number; readonly currency: string } | undefined => {
  const { kind, of } = assetParts(asset)
  if (kind === 'cashback') return { amount, currency: of }
  const rate = kind === 'points' ? programmes.get(of)?.terms.rate : undefined
  return rate && { amount: worthAt(amount, rate), currency: rate.worth.currency }
}

/** Points and cashback that paid for something are a benefit she received; what comes back of it is not. */
const countSaved = (world: World, { accountId, asset, amount, transactionId, effectiveAt }: Posting): void => {
  const { kind } = world.book.transactions.get(transactionId)!
  if (kind !== 'burn' && kind !== 'giveBack') return
  const worth = worthOf(world.catalogue, asset, -amount)
  const day = localDay(effectiveAt, world.workspace.timeZone)
  if (worth)
    changeHolder(world, world.holders.get(ownerOf(accountId))!, it => {
      it.statistics = bookSaved(it.statistics, worth.currency, day, worth.amount)
    })
}

/** Notes whose points changed since it was last called, by what was posted. */
const takePosted = (world: World): void => {
  const { newPostings } = world.book.changes
  for (; world.ranking.postings < newPostings.length; world.ranking.postings += 1) {
    const posting = newPostings[world.ranking.postings]!
    const owner = ownerOf(posting.accountId)
    // What was taken from a household's pool may belong to somebody whom nothing else in the batch is about.
    if (!world.holders.has(owner) || world.onlookers.has(owner)) continue
    const { kind, of } = assetParts(posting.asset)
    countSaved(world, posting)
    if (kind === 'points') touchPool(world, owner, of)
    if (kind === 'qualifying') world.ranking.holders.add(owner)
  }
}

/**
 * Gives everybody the tier that what changed since it was last called is enough for: up at once, in the commit of the order or event that
 * did it. Falling is the clock's (`rankByClock`). Called before segments are asked, which may ask for tiers.
 */
export const rank = (world: World, gives: boolean): void => {
  // Cashback saves somebody money where there is no programme, too.
  takePosted(world)
  if (world.ranking.holders.size === 0) return
  const persons = new Set([...world.ranking.holders].flatMap(id => world.holders.get(id)?.personId ?? []))
  world.ranking.holders.clear()
  for (const personId of persons)
    for (const programme of world.catalogue.programmes.values())
      if (isTiered(programme)) askPerson(world, personId, programme, gives)
}

const askPerson = (world: World, personId: string, programme: Tiered, gives: boolean): void => {
  const holderIds = world.persons.get(personId) ?? []
  const rows = rowsOf(world, holderIds, programme)
  const [highest] = rows
  if (!highest) return
  const timeZone = zoneOf(world, programme)
  const was = highest.tier
  const amount = amountAt(world, holderIds, programme, world.now, timeZone)
  const { tiers } = programme.terms
  for (const row of rows) {
    const risen = rise(tiers, row, amount, world.now, timeZone)
    // The highest alone rises: when two become one and part again, nobody keeps what the other one's purchases earned.
    const to = row === highest || risen.tier === row.tier ? risen : row
    setRank(world, row, to, dueOf(to, world.now, timeZone))
  }
  announce(world, personId, programme, was, gives)
}

/** Tells whoever waits for it that somebody has another tier. */
const announce = (world: World, personId: string, programme: Tiered, was: string | null, gives: boolean): void => {
  const is = tierOf(world, world.persons.get(personId) ?? [], programme)
  if (is === was) return
  const root = world.holders.get(holderIdOf(personId))!
  const { tiers } = programme.terms
  touch(world, root.id, 'tiers')
  const properties = {
    programme: programme.id,
    from: was ?? '',
    to: is ?? '',
    name: tiers.levels[levelOf(tiers, is)]?.name ?? '',
    direction: levelOf(tiers, is) > levelOf(tiers, was) ? 'up' : 'down',
  }
  tell(world, root, { messageId: world.newId('tier'), name: tierEvents.changed, properties }, gives)
}

/**
 * What the clock has done to the tiers of everybody in the world, in the order of time: at the end of each period that is over, what was
 * pending by then counts, then she keeps her tier, has days of grace or falls, then what ends with the period goes, and from there on the
 * next one counts. So a week of days off comes to the same as a night.
 */
export const rankByClock = (world: World): void => {
  const due = [...world.programmeMembers.values()].flatMap(it =>
    [...it.values()].filter(({ dueAt }) => dueAt !== null && dueAt <= world.now),
  )
  for (const row of due) {
    const { personId } = world.holders.get(row.holderId)!
    const programme = world.catalogue.programmes.get(row.programmeId)
    // Another membership of hers may have led here already.
    if (row.dueAt === null || row.dueAt > world.now) continue
    if (row.leftAt !== null || !isTiered(programme)) {
      const to = programme?.terms.tiers ? row : noRank
      setRank(world, row, to, null)
      continue
    }
    passPeriods(world, personId, programme)
    world.ranking.holders.add(row.holderId)
  }
}

const passPeriods = (world: World, personId: string, programme: Tiered): void => {
  const holderIds = world.persons.get(personId)!
  const timeZone = zoneOf(world, programme)
  const { tiers } = programme.terms
  const rows = rowsOf(world, holderIds, programme)
  const was = rows[0]!.tier
  const years = celebrated(rows, world.now, timeZone)
  for (let count = 0; count < mostPeriods; count += 1) {
    const end = Math.min(...rows.map(it => it.tierUntil ?? Number.POSITIVE_INFINITY))
    if (end > world.now) break
    mature(ledgerOf(world), holderIds, [qualifyingOf(programme.id)], end - 1)
    const amount = amountAt(world, holderIds, programme, end - 1, timeZone)
    const [highest] = rowsOf(world, holderIds, programme)
    setRank(world, highest!, rise(tiers, highest!, amount, end - 1, timeZone), highest!.dueAt)
    for (const row of rows)
      if (row.tierUntil === end) setRank(world, row, pass(tiers, row, amount, timeZone), row.dueAt)
  }
  for (const row of rows) setRank(world, row, row, dueOf(row, world.now, timeZone))
  announce(world, personId, programme, was, true)
  const [highest] = rowsOf(world, holderIds, programme)
  if (years !== undefined && highest?.tier != null && highest.tier === was) {
    const properties = { programme: programme.id, tier: highest.tier, years }
    const root = world.holders.get(holderIdOf(personId))!
    tell(world, root, { messageId: world.newId('tier'), name: tierEvents.anniversary, properties })
  }
}

/** The years since her highest tier was reached, where the day on which they were full came since the clock was here last. */
const celebrated = (rows: readonly ProgrammeMember[], now: number, timeZone: string): number | undefined => {
  const [{ tierSince, dueAt }] = rows as [ProgrammeMember]
  if (tierSince === null || dueAt === null || dueAt > now) return undefined
  const { at, years } = anniversaryAfter(tierSince, now, timeZone)
  const before = anniversaryAfter(tierSince, dueAt - 1, timeZone)
  return before.at < at ? years - 1 : undefined
}

/** The tier that somebody has by these terms of a programme, or would have as soon as they count. */
export const tierUnder = (world: World, personId: string, programme: Programme): string | null =>
  rankNow(world, world.persons.get(personId) ?? [], programme).tier

/** Asks a membership again, after the terms of its programme were changed. */
export const rankAgain = (world: World, holderId: string, programmeId: string): void => {
  const row = world.programmeMembers.get(holderId)?.get(programmeId)
  if (!row) return
  if (isTiered(world.catalogue.programmes.get(programmeId))) world.ranking.holders.add(holderId)
  else if (row.tier !== null) {
    setRank(world, row, noRank, null)
    touch(world, holderId, 'tiers')
  }
}
