import type {
  linkPeople,
  listQuarantine,
  previewMerge,
  splitPerson,
  undoSplit,
  unlinkPeople,
} from '../../contract/identity.ts'
import { no, ok, type Result } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import {
  type Clerk,
  linkByHand,
  namedHolder,
  splitByHand,
  undoSplitByHand,
  unlinkByHand,
} from '../../core/loop/clerk.ts'
import { segmentsOf } from '../../core/loop/memberships.ts'
import { compareSides, type PersonLimit, personLimits, type Side } from '../../core/loop/merge-preview.ts'
import { readBoth, type ValueOfBoth } from '../../core/loop/merge-value.ts'
import { type Holder, holdersOfPerson, type World } from '../../core/loop/world.ts'
import type { Identifier } from '../../core/people/identifier.ts'
import { type ParsedRef, parseRef } from '../../core/people/ref.ts'
import { holderIdOf } from '../../core/people/union.ts'
import { type ChangeCall, idempotencyHashes } from '../change.ts'
import type { Item, Needs } from '../commit/item.ts'
import type { Answer, Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import { readCards, readSide } from '../people/merge-preview.ts'
import { readQuarantine } from '../people/quarantine.ts'
import type { Services } from '../services.ts'
import { answerOf } from './orders.ts'

/** About, whatever it touches: a component may be large, so few of them travel together. */
const weight = 200

/** References of a call, read, and the ids of those holders that are there. */
type Named = { readonly refs: readonly ParsedRef[]; readonly known: readonly string[] }

export const identityHandlers = (services: Services) => {
  const { database, workspaces, writer } = services

  /** Reads references; the pointer of the first that is none stands with the refusal. */
  const parse = (
    workspaceId: string,
    given: readonly { readonly pointer: string; readonly ref: string }[],
  ): Result<ParsedRef[]> => {
    const { workspace } = workspaces.known(workspaceId)
    const parsed: ParsedRef[] = []
    for (const { pointer, ref } of given) {
      const result = parseRef(ref, { country: workspace.country })
      if (!result.ok) return no({ ...result.refusal, errors: [{ pointer, message: result.refusal.message }] })
      parsed.push(result.value)
    }
    return ok(parsed)
  }

  /** Identifiers and holders stay what they are for ever, so what is looked up here still stands when the writer comes to it. */
  const lookUp = async (workspaceId: string, refs: readonly ParsedRef[]): Promise<Named> => {
    const identifiers = refs.filter((ref): ref is Identifier => 'type' in ref)
    const { rows } = await database.query<{ id: string }>(
      `select id from holders where workspace_id = $1 and id = any($2::text[])
       union select h.id from unnest($3::text[], $4::text[]) as w(type, value)
         join holders h on h.workspace_id = $1 and h.type = w.type and h.value = w.value`,
      [
        workspaceId,
        refs.flatMap(ref => ('personId' in ref ? holderIdOf(ref.personId) : [])),
        identifiers.map(it => it.type),
        identifiers.map(it => it.value),
      ],
    )
    return { refs, known: rows.map(row => row.id) }
  }

  /** What a change of who is who among these needs: whoever is named, new ones too, and everything that hangs together with them. */
  const needsOf = ({ refs, known }: Named): Needs => ({
    identifiers: refs.filter((ref): ref is Identifier => 'type' in ref),
    holders: known,
    components: known,
  })

  /** The two ends of a link as the loader wants them named. */
  const pairNeeds = (named: Named): Needs => {
    const [a, b] = named.refs.map(ref => ('type' in ref ? `${ref.type}:${ref.value}` : holderIdOf(ref.personId)))
    return { ...needsOf(named), links: [[a!, b!]] }
  }

  type Asked = ChangeCall & { readonly query: { readonly dryRun: boolean } }

  /** Decides beside orders and events, in the next commit; a dry run decides and saves nothing. */
  const decide = async (
    call: Asked,
    action: string,
    needs: Needs,
    work: (world: World, clerk: Clerk) => Result<object>,
    reason?: string,
  ): Promise<Answer> => {
    const { auth, idempotencyKey, query } = call
    const { secret } = workspaces.known(auth.workspaceId)
    const clerk = { keyId: auth.keyId, requestId: call.requestId, reason }
    const item: Item = {
      workspaceId: auth.workspaceId,
      needs,
      fromBrowser: false,
      weight,
      bytes: 4_000,
      ...(idempotencyKey !== undefined &&
        !query.dryRun && { idempotency: idempotencyHashes(secret, action, { ...call, idempotencyKey }) }),
      decide: world => {
        const result = work(world, clerk)
        return result.ok ? { text: JSON.stringify(result.value), status: 200 } : { refusal: result.refusal }
      },
    }
    return answerOf(await (query.dryRun ? writer.look(auth.workspaceId, needs, item.decide) : writer.submit(item)))
  }

  const pairOf = async (workspaceId: string, a: string, b: string): Promise<Result<Named>> => {
    const refs = parse(workspaceId, [
      { pointer: '/a', ref: a },
      { pointer: '/b', ref: b },
    ])
    return refs.ok ? ok(await lookUp(workspaceId, refs.value)) : refs
  }

  const link: Handler<typeof linkPeople> = async call => {
    const { a, b, verified, source, reason } = call.body
    const named = await pairOf(call.auth.workspaceId, a, b)
    if (!named.ok) return named
    const [left, right] = named.value.refs as [ParsedRef, ParsedRef]
    return decide(
      call,
      'linkPeople',
      pairNeeds(named.value),
      (world, clerk) => linkByHand(world, { a: left, b: right, verified, source }, clerk),
      reason,
    )
  }

  const unlink: Handler<typeof unlinkPeople> = async call => {
    const { a, b, reason } = call.body
    const named = await pairOf(call.auth.workspaceId, a, b)
    if (!named.ok) return named
    const [left, right] = named.value.refs as [ParsedRef, ParsedRef]
    return decide(
      call,
      'unlinkPeople',
      pairNeeds(named.value),
      (world, clerk) => unlinkByHand(world, { a: left, b: right }, clerk),
      reason,
    )
  }

  const splitOne: Handler<typeof splitPerson> = async call => {
    const { person, groups, reason } = call.body
    const { workspaceId } = call.auth
    const refs = parse(workspaceId, [
      { pointer: '/person', ref: person },
      ...groups.flatMap((group, index) => group.map((ref, place) => ({ pointer: `/groups/${index}/${place}`, ref }))),
    ])
    if (!refs.ok) return refs
    const [who, ...named] = refs.value as [ParsedRef, ...ParsedRef[]]
    const parts = groups.map(group => named.splice(0, group.length))
    const needs = needsOf(await lookUp(workspaceId, refs.value))
    return decide(
      call,
      'splitPerson',
      needs,
      (world, clerk) => {
        const result = splitByHand(world, { person: who, groups: parts }, clerk)
        return result.ok && call.query.dryRun ? ok({ ...result.value, id: null }) : result
      },
      reason,
    )
  }

  const undo: Handler<typeof undoSplit> = async call => {
    const { id } = call.params
    const { workspaceId } = call.auth
    const { rows } = await database.query<{ id: string }>(
      `select a as id from never_merge where workspace_id = $1 and cause = $2
       union select b from never_merge where workspace_id = $1 and cause = $2`,
      [workspaceId, id],
    )
    const holders = rows.map(row => row.id)
    return decide(call, 'undoSplit', { holders, components: holders }, (world, clerk) =>
      undoSplitByHand(world, id, clerk),
    )
  }

  type Looked = {
    readonly first: readonly Holder[]
    readonly second: readonly Holder[]
    readonly segments: readonly [readonly string[], readonly string[]]
    readonly already: boolean
    readonly limits: readonly PersonLimit[]
    readonly topics: World['catalogue']['topics']
    readonly value: ValueOfBoth
    readonly linked: Extract<ReturnType<typeof linkByHand>, { ok: true }>['value']
  }

  /** Who the two are, and what would become of them, in a world that is thrown away. */
  const lookAtBoth = (world: World, [left, right]: readonly [ParsedRef, ParsedRef], clerk: Clerk): Result<Looked> => {
    const [a, b] = [namedHolder(world, left), namedHolder(world, right)]
    if (!a.ok) return a
    if (!b.ok) return b
    const already = a.value.personId === b.value.personId
    const first = holdersOfPerson(world, a.value.id)
    // Of one person everything stands on the first side.
    const second = already ? [] : holdersOfPerson(world, b.value.id)
    const segments = [segmentsOf(world, first), segmentsOf(world, second)] as const
    const together = readBoth(world, first, second)
    const linked = linkByHand(world, { a: left, b: right, verified: true, source: 'clerk' }, clerk)
    if (!linked.ok) return linked
    const { catalogue, workspace } = world
    const value = together(linked.value)
    const limits = personLimits(catalogue, workspace.timeZone)
    return ok({ first, second, segments, already, limits, topics: catalogue.topics, value, linked: linked.value })
  }

  const sentenceOf = ({ already, linked }: Looked): string =>
    linked.sentence ?? (already ? 'They are one person already.' : 'The link makes them one person.')

  const preview: Handler<typeof previewMerge> = async call => {
    const { workspaceId, keyId } = call.auth
    const refs = parse(workspaceId, [
      { pointer: '/ref', ref: call.params.ref },
      { pointer: '?with', ref: call.query.with },
    ])
    if (!refs.ok) return refs
    const named = await lookUp(workspaceId, refs.value)
    const both = refs.value as [ParsedRef, ParsedRef]
    const clerk = { keyId, requestId: call.requestId, reason: undefined }
    // Any asset will do, for all their accounts are there where one is asked for.
    const needs: Needs = { ...pairNeeds(named), value: [{ asset: 'credit:EUR', amount: 0 }] }
    const looked = await writer.look(workspaceId, needs, world => lookAtBoth(world, both, clerk))
    if (!looked.ok) return looked
    const found = looked.value
    const side = async (holders: readonly Holder[], segments: readonly string[]): Promise<Side> => ({
      holders,
      segments,
      ...(await readSide(
        database,
        workspaceId,
        holders.map(it => it.id),
        found.limits,
        call.now,
      )),
    })
    const [first, second] = [await side(found.first, found.segments[0]), await side(found.second, found.segments[1])]
    const ids = [found.first, found.second].map(side => side.map(it => it.id)) as [string[], string[]]
    const { grants, ...compared } = compareSides(first, second, { ...found, now: call.now })
    const { merged, suppressed, person, persons } = found.linked
    return {
      json: {
        merged,
        already: found.already,
        suppressed,
        sentence: sentenceOf(found),
        person,
        persons,
        ...compared,
        ...found.value,
        giftCards: await readCards(database, workspaceId, ids, call.now),
        grants: grants.slice(0, 1000).map(grant => ({ ...grant, issuedAt: formatInstant(grant.issuedAt) })),
      },
    }
  }

  const quarantine: Handler<typeof listQuarantine> = async ({ auth, query: { cursor, limit } }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const rows = await readQuarantine(database, auth.workspaceId, after.value, limit + 1)
    return {
      json: makePage(
        rows,
        limit,
        row => row.identifier.holder,
        row => row,
      ),
    }
  }

  return {
    linkPeople: link,
    unlinkPeople: unlink,
    splitPerson: splitOne,
    undoSplit: undo,
    previewMerge: preview,
    listQuarantine: quarantine,
  }
}
