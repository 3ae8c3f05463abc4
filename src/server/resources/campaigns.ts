import type { Queryable } from '../../adapters/storage/database.ts'
import type {
  addMembers,
  createCampaign,
  getCampaign,
  listCampaigns,
  listMembers,
  removeMembers,
  updateCampaign,
} from '../../contract/campaigns.ts'
import { makeId } from '../../core/kernel/id.ts'
import { type InputError, no, ok, type Refusal, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant, parseInstant } from '../../core/kernel/time.ts'
import { catalogueRefusals } from '../../core/offers/refusals.ts'
import type { CampaignInput, LifeState } from '../../core/offers/schema.ts'
import { utc } from '../../core/offers/terms.ts'
import { segmentRefusals } from '../../core/segments/refusals.ts'
import { raiseCatalogueVersion } from '../catalogue-version.ts'
import { change } from '../change.ts'
import type { Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { makePage, startAfter } from '../page.ts'
import { holdersFor } from '../people/holders.ts'
import type { AddSegment } from '../segments/give-to-segment.ts'
import { sizeOf } from '../segments/segment-people.ts'
import { readSegment } from '../segments/stored-segments.ts'
import type { Services } from '../services.ts'
import { addJob, withLocation } from '../worker/job-store.ts'

/** What of a campaign is kept as one document; its name and state are columns. */
type CampaignBody = {
  goal: string | null
  from: string | null
  to: string | null
  audience: CampaignInput['audience']
  tags: string[]
  holdout?: number
}

type CampaignRow = {
  id: string
  name: string
  state: LifeState
  body: CampaignBody
  created_at: number
  updated_at: number
}

const columns = 'id, name, state, body, created_at, updated_at'

const answerFrom = ({ id, name, state, body, created_at, updated_at }: CampaignRow) => ({
  id,
  name,
  ...body,
  state,
  createdAt: formatInstant(created_at),
  updatedAt: formatInstant(updated_at),
})

const edges = ['from', 'to'] as const

const mistakesIn = (body: CampaignBody): InputError[] => {
  const times = edges.map(edge => (body[edge] === null ? undefined : parseInstant(body[edge])))
  const unreal = edges.flatMap((edge, index) =>
    body[edge] !== null && times[index] === undefined
      ? [{ pointer: `/${edge}`, message: 'is no time that exists' }]
      : [],
  )
  if (unreal.length > 0) return unreal
  const [from, to] = times
  return from !== undefined && to !== undefined && from >= to
    ? [{ pointer: '/to', message: 'must be later than "from"' }]
    : []
}

const atUtc = (body: CampaignBody): CampaignBody => ({
  ...body,
  from: body.from === null ? null : utc(body.from),
  to: body.to === null ? null : utc(body.to),
})

const noCampaign = (id: string): Refusal => refuse(catalogueRefusals.campaign_not_found, { id })

export const campaignExists = async (source: Queryable, workspaceId: string, id: string): Promise<boolean> => {
  const { rows } = await source.query('select 1 from campaigns where workspace_id = $1 and id = $2', [workspaceId, id])
  return rows.length > 0
}

export const campaignsHandlers = (services: Services) => {
  const { database } = services

  const read = async (source: Queryable, workspaceId: string, id: string): Promise<CampaignRow | undefined> => {
    const { rows } = await source.query<CampaignRow>(
      `select ${columns} from campaigns where workspace_id = $1 and id = $2`,
      [workspaceId, id],
    )
    return rows[0]
  }

  const create: Handler<typeof createCampaign> = call => {
    const { now, auth } = call
    const { name, state, goal, from, to, ...rest } = call.body
    const body = atUtc({ goal: goal ?? null, from: from ?? null, to: to ?? null, ...rest })
    const mistakes = mistakesIn(body)
    if (mistakes.length > 0) return { refusal: invalidInput(mistakes) }
    const id = makeId('cmp', now, services.random(10))
    return change(services, call, { action: 'createCampaign', subject: id }, async tx => {
      const version = await raiseCatalogueVersion(tx, auth.workspaceId)
      await tx.query(
        `insert into campaigns (workspace_id, id, name, state, body, catalogue_version, created_at, updated_at)
         values ($1, $2, $3, $4, $5::json, $6, to_timestamp($7 / 1000.0), to_timestamp($7 / 1000.0))`,
        [auth.workspaceId, id, name, state, JSON.stringify(body), version, now],
      )
      return ok({ status: 201, json: answerFrom({ id, name, state, body, created_at: now, updated_at: now }) })
    })
  }

  const list: Handler<typeof listCampaigns> = async ({ query: { limit, cursor, state }, auth: { workspaceId } }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const { rows } = await database.query<CampaignRow>(
      `select ${columns} from campaigns
       where workspace_id = $1 and id > $2 and ($3::text is null or state = $3) order by id limit $4`,
      [workspaceId, after.value, state ?? null, limit + 1],
    )
    return { json: makePage(rows, limit, row => row.id, answerFrom) }
  }

  const get: Handler<typeof getCampaign> = async ({ params: { id }, auth: { workspaceId } }) => {
    const row = await read(database, workspaceId, id)
    return row ? { json: answerFrom(row) } : { refusal: noCampaign(id) }
  }

  const update: Handler<typeof updateCampaign> = call => {
    const { now } = call
    const { id } = call.params
    const { workspaceId } = call.auth
    const { name, state, ...fields } = call.body
    return change(services, call, { action: 'updateCampaign', subject: id }, async tx => {
      const version = await raiseCatalogueVersion(tx, workspaceId)
      const before = await read(tx, workspaceId, id)
      if (!before) return no(noCampaign(id))
      const body = atUtc({ ...before.body, ...fields })
      const mistakes = mistakesIn(body)
      if (mistakes.length > 0) return no(invalidInput(mistakes))
      const after = { ...before, name: name ?? before.name, state: state ?? before.state, body, updated_at: now }
      await tx.query(
        `update campaigns set name = $3, state = $4, body = $5::json, catalogue_version = $6,
           updated_at = to_timestamp($7 / 1000.0)
         where workspace_id = $1 and id = $2`,
        [workspaceId, id, after.name, after.state, JSON.stringify(body), version, now],
      )
      return ok({ json: answerFrom(after), was: answerFrom(before) })
    })
  }

  const add: Handler<typeof addMembers> = async call => {
    const { body, now } = call
    const { id } = call.params
    const { workspace } = services.workspaces.known(call.auth.workspaceId)
    const total = 'segment' in body ? await sizeOf(database, workspace.id, body.segment) : 0
    const answer = await change(services, call, { action: 'addMembers', subject: id }, async tx => {
      if (!(await campaignExists(tx, workspace.id, id))) return no(noCampaign(id))
      if ('segment' in body) {
        const { segment } = body
        if (!(await readSegment(tx, workspace.id, segment)))
          return no(refuse(segmentRefusals.segment_not_found, { id: segment }))
        const params: AddSegment = { campaign: id, segment, after: '' }
        const jobId = makeId('job', now, services.random(10))
        const job = { workspaceId: workspace.id, id: jobId, kind: 'addSegmentMembers', params, total, now }
        return ok({ status: 202, json: await addJob(tx, job) })
      }
      const holders = await holdersFor(tx, workspace, body.people, now, { create: true })
      if (!holders.ok) return holders
      // Sorted, so that two calls with the same people wait for each other instead of deadlocking.
      const holderIds = [...new Set(holders.value.map(holder => holder.id))].sort()
      const { affected } = await tx.query(
        `insert into members (workspace_id, holder_id, campaign_id, added_at)
         select $1, unnest($2::text[]), $3, to_timestamp($4 / 1000.0) on conflict do nothing`,
        [workspace.id, holderIds, id, now],
      )
      return ok({ json: { added: affected, members: holderIds.length } })
    })
    return withLocation(answer)
  }

  const listOf: Handler<typeof listMembers> = async call => {
    const { limit, cursor } = call.query
    const { id } = call.params
    const { workspaceId } = call.auth
    const after = startAfter(cursor)
    if (!after.ok) return after
    if (!(await campaignExists(database, workspaceId, id))) return { refusal: noCampaign(id) }
    const { rows } = await database.query<{ holder_id: string; person_id: string; added_at: number }>(
      `select m.holder_id, h.person_id, m.added_at
       from members m join holders h on h.workspace_id = m.workspace_id and h.id = m.holder_id
       where m.workspace_id = $1 and m.campaign_id = $2 and m.holder_id > $3 order by m.holder_id limit $4`,
      [workspaceId, id, after.value, limit + 1],
    )
    const answer = (row: (typeof rows)[number]) => ({ person: row.person_id, addedAt: formatInstant(row.added_at) })
    return { json: makePage(rows, limit, row => row.holder_id, answer) }
  }

  const remove: Handler<typeof removeMembers> = call => {
    const { id } = call.params
    const { workspace } = services.workspaces.known(call.auth.workspaceId)
    return change(services, call, { action: 'removeMembers', subject: id }, async tx => {
      if (!(await campaignExists(tx, workspace.id, id))) return no(noCampaign(id))
      const holders = await holdersFor(tx, workspace, call.body.people, call.now, { create: false })
      if (!holders.ok) return holders
      const { rows } = await tx.query<{ removed: number }>(
        `with gone as (
           delete from members m using holders h
           where h.workspace_id = $1 and h.person_id = any($2::text[])
             and m.workspace_id = $1 and m.holder_id = h.id and m.campaign_id = $3
           returning h.person_id
         )
         select count(distinct person_id) as removed from gone`,
        [workspace.id, [...new Set(holders.value.map(holder => holder.personId))], id],
      )
      return ok({ json: { removed: rows[0]!.removed } })
    })
  }

  return {
    createCampaign: create,
    listCampaigns: list,
    getCampaign: get,
    updateCampaign: update,
    addMembers: add,
    listMembers: listOf,
    removeMembers: remove,
  }
}
