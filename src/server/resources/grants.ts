import type { Queryable } from '../../adapters/storage/database.ts'
import type { createGrants, fulfilGrant, listGrants, revokeGrant } from '../../contract/grants.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, refuse } from '../../core/kernel/refusal.ts'
import { catalogueRefusals } from '../../core/offers/refusals.ts'
import { segmentRefusals } from '../../core/segments/refusals.ts'
import { change } from '../change.ts'
import { findOffer, findOfferTriggeredBy } from '../find-offer.ts'
import type { Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import { countGrants } from '../people/count-grants.ts'
import { type GrantRow, grantAnswer, grantColumns, grantStateAt, grantTables } from '../people/grant-answer.ts'
import { holdersFor } from '../people/holders.ts'
import { issueGrants } from '../people/issue-grants.ts'
import { namesOf } from '../people/names-of.ts'
import type { GrantSegment } from '../segments/give-to-segment.ts'
import { sizeOf } from '../segments/segment-people.ts'
import { readSegment } from '../segments/stored-segments.ts'
import type { Services } from '../services.ts'
import { addJob, withLocation } from '../worker/job-store.ts'

export const grantsHandlers = (services: Services) => {
  const { database, random, workspaces } = services

  const create: Handler<typeof createGrants> = async call => {
    const { params, body, now } = call
    const { workspaceId } = call.auth
    const total = 'segment' in body ? await sizeOf(database, workspaceId, body.segment) : 0
    const answer = await change(services, call, { action: 'createGrants', subject: params.id }, async tx => {
      const { workspace } = workspaces.known(workspaceId)
      const found = await findOfferTriggeredBy(tx, workspaceId, params.id, 'grant')
      if (!found.ok) return found
      const offer = found.value
      if (offer.state === 'ended') return no(refuse(catalogueRefusals.offer_ended, { id: offer.id }))
      if ('segment' in body) {
        const { segment, withCode } = body
        if (!(await readSegment(tx, workspaceId, segment)))
          return no(refuse(segmentRefusals.segment_not_found, { id: segment }))
        const details: GrantSegment = { offer: offer.id, segment, withCode, after: '' }
        const id = makeId('job', now, random(10))
        return ok({
          status: 202,
          json: await addJob(tx, { workspaceId, id, kind: 'grantSegment', params: details, total, now }),
        })
      }
      const holders = await holdersFor(tx, workspace, body.people, now, { create: true })
      if (!holders.ok) return holders
      const holderIds = holders.value.map(holder => holder.id)
      const grants = await issueGrants(tx, workspace, { offer, holderIds, withCode: body.withCode, now }, random)
      const data = grants.map(({ id, code, expiresAt }, index) =>
        grantAnswer(
          {
            id,
            offer_id: offer.id,
            holder_id: holderIds[index]!,
            person_id: holders.value[index]!.personId,
            state: 'issued',
            code,
            issued_at: now,
            expires_at: expiresAt,
            title: null,
            fulfilment: null,
            body: offer.terms,
          },
          now,
        ),
      )
      return ok({ status: 201, json: { data } })
    })
    return withLocation(answer)
  }

  const list: Handler<typeof listGrants> = async ({ params: { id }, query, auth: { workspaceId }, now }) => {
    const after = startAfter(query.cursor)
    if (!after.ok) return after
    const offer = await findOffer(database, workspaceId, id)
    if (!offer.ok) return offer
    const { rows } = await database.query<GrantRow>(
      `select ${grantColumns} from ${grantTables}
       where g.workspace_id = $1 and g.offer_id = $2 and g.id > $3 and ($5::text is null or (g.fulfilment = $5
         and ($5 = 'fulfilled' or (g.state = 'issued' and coalesce(g.expires_at > to_timestamp($6 / 1000.0), true)))))
       order by g.id limit $4`,
      [workspaceId, id, after.value, query.limit + 1, query.fulfilment ?? null, now],
    )
    const page = makePage(
      rows,
      query.limit,
      row => row.id,
      row => grantAnswer(row, now),
    )
    const names = await namesOf(
      database,
      workspaceId,
      page.data.map(({ person }) => person),
    )
    return {
      json: { ...page, data: page.data.map(it => ({ ...it, personName: names.get(it.person) ?? null })) },
    }
  }

  /** Books what changed about a grant that was not used so far. */
  const countChange = (tx: Queryable, workspaceId: string, grant: GrantRow, to: Partial<GrantRow>): Promise<void> => {
    const ends = ({ expires_at, state, fulfilment }: GrantRow) => ({ expiresAt: expires_at, state, fulfilment })
    const { workspace } = workspaces.known(workspaceId)
    const changed = { holderId: grant.holder_id, before: ends(grant), after: ends({ ...grant, ...to }) }
    return countGrants(tx, workspace, [changed])
  }

  /** A grant to be changed, locked. The holder first and its revision raised: a batch that has read this grant reads it again, or comes first. */
  const lockGrant = async (tx: Queryable, workspaceId: string, id: string): Promise<GrantRow | undefined> => {
    await tx.query(
      `update holders set revision = revision + 1 where workspace_id = $1
       and id = (select holder_id from grants where workspace_id = $1 and id = $2)`,
      [workspaceId, id],
    )
    const { rows } = await tx.query<GrantRow>(
      `select ${grantColumns} from ${grantTables} where g.workspace_id = $1 and g.id = $2 for update of g`,
      [workspaceId, id],
    )
    return rows[0]
  }

  const revoke: Handler<typeof revokeGrant> = call => {
    const { id } = call.params
    const { workspaceId } = call.auth
    return change(services, call, { action: 'revokeGrant', subject: id }, async tx => {
      const grant = await lockGrant(tx, workspaceId, id)
      if (!grant) return no(refuse(catalogueRefusals.grant_not_found, { id }))
      const state = grant.fulfilment === 'fulfilled' ? 'fulfilled' : grantStateAt(grant, call.now)
      if (state !== 'issued') return no(refuse(catalogueRefusals.grant_state_conflict, { state }))
      await tx.query("update grants set state = 'revoked' where workspace_id = $1 and id = $2", [workspaceId, id])
      await countChange(tx, workspaceId, grant, { state: 'revoked' })
      return ok({ json: grantAnswer({ ...grant, state: 'revoked' }, call.now) })
    })
  }

  const fulfil: Handler<typeof fulfilGrant> = call => {
    const { id } = call.params
    const { state: fulfilment } = call.body
    const { workspaceId } = call.auth
    return change(services, call, { action: 'fulfilGrant', subject: id }, async tx => {
      const grant = await lockGrant(tx, workspaceId, id)
      if (!grant) return no(refuse(catalogueRefusals.grant_not_found, { id }))
      // Two desks that are asked at once: only one of them hands it over.
      const isSecond = fulfilment === 'fulfilled' && grant.fulfilment === 'fulfilled'
      const state =
        grant.fulfilment === null ? 'no entitlement' : isSecond ? 'handed over already' : grantStateAt(grant, call.now)
      if (state !== 'issued') return no(refuse(catalogueRefusals.fulfilment_conflict, { state }))
      await tx.query('update grants set fulfilment = $3 where workspace_id = $1 and id = $2', [
        workspaceId,
        id,
        fulfilment,
      ])
      await countChange(tx, workspaceId, grant, { fulfilment })
      return ok({ json: grantAnswer({ ...grant, fulfilment }, call.now) })
    })
  }

  return { createGrants: create, listGrants: list, revokeGrant: revoke, fulfilGrant: fulfil }
}
