import type { Queryable } from '../../adapters/storage/database.ts'
import type { createOffer, getOffer, listOffers, listOfferVersions, updateOffer } from '../../contract/offers.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, type Refusal, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { programmeRefusals } from '../../core/loyalty/refusals.ts'
import { kindOf } from '../../core/offers/kinds/index.ts'
import { catalogueRefusals } from '../../core/offers/refusals.ts'
import type { LifeState, OfferTerms } from '../../core/offers/schema.ts'
import {
  countsAnew,
  patchTerms,
  sameTerms,
  termsCollections,
  termsMistakes,
  termsOf,
  termsReads,
  termsSegments,
} from '../../core/offers/terms.ts'
import { peopleRefusals } from '../../core/people/refusals.ts'
import { segmentRefusals } from '../../core/segments/refusals.ts'
import { raiseCatalogueVersion } from '../catalogue-version.ts'
import { change } from '../change.ts'
import { countAgain } from '../count-again.ts'
import { findOfferTriggeredBy } from '../find-offer.ts'
import type { Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { makePage, startAfter } from '../page.ts'
import { missingTrait } from '../people/computed-traits.ts'
import { countNew } from '../people/count-new.ts'
import type { Services } from '../services.ts'
import { campaignExists } from './campaigns.ts'

type OfferRow = {
  id: string
  campaign_id: string
  version: number
  state: LifeState
  body: OfferTerms
  created_at: number
  updated_at: number
}

const columns = 'id, campaign_id, version, state, body, created_at, updated_at'

const termsAnswer = (version: number, terms: OfferTerms) => ({
  ...terms,
  version,
  sentence: kindOf(terms.benefit).sentence(terms.benefit),
})

const answerFrom = ({ id, campaign_id, version, state, body, created_at, updated_at }: OfferRow) => ({
  id,
  campaign: campaign_id,
  ...termsAnswer(version, body),
  state,
  createdAt: formatInstant(created_at),
  updatedAt: formatInstant(updated_at),
})

const noOffer = (id: string): Refusal => refuse(catalogueRefusals.offer_not_found, { id })

/** Everything that must hold before terms are saved. */
const checkTerms = async (tx: Queryable, workspaceId: string, terms: OfferTerms): Promise<Result<true>> => {
  const mistakes = termsMistakes(terms)
  if (mistakes.length > 0) return no(invalidInput(mistakes))
  const collections = termsCollections(terms)
  if (!collections.ok) return collections
  const { rows } = await tx.query<{ id: string }>(
    `select wanted.id from unnest($2::text[]) with ordinality as wanted(id, place)
     where not exists (select 1 from collections c where c.workspace_id = $1 and c.id = wanted.id and c.generation > 0)
     order by wanted.place limit 1`,
    [workspaceId, collections.value],
  )
  const missing = rows[0]
  if (missing) return no(refuse(catalogueRefusals.collection_not_found, { id: missing.id }))
  const segments = termsSegments(terms)
  const { rows: known } = await tx.query<{ id: string }>(
    'select id from segments where workspace_id = $1 and id = any($2::text[]) and not removed',
    [workspaceId, segments.map(({ id }) => id)],
  )
  const unknown = segments.find(({ id }) => !known.some(it => it.id === id))
  if (unknown) {
    const refusal = refuse(segmentRefusals.segment_not_found, { id: unknown.id })
    return no({ ...refusal, errors: [{ pointer: unknown.pointer, message: refusal.message }] })
  }
  const unknownTrait = await missingTrait(tx, workspaceId, termsReads(terms).computed)
  if (unknownTrait !== undefined) return no(refuse(peopleRefusals.trait_not_found, { name: unknownTrait }))
  const programme = kindOf(terms.benefit).programme?.(terms.benefit)
  if (programme !== undefined && !(await programmeExists(tx, workspaceId, programme))) {
    const refusal = refuse(programmeRefusals.programme_not_found, { id: programme })
    return no({ ...refusal, errors: [{ pointer: '/benefit/programme', message: refusal.message }] })
  }
  for (const id of kindOf(terms.benefit).issues?.(terms.benefit) ?? []) {
    const issued = await findOfferTriggeredBy(tx, workspaceId, id, 'grant')
    if (!issued.ok) {
      const { refusal } = issued
      return no({ ...refusal, errors: [{ pointer: '/benefit/offer', message: refusal.message }] })
    }
  }
  return ok(true)
}

const programmeExists = async (tx: Queryable, workspaceId: string, id: string): Promise<boolean> => {
  const { rows } = await tx.query('select 1 from programmes where workspace_id = $1 and id = $2', [workspaceId, id])
  return rows.length > 0
}

const insertVersion = async (
  tx: Queryable,
  workspaceId: string,
  { id, version, state, body, updated_at }: OfferRow,
  keyId: string,
): Promise<void> => {
  await tx.query(
    `insert into offer_versions (workspace_id, offer_id, version, state, body, changed_by, changed_at)
     values ($1, $2, $3, $4, $5::json, $6, to_timestamp($7 / 1000.0))`,
    [workspaceId, id, version, state, JSON.stringify(body), keyId, updated_at],
  )
}

export const offersHandlers = (services: Services) => {
  const { database, workspaces } = services

  const read = async (source: Queryable, workspaceId: string, id: string): Promise<OfferRow | undefined> => {
    const { rows } = await source.query<OfferRow>(`select ${columns} from offers where workspace_id = $1 and id = $2`, [
      workspaceId,
      id,
    ])
    return rows[0]
  }

  const create: Handler<typeof createOffer> = call => {
    const { body, now } = call
    const { workspaceId, keyId } = call.auth
    const id = makeId('off', now, services.random(10))
    const row: OfferRow = {
      id,
      campaign_id: body.campaign,
      version: 1,
      state: body.state,
      body: termsOf(body),
      created_at: now,
      updated_at: now,
    }
    return change(services, call, { action: 'createOffer', subject: id }, async tx => {
      const version = await raiseCatalogueVersion(tx, workspaceId)
      if (!(await campaignExists(tx, workspaceId, body.campaign))) {
        return no(refuse(catalogueRefusals.campaign_not_found, { id: body.campaign }))
      }
      const checked = await checkTerms(tx, workspaceId, row.body)
      if (!checked.ok) return checked
      await countNew(services, tx, { workspaceId, version, names: termsReads(row.body).events, now })
      await tx.query(
        `insert into offers (workspace_id, id, campaign_id, version, state, body, catalogue_version, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6::json, $7, to_timestamp($8 / 1000.0), to_timestamp($8 / 1000.0))`,
        [workspaceId, id, row.campaign_id, row.version, row.state, JSON.stringify(row.body), version, now],
      )
      await insertVersion(tx, workspaceId, row, keyId)
      await tx.query('insert into counters (workspace_id, offer_id) values ($1, $2)', [workspaceId, id])
      return ok({ status: 201, json: answerFrom(row) })
    })
  }

  const list: Handler<typeof listOffers> = async ({ query, auth: { workspaceId } }) => {
    const { limit, cursor, campaign, state } = query
    const after = startAfter(cursor)
    if (!after.ok) return after
    const { rows } = await database.query<OfferRow>(
      `select ${columns} from offers
       where workspace_id = $1 and id > $2 and ($3::text is null or campaign_id = $3) and ($4::text is null or state = $4)
       order by id limit $5`,
      [workspaceId, after.value, campaign ?? null, state ?? null, limit + 1],
    )
    return { json: makePage(rows, limit, row => row.id, answerFrom) }
  }

  const get: Handler<typeof getOffer> = async ({ params: { id }, auth: { workspaceId } }) => {
    const row = await read(database, workspaceId, id)
    return row ? { json: answerFrom(row) } : { refusal: noOffer(id) }
  }

  const update: Handler<typeof updateOffer> = call => {
    const { body: patch, now } = call
    const { id } = call.params
    const { workspaceId, keyId } = call.auth
    return change(services, call, { action: 'updateOffer', subject: id }, async tx => {
      const catalogueVersion = await raiseCatalogueVersion(tx, workspaceId)
      const before = await read(tx, workspaceId, id)
      if (!before) return no(noOffer(id))
      if (before.state === 'ended') return no(refuse(catalogueRefusals.offer_ended, { id }))
      const body = patchTerms(before.body, patch)
      const isNewVersion = !sameTerms(before.body, body)
      const after: OfferRow = {
        ...before,
        body,
        state: patch.state ?? before.state,
        version: isNewVersion ? before.version + 1 : before.version,
        updated_at: now,
      }
      if (isNewVersion) {
        const checked = await checkTerms(tx, workspaceId, body)
        if (!checked.ok) return checked
        await countNew(services, tx, { workspaceId, version: catalogueVersion, names: termsReads(body).events, now })
        await insertVersion(tx, workspaceId, after, keyId)
        if (countsAnew(before.body, body))
          await countAgain(tx, workspaceId, id, body, workspaces.known(workspaceId).workspace.timeZone)
      }
      await tx.query(
        `update offers set version = $3, state = $4, body = $5::json, catalogue_version = $6,
           updated_at = to_timestamp($7 / 1000.0)
         where workspace_id = $1 and id = $2`,
        [workspaceId, id, after.version, after.state, JSON.stringify(body), catalogueVersion, now],
      )
      return ok({ json: answerFrom(after), was: answerFrom(before) })
    })
  }

  const versions: Handler<typeof listOfferVersions> = async call => {
    const { limit, cursor } = call.query
    const { id } = call.params
    const { workspaceId } = call.auth
    const start = startAfter(cursor)
    if (!start.ok) return start
    if (!(await read(database, workspaceId, id))) return { refusal: noOffer(id) }
    const { rows } = await database.query<{
      version: number
      body: OfferTerms
      changed_by: string
      changed_at: number
    }>(
      `select version, body, changed_by, changed_at from offer_versions
       where workspace_id = $1 and offer_id = $2 and lpad(version::text, 10, '0') > $3 order by version limit $4`,
      [workspaceId, id, start.value, limit + 1],
    )
    const answer = (row: (typeof rows)[number]) => ({
      ...termsAnswer(row.version, row.body),
      changedBy: row.changed_by,
      changedAt: formatInstant(row.changed_at),
    })
    return { json: makePage(rows, limit, row => String(row.version).padStart(10, '0'), answer) }
  }

  return { createOffer: create, listOffers: list, getOffer: get, updateOffer: update, listOfferVersions: versions }
}
