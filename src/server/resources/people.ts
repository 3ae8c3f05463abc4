import type { z } from 'zod'
import type {
  getPerson,
  getTimeline,
  getWallet,
  listPeople,
  listWalletActivity,
  listWalletLots,
  person,
} from '../../contract/people.ts'
import { formatInstant, parseInstant } from '../../core/kernel/time.ts'
import { armConflicts } from '../../core/loop/merge-preview.ts'
import type { Exposure } from '../../core/loop/world.ts'
import type { StoredLink } from '../../core/people/links.ts'
import { traitsOf } from '../../core/people/traits-of.ts'
import { personIdOf } from '../../core/people/union.ts'
import { catalogueNow } from '../catalogue-now.ts'
import type { Call, Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { cursorOf, makePage, startAfter } from '../page.ts'
import { type Described, describePerson } from '../people/describe-person.ts'
import { readExposures } from '../people/exposures.ts'
import { type FoundPerson, findPerson, likelyHolders, type PersonHolder } from '../people/find-person.ts'
import { recentPeople } from '../people/recent-people.ts'
import { searchPeople } from '../people/search-people.ts'
import { tellPeople } from '../people/tell-people.ts'
import { newest, readTimeline, timelineEntry } from '../people/timeline.ts'
import { readWallet } from '../people/wallet.ts'
import { activityAnswer, activityKey, activityPlaceOf, readActivity, readOthers } from '../people/wallet-activity.ts'
import { lotKey, readLots } from '../people/wallet-value.ts'
import { segmentsOfPerson } from '../segments/segment-people.ts'
import type { Services } from '../services.ts'
import { seesHoldout } from './orders.ts'

type LinkRow = Pick<StoredLink, 'a' | 'b' | 'verified' | 'source' | 'cause' | 'suppressed'> & {
  first_seen_at: number
  removed_at: number | null
  created_at: number
}

/** What of a person does not lie with her holders. */
type Around = {
  readonly links: readonly LinkRow[]
  readonly likely: readonly PersonHolder[]
  /** Undefined for whoever must not know who is held out. */
  readonly exposures: readonly Exposure[] | undefined
  /** The same of what she is taken for. */
  readonly segments: z.output<typeof person>['segments']
  readonly described: Described | undefined
}

/** Of a person's links, and of the anonymous identifiers that may be hers, so many are shown. */
const mostShown = 1000

const linkColumns = 'a, b, verified, source, cause, first_seen_at, suppressed, removed_at, created_at'

const instantOrNull = (ms: number | undefined): string | null => (ms === undefined ? null : formatInstant(ms))

const identifierAnswer = ({ id: holder, type, value, given, standing }: PersonHolder) => ({
  type,
  value,
  given,
  holder,
  standing,
})

const linkAnswer = ({ first_seen_at, removed_at, created_at, ...link }: LinkRow) => ({
  ...link,
  firstSeenAt: formatInstant(first_seen_at),
  removedAt: removed_at === null ? null : formatInstant(removed_at),
  createdAt: formatInstant(created_at),
})

const statisticsAnswer = ({ statistics }: Described) => ({
  ...statistics,
  channels: statistics.channels.map(({ name, ...of }) => ({ channel: name, ...of })),
  categories: statistics.categories.map(({ name, ...of }) => ({ category: name, ...of })),
})

const personAnswer = (
  { id, holders }: FoundPerson,
  { segments, links, likely, exposures, described }: Around,
): z.output<typeof person> => {
  const spend: Record<string, number> = {}
  for (const holder of holders) {
    for (const [currency, amount] of Object.entries(holder.spend)) spend[currency] = (spend[currency] ?? 0) + amount
  }
  const times = (of: (holder: FoundPerson['holders'][number]) => number | null): number[] =>
    holders.flatMap(holder => of(holder) ?? []).sort((left, right) => left - right)
  return {
    id,
    formerly: holders.map(holder => personIdOf(holder.id)).filter(other => other !== id),
    identifiers: holders.map(identifierAnswer),
    likely: likely.map(identifierAnswer),
    links: links.map(linkAnswer),
    ...(exposures && {
      armConflicts: [...armConflicts(exposures)].map(([campaign, arm]) => ({
        campaign: campaign === '' ? null : campaign,
        arm,
      })),
    }),
    ...(segments && { segments }),
    ...(described && { computed: { ...described.computed }, statistics: statisticsAnswer(described) }),
    traits: traitsOf(holders.map(holder => ({ ...holder, createdAt: holder.created_at }))),
    orders: holders.reduce((sum, { orders }) => sum + orders, 0),
    spend,
    firstOrderAt: instantOrNull(times(holder => holder.first_order_at)[0]),
    lastOrderAt: instantOrNull(times(holder => holder.last_order_at).at(-1)),
    createdAt: formatInstant(times(holder => holder.created_at)[0]!),
  }
}

/** A place in a timeline: `2026-03-01T09:00:00.000Z orderPlaced web-1001`. */
const placeOf = (text: string): { at: number; key: string } | undefined => {
  if (text === '') return newest
  const space = text.indexOf(' ')
  const at = parseInstant(text.slice(0, space))
  return at === undefined ? undefined : { at, key: text.slice(space + 1) }
}

export const peopleHandlers = (services: Services) => {
  const { database, workspaces } = services

  const find = ({ params, auth, now }: Pick<Call<typeof getPerson>, 'params' | 'auth' | 'now'>) =>
    findPerson(database, workspaces.known(auth.workspaceId).workspace, auth, params.ref, now)

  const list: Handler<typeof listPeople> = async ({ query: { search, cursor, limit }, auth: { workspaceId } }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const { workspace } = workspaces.known(workspaceId)
    const found =
      search === undefined || search.trim() === ''
        ? await recentPeople(database, workspaceId, after.value, limit)
        : await searchPeople(database, workspace, search, after.value, limit)
    if (!found)
      return { refusal: invalidInput([{ pointer: '?cursor', message: 'is not a nextCursor of a page before' }]) }
    const data = await tellPeople(database, workspaceId, await catalogueNow(services, workspaceId), found.finds)
    return { json: { data, nextCursor: cursorOf(found.place) } }
  }

  const get: Handler<typeof getPerson> = async call => {
    const found = await find(call)
    if (!found.ok) return found
    const { id, holders } = found.value
    const { workspaceId } = call.auth
    const holderIds = holders.map(holder => holder.id)
    const isStaff = seesHoldout(call.auth)
    const [links, likely, exposures, segments, described] = await Promise.all([
      database.query<LinkRow>(
        // Browsers report links, as many as they like: proven ones first, and an end.
        `select * from (
           select ${linkColumns} from links where workspace_id = $1 and a = any($2::text[])
           union select ${linkColumns} from links where workspace_id = $1 and b = any($2::text[])
           order by verified desc, created_at, a, b limit ${mostShown}
         ) as l order by created_at, a, b, verified`,
        [workspaceId, holderIds],
      ),
      likelyHolders(database, workspaceId, found.value, mostShown),
      isStaff ? readExposures(database, workspaceId, holderIds) : undefined,
      isStaff ? segmentsOfPerson(database, workspaceId, holderIds) : undefined,
      isStaff ? describePerson(services, workspaces.known(workspaceId).workspace, id, call.now) : undefined,
    ])
    return { json: personAnswer({ id, holders }, { links: links.rows, likely, exposures, segments, described }) }
  }

  const timeline: Handler<typeof getTimeline> = async call => {
    const { cursor, limit } = call.query
    const after = startAfter(cursor)
    if (!after.ok) return after
    const before = placeOf(after.value)
    if (!before) {
      return { refusal: invalidInput([{ pointer: '?cursor', message: 'is not a nextCursor of a page before' }]) }
    }
    const found = await find(call)
    if (!found.ok) return found
    const holderIds = found.value.holders.map(({ id }) => id)
    const rows = await readTimeline(database, call.auth.workspaceId, holderIds, before, limit + 1)
    return { json: makePage(rows, limit, ({ at, key }) => `${formatInstant(at)} ${key}`, timelineEntry) }
  }

  const wallet: Handler<typeof getWallet> = async call => {
    const found = await find(call)
    if (!found.ok) return found
    const { workspaceId, channel } = call.auth
    return { json: await readWallet(services, workspaceId, found.value, call.now, channel) }
  }

  const lots: Handler<typeof listWalletLots> = async call => {
    const { cursor, limit, programme } = call.query
    const after = startAfter(cursor)
    if (!after.ok) return after
    const found = await find(call)
    if (!found.ok) return found
    const holderIds = found.value.holders.map(({ id }) => id)
    const asked = { programme, after: after.value, limit: limit + 1, now: call.now }
    const { rows, answer } = await readLots(database, call.auth.workspaceId, holderIds, asked)
    return { json: makePage(rows, limit, lotKey, answer) }
  }

  const activity: Handler<typeof listWalletActivity> = async call => {
    const { cursor, limit } = call.query
    const after = startAfter(cursor)
    if (!after.ok) return after
    const before = activityPlaceOf(after.value)
    if (after.value !== '' && !before)
      return { refusal: invalidInput([{ pointer: '?cursor', message: 'is not a nextCursor of a page before' }]) }
    const found = await find(call)
    if (!found.ok) return found
    const holderIds = found.value.holders.map(({ id }) => id)
    const rows = await readActivity(database, call.auth.workspaceId, holderIds, { before, limit: limit + 1 })
    const places = [...new Set(rows.map(activityKey))]
    const shown = new Set(places.slice(0, limit))
    const others = await readOthers(database, call.auth.workspaceId, rows, holderIds)
    return {
      json: {
        data: rows.filter(row => shown.has(activityKey(row))).map(row => activityAnswer(row, others)),
        nextCursor: cursorOf(places.length > limit ? places[limit - 1]! : null),
      },
    }
  }

  return {
    listPeople: list,
    getPerson: get,
    getTimeline: timeline,
    getWallet: wallet,
    listWalletLots: lots,
    listWalletActivity: activity,
  }
}
