import type { Queryable, Row } from '../../adapters/storage/database.ts'
import { commonRefusals } from '../../contract/common-refusals.ts'
import type * as contract from '../../contract/programmes.ts'
import { canonicalJson } from '../../core/kernel/canonical.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, type Refusal, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant, parseInstant } from '../../core/kernel/time.ts'
import { pointsOf } from '../../core/ledger/account.ts'
import { whoBuys } from '../../core/loop/buyer.ts'
import { join, leave, membershipOf, openProgramme } from '../../core/loop/join.ts'
import { tierUnder } from '../../core/loop/rank.ts'
import { holderOf, instantOrNull } from '../../core/loop/world.ts'
import { programmeMistakes } from '../../core/loyalty/check-programme.ts'
import { programmeRefusals } from '../../core/loyalty/refusals.ts'
import type { ProgrammeInput, ProgrammeMember, ProgrammeState } from '../../core/loyalty/schema.ts'
import { parseRef } from '../../core/people/ref.ts'
import { peopleRefusals } from '../../core/people/refusals.ts'
import { holderIdOf } from '../../core/people/union.ts'
import { raiseCatalogueVersion } from '../catalogue-version.ts'
import { change, idempotencyHashes } from '../change.ts'
import type { Needs } from '../commit/item.ts'
import { mintLink } from '../consents/link-token.ts'
import type { Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { changesTiers, nobodyMoved, type PreviewProgramme, type RankMembers } from '../loyalty/rank-members.ts'
import { overdueOf } from '../loyalty/sweep-value.ts'
import { makePage, startAfter } from '../page.ts'
import { findPerson } from '../people/find-person.ts'
import { holdersFor } from '../people/holders.ts'
import { speaksFor } from '../people/speaks-for.ts'
import type { Services } from '../services.ts'
import { addJob, withLocation } from '../worker/job-store.ts'
import { answerOf } from './orders.ts'

type ProgrammeRow = Row & {
  id: string
  version: number
  state: ProgrammeState
  body: ProgrammeInput
  created_at: number
  updated_at: number
}

const columns = 'id, version, state, body, created_at, updated_at'

const answerFrom = ({ id, version, state, body, created_at, updated_at }: ProgrammeRow) => ({
  id,
  version,
  state,
  ...body,
  createdAt: formatInstant(created_at),
  updatedAt: formatInstant(updated_at),
})

const dayMs = 86_400_000

const noProgramme = (id: string): Refusal => refuse(programmeRefusals.programme_not_found, { id })

type MemberRow = Row & {
  holder_id: string
  person_id: string
  joined_at: number
  left_at: number | null
  source: string
  terms: string | null
  tier: string | null
}
const memberColumns = 'm.holder_id, h.person_id, m.joined_at, m.left_at, m.source, m.terms, m.tier'
const memberTables = 'programme_members m join holders h on h.workspace_id = m.workspace_id and h.id = m.holder_id'

const rowAnswer = (programme: string, row: MemberRow) => ({
  programme,
  person: row.person_id,
  joinedAt: formatInstant(row.joined_at),
  leftAt: instantOrNull(row.left_at),
  source: row.source,
  terms: row.terms,
  tier: row.tier,
})

const memberAnswer = (personId: string, it: ProgrammeMember, thanks?: string) => ({
  programme: it.programmeId,
  person: personId,
  joinedAt: formatInstant(it.joinedAt),
  leftAt: instantOrNull(it.leftAt),
  source: it.source,
  terms: it.terms,
  tier: it.tier,
  ...(thanks !== undefined && { thanks }),
})

const badCursor = invalidInput([{ pointer: '?cursor', message: 'is not a nextCursor of a page before' }])

export const programmesHandlers = (services: Services) => {
  const { database, random, workspaces, writer } = services
  const newJob = (now: number): string => makeId('job', now, random(10))

  const read = async (source: Queryable, workspaceId: string, id: string): Promise<ProgrammeRow | undefined> => {
    const { rows } = await source.query<ProgrammeRow>(
      `select ${columns} from programmes where workspace_id = $1 and id = $2`,
      [workspaceId, id],
    )
    return rows[0]
  }

  /** Whether anybody has, or had, any of its points. */
  const hasPoints = async (tx: Queryable, workspaceId: string, id: string): Promise<boolean> => {
    const { rows } = await tx.query('select 1 from postings where workspace_id = $1 and asset = $2 limit 1', [
      workspaceId,
      pointsOf(id),
    ])
    return rows.length > 0
  }

  const put: Handler<typeof contract.putProgramme> = call => {
    const { body, now } = call
    const { id } = call.params
    const { workspaceId, keyId } = call.auth
    return change(services, call, { action: 'putProgramme', subject: id }, async tx => {
      const catalogueVersion = await raiseCatalogueVersion(tx, workspaceId)
      const { state, ...terms } = body
      const mistakes = programmeMistakes(terms)
      if (mistakes.length > 0) return no(invalidInput(mistakes))
      const before = await read(tx, workspaceId, id)
      if (before?.state === 'ended')
        return no(refuse(programmeRefusals.programme_ended, { id, name: before.body.name }))
      const decimals = before?.body.unit.decimals
      if (decimals !== undefined && decimals !== terms.unit.decimals && (await hasPoints(tx, workspaceId, id)))
        return no(refuse(programmeRefusals.programme_unit_fixed, { id, decimals }))
      const isNewVersion = !before || canonicalJson(before.body) !== canonicalJson(terms)
      const after: ProgrammeRow = {
        id,
        version: (before?.version ?? 0) + (isNewVersion ? 1 : 0),
        state: state ?? before?.state ?? 'live',
        body: terms,
        created_at: before?.created_at ?? now,
        updated_at: now,
      }
      await tx.query(
        `insert into programmes (workspace_id, id, version, state, body, catalogue_version, created_at, updated_at)
         values ($1, $2, $3, $4, $5::json, $6, to_timestamp($7 / 1000.0), to_timestamp($7 / 1000.0))
         on conflict (workspace_id, id) do update set version = excluded.version, state = excluded.state,
           body = excluded.body, catalogue_version = excluded.catalogue_version, updated_at = excluded.updated_at`,
        [workspaceId, id, after.version, after.state, JSON.stringify(terms), catalogueVersion, now],
      )
      if (isNewVersion)
        await tx.query(
          `insert into programme_versions (workspace_id, programme_id, version, state, body, changed_by, changed_at)
           values ($1, $2, $3, $4, $5::json, $6, to_timestamp($7 / 1000.0))`,
          [workspaceId, id, after.version, after.state, JSON.stringify(terms), keyId, now],
        )
      if (before && changesTiers(before.body, terms)) {
        const params: RankMembers = { programme: id, after: '' }
        await addJob(tx, { workspaceId, id: newJob(now), kind: 'rankMembers', params, total: null, now })
      }
      return ok({ json: answerFrom(after), ...(before && { was: answerFrom(before) }) })
    })
  }

  const preview: Handler<typeof contract.previewProgramme> = async call => {
    const { body, now } = call
    const { id } = call.params
    const { workspaceId } = call.auth
    const jobId = newJob(now)
    const answer = await change(services, call, { action: 'previewProgramme', subject: jobId }, async tx => {
      const { state: _, ...terms } = body
      const mistakes = programmeMistakes(terms)
      if (mistakes.length > 0) return no(invalidInput(mistakes))
      if (!(await read(tx, workspaceId, id))) return no(noProgramme(id))
      const params: PreviewProgramme = { programme: id, after: '', terms, ...nobodyMoved }
      const job = { workspaceId, id: jobId, kind: 'previewProgramme', params, total: null, now }
      return ok({ status: 202, json: await addJob(tx, job) })
    })
    return withLocation(answer)
  }

  const list: Handler<typeof contract.listProgrammes> = async ({ query: { limit, cursor }, auth: { workspaceId } }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const { rows } = await database.query<ProgrammeRow>(
      `select ${columns} from programmes where workspace_id = $1 and id > $2 order by id limit $3`,
      [workspaceId, after.value, limit + 1],
    )
    return { json: makePage(rows, limit, row => row.id, answerFrom) }
  }

  const get: Handler<typeof contract.getProgramme> = async ({ params: { id }, auth: { workspaceId }, now }) => {
    const row = await read(database, workspaceId, id)
    if (!row) return { refusal: noProgramme(id) }
    const { overdue, since } = await overdueOf(services, workspaceId, id, now)
    return { json: { ...answerFrom(row), clock: { overdue, since: instantOrNull(since) } } }
  }

  const versions: Handler<typeof contract.listProgrammeVersions> = async call => {
    const { limit, cursor } = call.query
    const { id } = call.params
    const { workspaceId } = call.auth
    const start = startAfter(cursor)
    if (!start.ok) return start
    if (!/^\d{0,9}$/.test(start.value)) return { refusal: badCursor }
    if (!(await read(database, workspaceId, id))) return { refusal: noProgramme(id) }
    const { rows } = await database.query<
      Row & { version: number; body: ProgrammeInput; changed_by: string; changed_at: number }
    >(
      `select version, body, changed_by, changed_at from programme_versions
       where workspace_id = $1 and programme_id = $2 and version > $3 order by version limit $4`,
      [workspaceId, id, Number(start.value), limit + 1],
    )
    return {
      json: makePage(
        rows,
        limit,
        row => String(row.version),
        ({ version, body, changed_by, changed_at }) => ({
          ...body,
          version,
          changedBy: changed_by,
          changedAt: formatInstant(changed_at),
        }),
      ),
    }
  }

  const needsOf = (ref: string, person: string | undefined, country: string | undefined): Needs => {
    const parsed = [ref, person].flatMap(text => {
      const it = text === undefined ? undefined : parseRef(text, { country })
      return it?.ok ? it.value : []
    })
    return {
      joins: true,
      holders: parsed.flatMap(it => ('personId' in it ? holderIdOf(it.personId) : [])),
      identifiers: parsed.flatMap(it => ('type' in it ? it : [])),
    }
  }

  /** Rows of members with the tiers that the terms as they are give them, where the job that notes them has not come to them yet. */
  const withTiersNow = async (
    workspaceId: string,
    { id, body }: ProgrammeRow,
    rows: readonly MemberRow[],
  ): Promise<readonly MemberRow[]> => {
    const isStale = ({ tier, left_at }: MemberRow): boolean =>
      tier !== null && left_at === null && body.tiers?.levels.every(it => it.id !== tier) !== false
    const holders = rows.filter(isStale).map(row => row.holder_id)
    if (holders.length === 0) return rows
    return writer.look(workspaceId, { holders }, world =>
      rows.map(row => {
        const programme = world.catalogue.programmes.get(id)
        return isStale(row) && programme ? { ...row, tier: tierUnder(world, row.person_id, programme) } : row
      }),
    )
  }

  const joinHandler: Handler<typeof contract.joinProgramme> = async call => {
    const { auth, body, params, idempotencyKey } = call
    const { workspace, secret } = workspaces.known(auth.workspaceId)
    const isServer = auth.scope === 'secret' || auth.scope === 'admin'
    if (body.joinedAt !== undefined && !isServer)
      return { refusal: refuse(commonRefusals.forbidden, { scope: auth.scope, allowed: 'secret, to say when it was' }) }
    const outcome = await writer.submit({
      workspaceId: auth.workspaceId,
      needs: needsOf(params.ref, auth.person, workspace.country),
      fromBrowser: auth.scope === 'publishable',
      weight: 4,
      bytes: 2_000 + call.bodyText.length * 3,
      ...(idempotencyKey !== undefined && {
        idempotency: idempotencyHashes(secret, 'joinProgramme', { ...call, idempotencyKey }),
      }),
      decide: world => {
        const may = speaksFor(world, auth, params.ref)
        if (!may.ok) return { refusal: may.refusal }
        const who = whoBuys(world, params.ref)
        if (!who.ok) return { refusal: who.refusal }
        const programme = openProgramme(world, params.id)
        if (!programme.ok) return { refusal: programme.refusal }
        const holder = who.value!.holder ?? holderOf(world, who.value!.identifier!)
        const isMember = membershipOf(world, holder, params.id)?.leftAt === null
        const { source, terms } = body
        const at = body.joinedAt === undefined ? undefined : Math.min(world.now, parseInstant(body.joinedAt)!)
        const membership = join(world, holder, programme.value, { source, terms, at })
        const { thanks } = programme.value.terms.join
        return {
          text: JSON.stringify(memberAnswer(holder.personId, membership, isMember ? undefined : thanks)),
          status: 200,
        }
      },
    })
    return answerOf(outcome)
  }

  const leaveHandler: Handler<typeof contract.leaveProgramme> = async call => {
    const { auth, params, idempotencyKey } = call
    const { workspace, secret } = workspaces.known(auth.workspaceId)
    const outcome = await writer.submit({
      workspaceId: auth.workspaceId,
      needs: {
        ...needsOf(params.ref, auth.person, workspace.country),
        // Where points end with it, it takes all of them.
        value: [{ asset: pointsOf(params.id), amount: Number.MAX_SAFE_INTEGER }],
        pending: [pointsOf(params.id)],
        leaves: true,
      },
      fromBrowser: auth.scope === 'publishable',
      weight: 8,
      bytes: 4_000,
      ...(idempotencyKey !== undefined && {
        idempotency: idempotencyHashes(secret, 'leaveProgramme', { ...call, idempotencyKey }),
      }),
      decide: world => {
        const may = speaksFor(world, auth, params.ref)
        if (!may.ok) return { refusal: may.refusal }
        const who = whoBuys(world, params.ref)
        if (!who.ok) return { refusal: who.refusal }
        const programme = world.catalogue.programmes.get(params.id)
        if (!programme) return { refusal: noProgramme(params.id) }
        const holder = who.value!.holder
        if (!holder) return { refusal: refuse(peopleRefusals.person_not_found, { type: who.value!.identifier!.type }) }
        const membership = leave(world, holder, programme, auth.scope === 'publishable' ? 'web' : 'clerk')
        if (!membership) return { refusal: refuse(programmeRefusals.member_not_found, { id: params.id }) }
        return { text: JSON.stringify(memberAnswer(holder.personId, membership)), status: 200 }
      },
    })
    return answerOf(outcome)
  }

  const member: Handler<typeof contract.getProgrammeMember> = async ({ params: { id, ref }, auth, now }) => {
    const { workspaceId } = auth
    const found = await findPerson(database, workspaces.known(workspaceId).workspace, auth, ref, now)
    if (!found.ok) return found
    const programme = await read(database, workspaceId, id)
    if (!programme) return { refusal: noProgramme(id) }
    const { rows } = await database.query<MemberRow>(
      `select ${memberColumns} from ${memberTables}
       where m.workspace_id = $1 and m.programme_id = $2 and m.holder_id = any($3::text[])
       order by m.left_at desc nulls first, m.joined_at limit 1`,
      [workspaceId, id, found.value.holders.map(holder => holder.id)],
    )
    const [row] = await withTiersNow(workspaceId, programme, rows)
    return row ? { json: rowAnswer(id, row) } : { refusal: refuse(programmeRefusals.member_not_found, { id }) }
  }

  const joinLink: Handler<typeof contract.createJoinLink> = async call => {
    const { auth, body, params, now } = call
    const { workspace, secret } = workspaces.known(auth.workspaceId)
    const row = await read(database, auth.workspaceId, params.id)
    if (!row) return { refusal: noProgramme(params.id) }
    if (row.state === 'ended')
      return { refusal: refuse(programmeRefusals.programme_ended, { id: row.id, name: row.body.name }) }
    const named = await holdersFor(database, workspace, [body.person], now, { create: false })
    if (!named.ok) {
      const { errors: _, ...refusal } = named.refusal
      return { refusal: { ...refusal, errors: [{ pointer: '/person', message: refusal.message }] } }
    }
    const expiresAt = now + body.days * dayMs
    const link = { holder: named.value[0]!.id, programme: row.id, source: body.source, expiresAt }
    const path = `/j/${mintLink(secret, 'join', auth.workspaceId, link)}`
    return { status: 201, json: { path, expiresAt: formatInstant(expiresAt) } }
  }

  const members: Handler<typeof contract.listProgrammeMembers> = async call => {
    const { limit, cursor } = call.query
    const { id } = call.params
    const { workspaceId } = call.auth
    const after = startAfter(cursor)
    if (!after.ok) return after
    const programme = await read(database, workspaceId, id)
    if (!programme) return { refusal: noProgramme(id) }
    const { rows } = await database.query<MemberRow>(
      `select ${memberColumns} from ${memberTables}
       where m.workspace_id = $1 and m.programme_id = $2 and m.holder_id > $3 and m.left_at is null
       order by m.holder_id limit $4`,
      [workspaceId, id, after.value, limit + 1],
    )
    return {
      json: makePage(
        await withTiersNow(workspaceId, programme, rows),
        limit,
        row => row.holder_id,
        row => rowAnswer(id, row),
      ),
    }
  }

  return {
    putProgramme: put,
    listProgrammes: list,
    getProgramme: get,
    listProgrammeVersions: versions,
    previewProgramme: preview,
    joinProgramme: joinHandler,
    leaveProgramme: leaveHandler,
    getProgrammeMember: member,
    createJoinLink: joinLink,
    listProgrammeMembers: members,
  }
}
