import type { z } from 'zod'
import type { Queryable, Row } from '../../adapters/storage/database.ts'
import type { wallet } from '../../contract/people.ts'
import type { walletLot, walletReceived } from '../../contract/wallet.ts'
import { dateOf, dayNumber, formatInstant, localDay, localParts } from '../../core/kernel/time.ts'
import { type Asset, assetParts, pointsOf } from '../../core/ledger/account.ts'
import { balanceOf } from '../../core/ledger/book.ts'
import { lotsAt } from '../../core/ledger/lots.ts'
import { householdsOf, membersOf } from '../../core/loop/owners.ts'
import { amountAt, isTiered, pointsToSpend, rankNow, rowsOf, sumOf } from '../../core/loop/standing.ts'
import { instantOrNull, type World } from '../../core/loop/world.ts'
import type { Programme } from '../../core/loyalty/schema.ts'
import { nextTier, tierPeriod } from '../../core/loyalty/tiers.ts'
import { worthAt } from '../../core/loyalty/worth.ts'
import { savedSince } from '../../core/rules/history.ts'
import type { Services } from '../services.ts'
import { type Ending, endingOf, type Owned } from './ending-lots.ts'
import type { FoundPerson } from './find-person.ts'

export type WalletValue = Pick<z.output<typeof wallet>, 'programmes' | 'money' | 'giftCards' | 'received'>

type CardRow = Row & {
  id: string
  code: string
  state: 'issued' | 'active' | 'blocked'
  currency: string
  expires_at: number | null
}

const cardAsset = (currency: string): Asset => `giftCard:${currency}`

/**
 * What somebody has of every programme, of stored money and on gift cards, and what all of it gave her. It is what a decision would see
 * at this instant, with the clock's work done and none of it booked: a GET changes nothing. However many lots she has, it reads
 * those that end next.
 */
export const readWalletValue = async (
  { database, writer, catalogues, workspaces }: Pick<Services, 'database' | 'writer' | 'catalogues' | 'workspaces'>,
  workspaceId: string,
  { id: personId, holders }: FoundPerson,
  now: number,
): Promise<WalletValue> => {
  const holderIds = holders.map(it => it.id)
  const { rows: cards } = await database.query<CardRow>(
    `select id, code, state, currency, expires_at from gift_cards
     where workspace_id = $1 and holder_id = any($2::text[]) order by issued_at, id`,
    [workspaceId, holderIds],
  )
  const shared = [...(catalogues.known(workspaceId)?.programmes.values() ?? [])].filter(it => it.terms.households)
  const needs = {
    holders: [holderIds[0]!],
    value: [
      // Any asset will do, for her accounts are there where one is asked for.
      { asset: 'credit:EUR' as Asset, amount: 0 },
      ...shared.map(it => ({ asset: pointsOf(it.id), amount: 0 })),
      ...cards.map(card => ({ asset: cardAsset(card.currency), amount: 0, ownerId: card.id })),
    ],
  }
  const found = await writer.look(workspaceId, needs, world => ({
    programmes: [...world.catalogue.programmes.values()].flatMap(it => ofProgramme(world, personId, it) ?? []),
    money: ofMoney(world, personId),
    cards: cards.map(({ id, currency }) => ({
      balance: balanceOf(world.book, id, cardAsset(currency), 'main'),
      held: balanceOf(world.book, id, cardAsset(currency), 'held'),
    })),
    received: ofReceived(world, personId),
  }))
  const owned = [...found.programmes, ...found.money].flatMap(it => it.owned)
  const zone = workspaces.known(workspaceId).workspace.timeZone
  const endings = await endingOf(database, workspaceId, owned, now)
  const expiring = (its: readonly Owned[], timeZone: string) =>
    endings(its, 'main').map(({ at, amount }) => ({
      at: formatInstant(at),
      lastDay: dateOf(localDay(at - 1, timeZone)),
      amount,
    }))
  const dated = ({ at, amount }: Ending) => ({ at: formatInstant(at), amount })
  return {
    programmes: found.programmes.map(({ owned: its, timeZone, pending, ...rest }) => {
      const next = endings(its, 'pending').map(dated)
      return {
        ...rest,
        pending: { amount: pending, next, awaiting: endings.awaiting(its) },
        expiring: expiring(its, timeZone),
      }
    }),
    money: found.money.map(({ owned: its, ...rest }) => ({ ...rest, expiring: expiring(its, zone) })),
    giftCards: cards.map(({ id, code, state, currency, expires_at }, index) => ({
      id,
      lastFour: code.slice(-4),
      state,
      currency,
      ...found.cards[index]!,
      expiresAt: instantOrNull(expires_at),
    })),
    received: found.received,
  }
}

