import { createHash } from 'node:crypto'
import type { Queryable } from '../../adapters/storage/database.ts'
import type {
  changeSegmentPeople,
  deleteSegment,
  explainSegment,
  getSegment,
  importSegmentPeople,
  listSegmentPeople,
  listSegments,
  previewSegment,
  putSegment,
} from '../../contract/segments.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, type Refusal, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { namedHolder } from '../../core/loop/clerk.ts'
import { rowsOf } from '../../core/loop/memberships.ts'
import { lookAt, setListed } from '../../core/loop/settle.ts'
import { holderOf, holdersOfPerson } from '../../core/loop/world.ts'
import type { OfferTerms } from '../../core/offers/schema.ts'
import { termsSegments } from '../../core/offers/terms.ts'
import { type ParsedRef, parseRef } from '../../core/people/ref.ts'
import { peopleRefusals } from '../../core/people/refusals.ts'
import { holderIdOf } from '../../core/people/union.ts'
import { type Condition, compileCondition } from '../../core/rules/condition.ts'
import { explainParts } from '../../core/rules/explain-parts.ts'
import { readsOf } from '../../core/rules/reads.ts'
import { checkSegment } from '../../core/segments/check-segment.ts'
import { membershipKey } from '../../core/segments/live-segments.ts'
import { segmentRefusals } from '../../core/segments/refusals.ts'
import { raiseCatalogueVersion } from '../catalogue-version.ts'
import { type ChangeAnswer, type ChangeCall, change, idempotencyHashes } from '../change.ts'
import { FileMistake } from '../csv-file.ts'
import type { Answer, Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { makePage, startAfter } from '../page.ts'
import { missingTrait } from '../people/computed-traits.ts'
import { countNew } from '../people/count-new.ts'
import { holdersFor } from '../people/holders.ts'
import type { Cleared } from '../segments/clear-members.ts'
import { type Listed, listedIn, mostListed } from '../segments/list-file.ts'
import { nothingCounted, type PreviewSegment } from '../segments/preview-segment.ts'
import { readPeople, type SegmentPerson, sizeOf } from '../segments/segment-people.ts'
import {
  askingIn,
  readSegment,
  readSegments,
  readStored,
  type SegmentRow,
  segmentAnswer,
  startBuilding,
} from '../segments/stored-segments.ts'
import type { Services } from '../services.ts'
import { addJob, withLocation } from '../worker/job-store.ts'
import { answerOf } from './orders.ts'

const noSegment = (id: string): Refusal => refuse(segmentRefusals.segment_not_found, { id })

/** Offers that have not ended whose conditions ask for a segment. */
const offersAsking = async (tx: Queryable, workspaceId: string, id: string): Promise<readonly string[]> => {
  // The text finds candidates, and the conditions decide.
  const { rows } = await tx.query<{ id: string; body: OfferTerms }>(
    `select id, body from offers where workspace_id = $1 and state <> 'ended' and strpos(body::text, $2) > 0 order by id`,
    [workspaceId, id],
  )
  return rows.filter(({ body }) => termsSegments(body).some(it => it.id === id)).map(offer => offer.id)
}

/** Only `live` and `list` are asked for: whoever names the other is told which it is. */
const otherKind = ({ id, kind }: SegmentRow, needed: SegmentRow['kind']): Refusal | undefined =>
  kind === needed ? undefined : refuse(segmentRefusals.segment_kind_conflict, { id, kind, needed })

export const segmentsHandlers = (services: Services) => {
  const { database, workspaces, writer, random } = services

  const newJob = (now: number): string => makeId('job', now, random(10))

  const put: Handler<typeof putSegment> = call => {
    const { body, now } = call
    const { id } = call.params
    const { workspaceId } = call.auth
    return change(services, call, { action: 'putSegment', subject: id }, async tx => {
      const version = await raiseCatalogueVersion(tx, workspaceId)
      const stored = await readStored(tx, workspaceId, id)
      const before = stored?.removed ? undefined : stored
      const conflict = before && otherKind(before, body.kind)
      const was = before && segmentAnswer((await readSegment(tx, workspaceId, id))!)
      if (conflict) return no(conflict)
      const when = body.kind === 'live' ? body.when : null
      if (when !== null) {
        const checked = checkSegment(id, when, await askingIn(tx, workspaceId))
        if (!checked.ok) return checked
        const { events, computed } = readsOf(checked.value)
        const missing = await missingTrait(tx, workspaceId, computed)
        if (missing !== undefined) return no(refuse(peopleRefusals.trait_not_found, { name: missing }))
        await countNew(services, tx, { workspaceId, version, names: events, now })
      }
      const generation = (stored?.last_generation ?? 0) + 1
      const isList = body.kind === 'list'
      const head = [workspaceId, id, body.name ?? id, body.description, version, now]
      if (before)
        await tx.query(
          `update segments set name = $3, description = $4, catalogue_version = $5, updated_at = to_timestamp($6 / 1000.0)
           where workspace_id = $1 and id = $2`,
          head,
        )
      // A list is there at once, with nobody on it; of a live one nobody counts before everybody has been asked.
      else
        await tx.query(
          `insert into segments (workspace_id, id, name, description, catalogue_version, created_at, updated_at, kind, generation,
             last_generation)
           values ($1, $2, $3, $4, $5, to_timestamp($6 / 1000.0), to_timestamp($6 / 1000.0), $7, $8, $9)
           on conflict (workspace_id, id) do update set name = excluded.name, description = excluded.description,
             catalogue_version = excluded.catalogue_version, created_at = excluded.created_at,
             updated_at = excluded.updated_at, kind = excluded.kind, generation = excluded.generation,
             last_generation = excluded.last_generation, condition = null, next_condition = null,
             next_generation = null, job_id = null, removed = false`,
          [...head, body.kind, isList ? generation : 0, isList ? generation : generation - 1],
        )
      if (when !== null && when !== (before?.next_condition ?? before?.condition)) {
        await tx.query('update segments set next_condition = $3 where workspace_id = $1 and id = $2', [
          workspaceId,
          id,
          when,
        ])
        await startBuilding(tx, { workspaceId, ids: [id], jobId: newJob(now), version, now })
      }
      const json = segmentAnswer((await readSegment(tx, workspaceId, id))!)
      return ok({ json, ...(was && { was }) })
    })
  }

  const list: Handler<typeof listSegments> = async ({ query: { limit, cursor }, auth: { workspaceId } }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const rows = await readSegments(database, workspaceId, after.value, limit + 1)
    return { json: makePage(rows, limit, ({ id }) => id, segmentAnswer) }
  }

  const get: Handler<typeof getSegment> = async ({ params: { id }, auth: { workspaceId } }) => {
    const row = await readSegment(database, workspaceId, id)
    if (!row) return { refusal: noSegment(id) }
    return { json: { ...segmentAnswer(row), size: await sizeOf(database, workspaceId, id) } }
  }

  const remove: Handler<typeof deleteSegment> = call => {
    const { now } = call
    const { id } = call.params
    const { workspaceId } = call.auth
    return change(services, call, { action: 'deleteSegment', subject: id }, async tx => {
      const version = await raiseCatalogueVersion(tx, workspaceId)
      const row = await readSegment(tx, workspaceId, id)
      if (!row) return no(noSegment(id))
      const asking = await askingIn(tx, workspaceId)
      const segments = [...asking].flatMap(([other, asked]) => (asked.includes(id) ? [other] : []))
      const offers = await offersAsking(tx, workspaceId, id)
      const by = [...segments.map(it => `the segment ${it}`), ...offers.map(it => `the offer ${it}`)].join(', ')
      const askedBy = [...segments, ...offers]
      if (askedBy.length > 0) return no(refuse(segmentRefusals.segment_in_use, { id, by, askedBy }))
      await tx.query(
        `update segments set removed = true, catalogue_version = $3, updated_at = to_timestamp($4 / 1000.0)
         where workspace_id = $1 and id = $2`,
        [workspaceId, id, version, now],
      )
      const params: Cleared = { segment: id, from: 0, upTo: row.last_generation }
      await addJob(tx, { workspaceId, id: newJob(now), kind: 'clearSegment', params, total: null, now })
      return ok({ json: segmentAnswer(row) })
    })
  }

  const people: Handler<typeof listSegmentPeople> = async call => {
    const { limit, cursor } = call.query
    const { id } = call.params
    const { workspaceId } = call.auth
    const after = startAfter(cursor)
    if (!after.ok) return after
    if (!(await readSegment(database, workspaceId, id))) return { refusal: noSegment(id) }
    const rows = await readPeople(database, workspaceId, id, after.value, limit + 1)
    const answer = ({ person_id, types, entered_at }: SegmentPerson) => ({
      person: person_id,
      identifiers: types,
      enteredAt: formatInstant(entered_at),
    })
    return { json: makePage(rows, limit, ({ holder_id }) => holder_id, answer) }
  }

  /** A generation of a list that does not count yet; a refusal where there is no such list. */
  const claimGeneration = async (workspaceId: string, id: string): Promise<Result<number>> => {
    const { rows } = await database.query<{ generation: number }>(
      `update segments set last_generation = last_generation + 1
       where workspace_id = $1 and id = $2 and kind = 'list' and not removed returning last_generation as generation`,
      [workspaceId, id],
    )
    if (rows[0]) return ok(rows[0].generation)
    const row = await readSegment(database, workspaceId, id)
    return no(row ? otherKind(row, 'list')! : noSegment(id))
  }

  /** Stores the people of a file in a generation that does not count yet, in small commits. */
  const fill = async (
    workspaceId: string,
    id: string,
    generation: number,
    chunks: AsyncIterable<Listed>,
    now: number,
  ): Promise<void> => {
    const { workspace } = workspaces.known(workspaceId)
    let count = 0
    for await (const { refs, lines } of chunks) {
      count += refs.length
      if (count > mostListed) throw new FileMistake(lines[0]!, `and more: a list holds at most ${mostListed} people`)
      await database.transaction(async tx => {
        const holders = await holdersFor(tx, workspace, refs, now, { create: true })
        if (!holders.ok) {
          const { pointer, message } = holders.refusal.errors![0]!
          throw new FileMistake(lines[Number(pointer.split('/').at(-1))]!, message)
        }
        await tx.query(
          `insert into segment_members (workspace_id, holder_id, segment_id, generation, entered_at)
           select $1, unnest($2::text[]), $3, $4, to_timestamp($5 / 1000.0) on conflict do nothing`,
          [workspaceId, [...new Set(holders.value.map(holder => holder.id))].sort(), id, generation, now],
        )
      })
    }
  }

  /** Makes a filled generation the one that counts; where segments ask for the list, together with theirs. */
  const switchTo = async (
    tx: Queryable,
    { workspaceId, id, generation, now }: { workspaceId: string; id: string; generation: number; now: number },
  ): Promise<Result<{ json: unknown }>> => {
    const version = await raiseCatalogueVersion(tx, workspaceId)
    const asking = await askingIn(tx, workspaceId)
    if (!asking.has(id)) return no(noSegment(id))
    const isAskedFor = [...asking.values()].some(asked => asked.includes(id))
    // One that was begun later and is there already stays: this one happened just before it.
    await tx.query(
      isAskedFor
        ? `update segments set next_generation = greatest(next_generation, $3), catalogue_version = $4,
             updated_at = to_timestamp($5 / 1000.0)
           where workspace_id = $1 and id = $2 and generation < $3`
        : `update segments set generation = $3, next_generation = null, catalogue_version = $4,
             updated_at = to_timestamp($5 / 1000.0)
           where workspace_id = $1 and id = $2 and generation < $3`,
      [workspaceId, id, generation, version, now],
    )
    if (isAskedFor) await startBuilding(tx, { workspaceId, ids: [id], jobId: newJob(now), version, now })
    else {
      const params: Cleared = { segment: id, from: 0, upTo: generation - 1 }
      await addJob(tx, { workspaceId, id: newJob(now), kind: 'clearSegment', params, total: null, now })
    }
    return ok({ json: segmentAnswer((await readSegment(tx, workspaceId, id))!) })
  }

  const importPeople: Handler<typeof importSegmentPeople> = async (call): Promise<ChangeAnswer> => {
    const { now, stream } = call
    const { id } = call.params
    const { workspaceId } = call.auth
    if (!stream) throw new Error('the frame gave an import no stream')
    const generation = await claimGeneration(workspaceId, id)
    if (!generation.ok) {
      stream.resume()
      return { refusal: generation.refusal }
    }
    const digest = createHash('sha256')
    try {
      const chunks = listedIn(stream, piece => digest.update(piece))
      await fill(workspaceId, id, generation.value, chunks, now)
    } catch (error) {
      const params: Cleared = { segment: id, from: generation.value, upTo: generation.value }
      await addJob(database, { workspaceId, id: newJob(now), kind: 'clearSegment', params, total: null, now })
      if (error instanceof FileMistake) return { refusal: invalidInput([error.mistake]) }
      throw error
    }
    // The same key with the same file is the same request, and the file is known only now.
    const asked: ChangeCall = { ...call, body: { sha256: digest.digest('base64url') } }
    return change(services, asked, { action: 'importSegmentPeople', subject: id }, tx =>
      switchTo(tx, { workspaceId, id, generation: generation.value, now }),
    )
  }

  const parseAll = (
    refs: readonly string[],
    field: string,
    country: string | undefined,
  ): Result<readonly ParsedRef[]> => {
    const parsed: ParsedRef[] = []
    for (const [index, ref] of refs.entries()) {
      const result = parseRef(ref, country === undefined ? {} : { country })
      if (!result.ok)
        return no({
          ...result.refusal,
          errors: [{ pointer: `/${field}/${index}`, message: result.refusal.message }],
        })
      parsed.push(result.value)
    }
    return ok(parsed)
  }

  const needsOf = (refs: readonly ParsedRef[]) => ({
    identifiers: refs.flatMap(ref => ('personId' in ref ? [] : [ref])),
    holders: refs.flatMap(ref => ('personId' in ref ? [holderIdOf(ref.personId)] : [])),
  })

  const changePeople: Handler<typeof changeSegmentPeople> = async call => {
    const { auth, body } = call
    const { id } = call.params
    const { workspace, secret } = workspaces.known(auth.workspaceId)
    const [add, off] = (['add', 'remove'] as const).map(field => parseAll(body[field], field, workspace.country)) as [
      Result<readonly ParsedRef[]>,
      Result<readonly ParsedRef[]>,
    ]
    if (!add.ok) return add
    if (!off.ok) return off
    const { idempotencyKey } = call
    const outcome = await writer.submit({
      workspaceId: auth.workspaceId,
      needs: needsOf([...add.value, ...off.value]),
      fromBrowser: false,
      weight: (add.value.length + off.value.length) * 2,
      bytes: 2_000 + call.bodyText.length * 3,
      ...(idempotencyKey === undefined
        ? {}
        : { idempotency: idempotencyHashes(secret, 'changeSegmentPeople', { ...call, idempotencyKey }) }),
      decide: world => {
        const segment = world.catalogue.segments.byId.get(id)
        if (!segment) return { refusal: noSegment(id) }
        if (segment.kind !== 'list')
          return { refusal: refuse(segmentRefusals.segment_kind_conflict, { id, kind: segment.kind, needed: 'list' }) }
        for (const ref of add.value) {
          const named = 'personId' in ref ? namedHolder(world, ref) : ok(undefined)
          if (!named.ok) return { refusal: named.refusal }
        }
        const known = off.value.flatMap(ref => {
          const named = namedHolder(world, ref)
          return named.ok ? [named.value] : []
        })
        const added = add.value.map(ref => {
          const holder = 'personId' in ref ? world.holders.get(holderIdOf(ref.personId))! : holderOf(world, ref)
          return setListed(world, holder, id, true)
        })
        const removed = known.map(holder => setListed(world, holder, id, false))
        world.changes.newAudits.push({
          id: world.newId('aud'),
          at: world.now,
          keyId: auth.keyId,
          action: 'changeSegmentPeople',
          subject: id,
          details: { requestId: call.requestId },
        })
        const done = { added: added.filter(Boolean).length, removed: removed.filter(Boolean).length }
        return { text: JSON.stringify(done), status: 200 }
      },
    })
    return answerOf(outcome)
  }

  const preview: Handler<typeof previewSegment> = async call => {
    const { now } = call
    const { when } = call.body
    const { workspaceId } = call.auth
    const jobId = newJob(now)
    const answer = await change(services, call, { action: 'previewSegment', subject: jobId }, async tx => {
      const checked = checkSegment('', when, await askingIn(tx, workspaceId))
      if (!checked.ok) return checked
      const params: PreviewSegment = { when, after: '', ...nothingCounted }
      const job = { workspaceId, id: jobId, kind: 'previewSegment', params, total: null, now }
      return ok({ status: 202, json: await addJob(tx, job) })
    })
    return withLocation(answer)
  }

  /** The condition to explain; undefined for a list. */
  const conditionOf = async (
    workspaceId: string,
    asked: { segment: string } | { when: string },
  ): Promise<Result<Condition | undefined>> => {
    if ('when' in asked) return checkSegment('', asked.when, await askingIn(database, workspaceId))
    const row = await readSegment(database, workspaceId, asked.segment)
    if (!row) return no(noSegment(asked.segment))
    const when = row.condition ?? row.next_condition
    return when === null ? ok(undefined) : compileCondition(when, 'segment')
  }

  const explain: Handler<typeof explainSegment> = async ({ body, auth: { workspaceId } }) => {
    const { workspace } = workspaces.known(workspaceId)
    const condition = await conditionOf(workspaceId, body)
    if (!condition.ok) return { refusal: condition.refusal }
    const ref = parseRef(body.person, workspace.country === undefined ? {} : { country: workspace.country })
    if (!ref.ok) return { refusal: { ...ref.refusal, errors: [{ pointer: '/person', message: ref.refusal.message }] } }
    return writer.look(workspaceId, { ...needsOf([ref.value]), pools: true }, (world): Answer => {
      const holder = namedHolder(world, ref.value)
      if (!holder.ok) return { refusal: holder.refusal }
      const looked = condition.value && lookAt(world, condition.value, holder.value.id)
      const segment = 'segment' in body ? world.catalogue.segments.byId.get(body.segment) : undefined
      const rows = segment
        ? rowsOf(world, holdersOfPerson(world, holder.value.id), membershipKey(segment.id, segment.generation))
        : []
      return {
        json: {
          person: holder.value.personId,
          in: 'segment' in body ? rows.length > 0 : looked?.is === true,
          enteredAt: rows.length === 0 ? null : formatInstant(Math.min(...rows.map(row => row.enteredAt))),
          parts: looked && condition.value ? explainParts(condition.value, looked.facts) : [],
        },
      }
    })
  }

  return {
    putSegment: put,
    listSegments: list,
    getSegment: get,
    deleteSegment: remove,
    listSegmentPeople: people,
    importSegmentPeople: importPeople,
    changeSegmentPeople: changePeople,
    previewSegment: preview,
    explainSegment: explain,
  }
}
