import type { Queryable } from '../../adapters/storage/database.ts'
import type { deleteTrait, getTrait, listTraits, putTrait } from '../../contract/traits.ts'
import { canonicalJson } from '../../core/kernel/canonical.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, type Refusal, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { Catalogue } from '../../core/loop/world.ts'
import { readsOfOffer } from '../../core/offers/live-offer.ts'
import { checkTrait } from '../../core/people/computed-traits.ts'
import { peopleRefusals } from '../../core/people/refusals.ts'
import { raiseCatalogueVersion } from '../catalogue-version.ts'
import { change } from '../change.ts'
import type { Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import { readTraits, type TraitRow } from '../people/computed-traits.ts'
import { countNew } from '../people/count-new.ts'
import { segmentsReading, startBuilding } from '../segments/stored-segments.ts'
import type { Services } from '../services.ts'
import type { CountEvents } from '../worker/count-events.ts'
import { addJob } from '../worker/job-store.ts'

const traitFrom = ({ name, generation, body, next_body, created_at, updated_at }: TraitRow) => ({
  name,
  definition: body,
  next: next_body,
  state: next_body === null ? ('ready' as const) : ('building' as const),
  generation,
  createdAt: formatInstant(created_at),
  updatedAt: formatInstant(updated_at),
})

const noTrait = (name: string): Refusal => refuse(peopleRefusals.trait_not_found, { name })

/** Who asks for a trait, in words; undefined: nobody. */
const readerOf = (catalogue: Catalogue, rows: readonly TraitRow[], name: string): string | undefined => {
  const trait = rows.find(row => [row.body, row.next_body].some(body => readsTrait(body, name)) && row.name !== name)
  if (trait) return `the computed trait ${trait.name}`
  const offer = [...catalogue.offers.values()].find(
    it => it.state !== 'ended' && readsOfOffer(it).computed.includes(name),
  )
  if (offer) return `the offer ${offer.id}`
  const definition = catalogue.segments.definitions.find(it => it.reads.computed.includes(name))
  return definition && `the segment ${definition.segment.id}`
}

const readsTrait = (body: TraitRow['body'], name: string): boolean =>
  body?.kind === 'cel' && checkTrait(name, body.expression).reads.includes(name)

export const traitsHandlers = (services: Services) => {
  const { database, catalogues, random } = services

  const read = async (source: Queryable, workspaceId: string, name: string): Promise<TraitRow | undefined> =>
    (await readTraits(source, workspaceId)).find(row => row.name === name && !row.removed)

  const put: Handler<typeof putTrait> = call => {
    const { body, now } = call
    const { name } = call.params
    const { workspaceId } = call.auth
    return change(services, call, { action: 'putTrait', subject: name }, async tx => {
      const version = await raiseCatalogueVersion(tx, workspaceId)
      const catalogue = await catalogues.atLeast(tx, workspaceId, version - 1)
      const rows = await readTraits(tx, workspaceId)
      const stored = rows.find(row => row.name === name)
      const before = stored?.removed ? undefined : stored
      const mistake = body.kind === 'cel' ? mistakeIn(rows, name, body.expression) : undefined
      if (mistake) return no(mistake)
      if (before && canonicalJson(before.next_body ?? before.body) === canonicalJson(body))
        return ok({ json: traitFrom(before) })

      const generation = Math.max(stored?.generation ?? 0, stored?.next_generation ?? 0) + 1
      const isReady = body.kind === 'cel'
      if (!isReady)
        await countNew(services, tx, { workspaceId, version, names: [body.event], traits: [{ name, generation }], now })
      else {
        const compiled = checkTrait(name, body.expression)
        await countNew(services, tx, { workspaceId, version, names: compiled.events, now })
      }
      const row: TraitRow = {
        name,
        generation: isReady ? generation : (before?.generation ?? stored?.generation ?? 0),
        body: isReady ? body : (before?.body ?? null),
        next_generation: isReady ? null : generation,
        next_body: isReady ? null : body,
        removed: false,
        created_at: before?.created_at ?? now,
        updated_at: now,
      }
      await save(tx, workspaceId, row, version)
      // Whoever reads it is asked again, because nobody did anything.
      const segments = isReady ? segmentsReading(catalogue, [name]) : []
      if (segments.length > 0)
        await startBuilding(tx, { workspaceId, ids: segments, jobId: makeId('job', now, random(10)), version, now })
      return ok({ json: traitFrom(row), ...(before && { was: traitFrom(before) }) })
    })
  }

  const list: Handler<typeof listTraits> = async ({ query: { cursor, limit }, auth: { workspaceId } }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const rows = (await readTraits(database, workspaceId)).filter(row => !row.removed && row.name > after.value)
    return { json: makePage(rows.slice(0, limit + 1), limit, row => row.name, traitFrom) }
  }

  const get: Handler<typeof getTrait> = async ({ params: { name }, auth: { workspaceId } }) => {
    const row = await read(database, workspaceId, name)
    return row ? { json: traitFrom(row) } : { refusal: noTrait(name) }
  }

  const remove: Handler<typeof deleteTrait> = call => {
    const { name } = call.params
    const { workspaceId } = call.auth
    const { now } = call
    return change(services, call, { action: 'deleteTrait', subject: name }, async tx => {
      const version = await raiseCatalogueVersion(tx, workspaceId)
      const catalogue = await catalogues.atLeast(tx, workspaceId, version - 1)
      const rows = await readTraits(tx, workspaceId)
      const row = rows.find(it => it.name === name && !it.removed)
      if (!row) return no(noTrait(name))
      const by = readerOf(catalogue, rows, name)
      if (by !== undefined) return no(refuse(peopleRefusals.trait_in_use, { name, by }))
      const generation = Math.max(row.generation, row.next_generation ?? 0)
      const removed = { ...row, generation, body: null, next_generation: null, next_body: null, removed: true }
      await save(tx, workspaceId, { ...removed, updated_at: now }, version)
      // What holders kept for it goes.
      const params: CountEvents = {}
      await addJob(tx, {
        workspaceId,
        id: makeId('job', now, random(10)),
        kind: 'countEvents',
        params,
        total: null,
        now,
      })
      return ok({ json: traitFrom(row) })
    })
  }

  return { putTrait: put, listTraits: list, getTrait: get, deleteTrait: remove }
}

const save = async (tx: Queryable, workspaceId: string, row: TraitRow, version: number): Promise<void> => {
  const json = (body: TraitRow['body']) => (body === null ? null : JSON.stringify(body))
  await tx.query(
    `insert into computed_traits (workspace_id, name, generation, body, next_generation, next_body, removed, catalogue_version,
       created_at, updated_at)
     values ($1, $2, $3, $4::json, $5, $6::json, $7, $8, to_timestamp($9 / 1000.0), to_timestamp($10 / 1000.0))
     on conflict (workspace_id, name) do update set generation = excluded.generation, body = excluded.body,
       next_generation = excluded.next_generation, next_body = excluded.next_body, removed = excluded.removed,
       catalogue_version = excluded.catalogue_version, created_at = excluded.created_at, updated_at = excluded.updated_at`,
    [
      workspaceId,
      row.name,
      row.generation,
      json(row.body),
      row.next_generation,
      json(row.next_body),
      row.removed,
      version,
      row.created_at,
      row.updated_at,
    ],
  )
}

/** Why an expression cannot become a trait's: it cannot be read, asks for what is not there, or in a circle for itself. */
const mistakeIn = (rows: readonly TraitRow[], name: string, expression: string): Refusal | undefined => {
  const checked = checkTrait(name, expression)
  if (checked.refusal) return checked.refusal
  const reads = new Map(
    rows.flatMap(row => {
      const body = row.next_body ?? row.body
      return row.removed || !body
        ? []
        : [[row.name, body.kind === 'cel' ? checkTrait(row.name, body.expression).reads : []]]
    }),
  )
  const missing = checked.reads.find(it => it !== name && !reads.has(it))
  if (missing !== undefined) return noTrait(missing)
  const follow = (at: string, trail: readonly string[]): readonly string[] | undefined => {
    if (at === name && trail.length > 0) return [...trail, at]
    for (const next of at === name ? checked.reads : (reads.get(at) ?? [])) {
      const circle = follow(next, [...trail, at])
      if (circle) return circle
    }
    return undefined
  }
  const circle = follow(name, [])
  return circle && refuse(peopleRefusals.trait_cycle, { circle: circle.join(' → ') })
}