/** The owners of an asset that have any of it, for what ends when. */
const ownedOf = (world: World, holderIds: readonly string[], asset: Asset): readonly Owned[] =>
  holderIds.flatMap(ownerId => {
    const main = world.book.accounts.get(`${ownerId}/${asset}/main`)
    const pending = balanceOf(world.book, ownerId, asset, 'pending')
    const balance = main?.balance ?? 0
    if (balance === 0 && pending === 0) return []
    const { lots, movedLots } = world.book.changes
    const changed = lotsAt(world, ownerId, asset).filter(({ id }) => lots.has(id) || movedLots.has(id))
    // Whoever only looks changes no lot but by the clock: it is gone, or became spendable.
    const activated = changed.filter(lot => lot.kind === 'main' && lot.remaining > 0)
    return [{ ownerId, asset, main: balance, pending, endsAt: main?.endsAt ?? null, activated }]
  })

const ofProgramme = (world: World, personId: string, programme: Programme) => {
  const { id, terms } = programme
  const asset = pointsOf(id)
  const holderIds = world.persons.get(personId) ?? []
  const rows = rowsOf(world, holderIds, programme)
  const balance = sumOf(world, holderIds, asset, ['main'])
  const owned = ownedOf(world, holderIds, asset)
  const held = sumOf(world, holderIds, asset, ['held'])
  const debt = -sumOf(world, holderIds, asset, ['debt'])
  if (rows.length === 0 && owned.length === 0 && held === 0 && debt === 0) return undefined
  const timeZone = terms.timeZone ?? world.workspace.timeZone
  return {
    programme: id,
    name: terms.name,
    unit: terms.unit,
    memberSince: rows.length === 0 ? null : formatInstant(Math.min(...rows.map(it => it.joinedAt))),
    balance,
    toSpend: pointsToSpend(world, personId, id),
    worth: terms.rate ? { amount: worthAt(balance, terms.rate), currency: terms.rate.worth.currency } : null,
    pending: sumOf(world, holderIds, asset, ['pending']),
    held,
    debt,
    ...ofTier(world, holderIds, programme, timeZone),
    household: ofHousehold(world, personId, programme),
    owned,
    timeZone,
  }
}

const ofTier = (world: World, holderIds: readonly string[], programme: Programme, timeZone: string) => {
  if (rowsOf(world, holderIds, programme).length === 0 || !isTiered(programme)) return { tier: null, next: null }
  const { tiers } = programme.terms
  const rank = rankNow(world, holderIds, programme)
  const level = tiers.levels.find(it => it.id === rank.tier)
  const have = amountAt(world, holderIds, programme, world.now, timeZone)
  const next = nextTier(tiers, rank.tier, have)
  return {
    tier: level
      ? {
          tier: level.id,
          name: level.name,
          since: formatInstant(rank.tierSince!),
          until: instantOrNull(rank.tierUntil),
          benefits: level.benefits,
        }
      : null,
    next: next
      ? {
          ...next,
          by: tiers.by,
          have,
          until: 'rolling' in tiers.period ? null : formatInstant(tierPeriod(tiers.period, world.now, timeZone).end),
        }
      : null,
  }
}

const ofHousehold = (world: World, personId: string, { id }: Programme) => {
  const [household] = householdsOf(world, personId, id)
  if (!household) return null
  const hers = world.persons.get(personId)!
  const members = membersOf(world, household)
  const all = members.flatMap(it => world.persons.get(it)!)
  return {
    household: household.id,
    name: household.name,
    members: members.length,
    mayBurn: household.members.some(it => it.mayBurn && hers.includes(it.holderId)),
    balance: sumOf(world, all, pointsOf(id), ['main']),
  }
}

