import type { Queryable } from '../../adapters/storage/database.ts'
import type { createGrants, fulfilGrant, listGrants, revokeGrant } from '../../contract/grants.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, refuse } from '../../core/kernel/refusal.ts'
import { bytesFor, makeCodes, normalizeCode } from '../../core/offers/code.ts'
import { grantEnd } from '../../core/offers/grant-end.ts'
import { catalogueRefusals } from '../../core/offers/refusals.ts'
import { change } from '../change.ts'
import { findOffer, findOfferTriggeredBy } from '../find-offer.ts'
import type { Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import { countGrants } from '../people/count-grants.ts'
import { type GrantRow, grantAnswer, grantColumns, grantStateAt, grantTables } from '../people/grant-answer.ts'
import { holdersFor } from '../people/holders.ts'
import type { Services } from '../services.ts'

/** 29^8 possible codes and a check character: a personal code is read out at tills, so it is short. */
const personalPattern = '####-####'

export const grantsHandlers = (services: Services) => {
  const { database, random, workspaces } = services

  /** A code of its own for each grant, that no offer of the workspace has. */
  const giveCodes = async (
    tx: Queryable,
    { workspaceId, offer, now }: { readonly workspaceId: string; readonly offer: string; readonly now: number },
    grantIds: readonly string[],
  ): Promise<Map<string, string>> => {
    const codes = new Map<string, string>()
    while (codes.size < grantIds.length) {
      const waiting = grantIds.filter(id => !codes.has(id))
      const made = makeCodes(personalPattern, waiting.length, random(bytesFor(personalPattern, waiting.length)))
        .map((given, index) => ({ given, code: normalizeCode(given), grant: waiting[index]! }))
        .sort((left, right) => (left.code < right.code ? -1 : 1))
      const { rows } = await tx.query<{ given: string; grant_id: string }>(
        `insert into codes (workspace_id, code, offer_id, given, shared, grant_id, created_at)
         select $1, n.code, $2, n.given, false, n.grant_id, to_timestamp($6 / 1000.0)
         from unnest($3::text[], $4::text[], $5::text[]) as n(code, given, grant_id)
         where not exists (select 1 from codes c where c.workspace_id = $1 and c.code = n.code)
         on conflict do nothing returning given, grant_id`,
        [workspaceId, offer, made.map(one => one.code), made.map(one => one.given), made.map(one => one.grant), now],
      )
      for (const { given, grant_id } of rows) codes.set(grant_id, given)
    }
    return codes
  }

  const create: Handler<typeof createGrants> = call => {
    const { params, body, now } = call
    const { workspaceId } = call.auth
    return change(services, call, { action: 'createGrants', subject: params.id }, async tx => {
      const { workspace } = workspaces.known(workspaceId)
      const found = await findOfferTriggeredBy(tx, workspaceId, params.id, 'grant')
      if (!found.ok) return found
      const offer = found.value
      if (offer.state === 'ended') return no(refuse(catalogueRefusals.offer_ended, { id: offer.id }))
      const holders = await holdersFor(tx, workspace, body.people, now, { create: true })
      if (!holders.ok) return holders

      const { grantDays, timeZone = workspace.timeZone } = offer.terms.validity
      const expiresAt = grantDays === undefined ? null : grantEnd(now, grantDays, timeZone)
      const grants = holders.value.map(holder => ({ id: makeId('gra', now, random(10)), holder }))
      const codes = body.withCode
        ? await giveCodes(
            tx,
            { workspaceId, offer: offer.id, now },
            grants.map(({ id }) => id),
          )
        : new Map<string, string>()
      await tx.query(
        `insert into grants (workspace_id, holder_id, id, offer_id, state, code, issued_at, expires_at)
         select $1, n.holder_id, n.id, $2, 'issued', n.code, to_timestamp($6 / 1000.0), to_timestamp($7::int8 / 1000.0)
         from unnest($3::text[], $4::text[], $5::text[]) as n(holder_id, id, code)`,
        [
          workspaceId,
          offer.id,
          grants.map(({ holder }) => holder.id),
          grants.map(({ id }) => id),
          grants.map(({ id }) => codes.get(id) ?? null),
          now,
          expiresAt,
        ],
      )
      const after = { expiresAt, state: 'issued', fulfilment: null } as const
      await countGrants(
        tx,
        workspace,
        grants.map(({ holder }) => ({ holderId: holder.id, issuedAt: now, after })),
      )
      const data = grants.map(({ id, holder }) =>
        grantAnswer(
          {
            id,
            offer_id: offer.id,
            holder_id: holder.id,
            person_id: holder.personId,
            state: 'issued',
            code: codes.get(id) ?? null,
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
    return {
      json: makePage(
        rows,
        query.limit,
        row => row.id,
        row => grantAnswer(row, now),
      ),
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
