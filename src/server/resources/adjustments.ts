import type {
  approveAdjustment,
  createAdjustment,
  getAdjustment,
  listAdjustments,
  rejectAdjustment,
  reverseAdjustment,
} from '../../contract/adjustments.ts'
import { isCurrency } from '../../core/kernel/money.ts'
import { type Result, refuse } from '../../core/kernel/refusal.ts'
import { parseInstant } from '../../core/kernel/time.ts'
import { type Asset, assetParts, pointsOf } from '../../core/ledger/account.ts'
import {
  type Adjuster,
  adjustmentAnswer,
  decideAdjustment,
  proposeAdjustment,
  reverseAdjustment as reverse,
} from '../../core/loop/adjust.ts'
import type { World } from '../../core/loop/world.ts'
import type { StoredAdjustment } from '../../core/loyalty/adjustment.ts'
import { adjustmentRefusals } from '../../core/loyalty/finance-refusals.ts'
import { parseRef } from '../../core/people/ref.ts'
import { holderIdOf } from '../../core/people/union.ts'
import { type ChangeCall, idempotencyHashes } from '../change.ts'
import type { Needs } from '../commit/item.ts'
import { adjustmentColumns, selectList } from '../commit/tables.ts'
import { handOf, handsSql } from '../hand-of.ts'
import type { Answer, Auth, Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { makePage, startAfter } from '../page.ts'
import { findPerson } from '../people/find-person.ts'
import type { Services } from '../services.ts'
import { answerOf } from './orders.ts'

/** The same person whatever key she was given last. */
const adjusterOf = ({ auth, requestId }: { readonly auth: Auth; readonly requestId: string }): Adjuster => ({
  keyId: auth.sourceId ?? auth.keyId,
  requestId,
})

const noAdjustment = (id: string): Answer => ({ refusal: refuse(adjustmentRefusals.adjustment_not_found, { id }) })

type Row = StoredAdjustment & { readonly personId: string }

export const adjustmentsHandlers = ({ database, workspaces, writer }: Services) => {
  const columns = `${selectList(adjustmentColumns, 'a')}, h.person_id as "personId"`
  const tables = 'adjustments a join holders h on h.workspace_id = a.workspace_id and h.id = a.holder_id'

  const read = async (workspaceId: string, id: string): Promise<Row | undefined> => {
    const { rows } = await database.query<Row>(
      `select ${columns} from ${tables} where a.workspace_id = $1 and a.id = $2`,
      [workspaceId, id],
    )
    return rows[0]
  }

  const submit = async (
    call: ChangeCall & { readonly bodyText: string },
    action: string,
    status: number,
    needs: Needs,
    decide: (world: World) => Result<unknown>,
  ): Promise<Answer> => {
    const { workspaceId } = call.auth
    const { secret } = workspaces.known(workspaceId)
    const { idempotencyKey } = call
    const outcome = await writer.submit({
      workspaceId,
      needs,
      fromBrowser: false,
      weight: 8,
      bytes: 1_000 + call.bodyText.length,
      ...(idempotencyKey === undefined
        ? {}
        : { idempotency: idempotencyHashes(secret, action, { ...call, idempotencyKey }) }),
      decide: world => {
        const decided = decide(world)
        return decided.ok ? { text: JSON.stringify(decided.value), status } : { refusal: decided.refusal }
      },
    })
    return answerOf(outcome)
  }

  const create: Handler<typeof createAdjustment> = async call => {
    const { body, now } = call
    const { workspace } = workspaces.known(call.auth.workspaceId)
    const asset = (body.asset as Asset | undefined) ?? pointsOf(body.programme!)
    const { kind, of } = assetParts(asset)
    if ((kind === 'credit' || kind === 'cashback') && !isCurrency(of))
      return { refusal: invalidInput([{ pointer: '/asset', message: `${of} is no currency of ISO 4217` }]) }
    const effectiveAt = body.effectiveAt === undefined ? null : parseInstant(body.effectiveAt)!
    if (effectiveAt !== null && effectiveAt > now)
      return { refusal: invalidInput([{ pointer: '/effectiveAt', message: 'is in the future' }]) }
    if (effectiveAt !== null && effectiveAt < 0)
      return { refusal: invalidInput([{ pointer: '/effectiveAt', message: 'is before 1970' }]) }
    const person = parseRef(body.person, workspace.country === undefined ? {} : { country: workspace.country })
    if (!person.ok)
      return { refusal: { ...person.refusal, errors: [{ pointer: '/person', message: person.refusal.message }] } }
    const ref = person.value
    const { amount, reason, note = null } = body
    const hand = await handOf(database, call.auth)
    const needs: Needs = {
      hands: [{ hand, asset }],
      ...('personId' in ref ? { holders: [holderIdOf(ref.personId)] } : { identifiers: [ref] }),
      value: [{ asset, amount: Math.max(0, -amount) }],
    }
    const proposal = { person: ref, asset, amount, reason, note, effectiveAt }
    return submit(call, 'createAdjustment', 201, needs, world =>
      proposeAdjustment(world, proposal, { ...adjusterOf(call), hand }),
    )
  }

  /** What deciding on one, or taking it back, looks at. */
  const needsOf = (
    { id, holderId, asset, amount, transactionId, reverses }: Row,
    reversed: Row | undefined,
  ): Needs => ({
    holders: [holderId],
    // What it takes, and as much again: what it gave is taken out of its own lots first.
    value: [{ asset, amount: Math.abs(amount) * 2 }],
    adjustments: [id, ...(reverses === null ? [] : [reverses])],
    transactions: [transactionId, reversed?.transactionId].flatMap(it => it ?? []),
  })

  const change = async (
    call: ChangeCall & { readonly params: { readonly id: string }; readonly bodyText: string },
    action: string,
    status: number,
    decide: (world: World) => Result<unknown>,
  ): Promise<Answer> => {
    const { workspaceId } = call.auth
    const row = await read(workspaceId, call.params.id)
    if (!row) return noAdjustment(call.params.id)
    const reversed = row.reverses === null ? undefined : await read(workspaceId, row.reverses)
    return submit(call, action, status, needsOf(row, reversed), decide)
  }

  /**
   * Whether a key is a second person's: one that somebody made for herself is not, and neither is another's that she replaced by a new
   * one. So a key must have been there before something was proposed, and none may have made both of the two, or one the other. The same
   * of a team member: a link that was used since, or a role that was given, may have been the first person's work.
   */
  const isSecondPerson = async ({ auth }: { readonly auth: Auth }, proposed: Row): Promise<boolean> => {
    if (auth.scope === 'admin' && !auth.member) return true
    const source = auth.sourceId ?? auth.keyId
    const { rows } = await database.query<{ since: number; same: boolean }>(
      `${handsSql}
       select since, exists (select from hands a join hands b using (id) where a.who < b.who) as same
       from (select created_at as since from api_keys where workspace_id = $1 and id = $3
         union all
         select greatest(m.let_in_at, r.added_at) from team_members m
         left join team_roles r on r.member_id = m.id and r.workspace_id = $1 where m.id = $3) s`,
      [auth.workspaceId, [source, proposed.proposedBy], source],
    )
    return rows[0] !== undefined && rows[0].since <= proposed.proposedAt && !rows[0].same
  }

  const approve: Handler<typeof approveAdjustment> = async call => {
    const { id } = call.params
    const row = await read(call.auth.workspaceId, id)
    if (!row) return noAdjustment(id)
    if (row.state === 'proposed' && !(await isSecondPerson(call, row)))
      return { refusal: refuse(adjustmentRefusals.second_person_needed, { id }) }
    return change(call, 'approveAdjustment', 200, world =>
      decideAdjustment(world, id, { ...adjusterOf(call), approves: true }),
    )
  }

  const reject: Handler<typeof rejectAdjustment> = call =>
    change(call, 'rejectAdjustment', 200, world =>
      decideAdjustment(world, call.params.id, { ...adjusterOf(call), approves: false }),
    )

  const takeBack: Handler<typeof reverseAdjustment> = call => {
    const { reason, note = null } = call.body
    return change(call, 'reverseAdjustment', 201, world =>
      reverse(world, call.params.id, { reason, note }, adjusterOf(call)),
    )
  }

  const get: Handler<typeof getAdjustment> = async ({ params: { id }, auth: { workspaceId } }) => {
    const row = await read(workspaceId, id)
    return row ? { json: adjustmentAnswer(row, row.personId) } : noAdjustment(id)
  }

  const list: Handler<typeof listAdjustments> = async ({ query, auth, now }) => {
    const { workspaceId } = auth
    const before = startAfter(query.cursor)
    if (!before.ok) return before
    const { workspace } = workspaces.known(workspaceId)
    const person = query.person === undefined ? null : await findPerson(database, workspace, auth, query.person, now)
    if (person?.ok === false) return person
    const holders = person === null ? null : person.value.holders.map(({ id }) => id)
    const { rows } = await database.query<Row>(
      `select ${columns} from ${tables} where a.workspace_id = $1 and ($2 = '' or a.id < $2) and ($3::text is null or a.state = $3)
         and ($4::text[] is null or a.holder_id = any($4)) order by a.id desc limit $5`,
      [workspaceId, before.value, query.state ?? null, holders, query.limit + 1],
    )
    return {
      json: makePage(
        rows,
        query.limit,
        row => row.id,
        row => adjustmentAnswer(row, row.personId),
      ),
    }
  }

  return {
    createAdjustment: create,
    listAdjustments: list,
    getAdjustment: get,
    approveAdjustment: approve,
    rejectAdjustment: reject,
    reverseAdjustment: takeBack,
  }
}