const ofMoney = (world: World, personId: string) => {
  const holderIds = world.persons.get(personId) ?? []
  const assets = [...world.book.accounts.values()].flatMap(({ ownerId, asset }) =>
    holderIds.includes(ownerId) ? asset : [],
  )
  return [...new Set(assets)].sort().flatMap(asset => {
    const { kind, of: currency } = assetParts(asset)
    if (kind !== 'credit' && kind !== 'cashback') return []
    return {
      kind,
      currency,
      balance: sumOf(world, holderIds, asset, ['main']),
      pending: sumOf(world, holderIds, asset, ['pending']),
      held: sumOf(world, holderIds, asset, ['held']),
      debt: -sumOf(world, holderIds, asset, ['debt']),
      owned: ownedOf(world, holderIds, asset),
    }
  })
}

const ofReceived = (world: World, personId: string): z.output<typeof walletReceived> => {
  const all = (world.persons.get(personId) ?? []).map(id => world.holders.get(id)!.statistics)
  const { year } = localParts(world.now, world.workspace.timeZone)
  const positive = (sums: Record<string, number>) =>
    Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount > 0))
  return { ever: positive(savedSince(all)), thisYear: positive(savedSince(all, dayNumber(`${year}-01-01`)!)) }
}

type LotRow = Row & {
  id: string
  owner_id: string
  asset: Asset
  kind: 'main' | 'pending'
  amount: number
  remaining: number
  earned_at: number
  active_at: number | null
  awaits: string | null
  expires_at: number | null
  slides: boolean
  ends_at: number | null
  from_lot: string | null
  offer_id: string | null
  order_id: string | null
}

/** The end of a lot: its own, or where lots slide with activity that of its account. */
const endOf = ({ slides, ends_at, expires_at }: LotRow): number | null => (slides ? ends_at : expires_at)

const stateOf = (lot: LotRow, now: number): z.output<typeof walletLot>['state'] => {
  const end = endOf(lot)
  if (end !== null && end <= now) return 'ended'
  return lot.kind === 'main' || (lot.active_at !== null && lot.active_at <= now) ? 'spendable' : 'pending'
}

const lotAnswer = (lot: LotRow, now: number): z.output<typeof walletLot> => ({
  id: lot.id,
  asset: lot.asset,
  state: stateOf(lot, now),
  amount: lot.amount,
  remaining: lot.remaining,
  earnedAt: formatInstant(lot.earned_at),
  activeAt: instantOrNull(lot.active_at),
  awaits: lot.awaits,
  expiresAt: instantOrNull(endOf(lot)),
  order: lot.order_id,
  offer: lot.offer_id,
  fromLot: lot.from_lot,
})

/** A place in a list of lots, as the index has them. */
export const lotKey = ({ owner_id, asset, id }: LotRow): string => `${owner_id} ${asset} ${id}`

/** Her lots that have something left, an asset after the other, the oldest first. */
export const readLots = async (
  source: Queryable,
  workspaceId: string,
  holderIds: readonly string[],
  { programme, after, limit, now }: { programme: string | undefined; after: string; limit: number; now: number },
) => {
  const [owner = '', asset = '', id = ''] = after.split(' ')
  const { rows } = await source.query<LotRow>(
    `select l.id, l.owner_id, l.asset, l.kind, l.amount, l.remaining, l.earned_at, l.active_at, l.awaits, l.expires_at, l.slides,
       l.from_lot, l.offer_id, l.order_id,
       case when l.slides then (select ends_at from accounts
         where workspace_id = $1 and id = l.owner_id || '/' || l.asset || '/main') end as ends_at
     from lots l where l.workspace_id = $1 and l.owner_id = any($2::text[]) and l.live
       and ($3::text is null or l.asset = $3) and (l.owner_id, l.asset, l.id) > ($4, $5, $6)
     order by l.owner_id, l.asset, l.id limit $7`,
    [workspaceId, holderIds, programme === undefined ? null : pointsOf(programme), owner, asset, id, limit],
  )
  return { rows, answer: (row: LotRow) => lotAnswer(row, now) }
}
