import type * as contract from '../../contract/transfers.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { pointsOf } from '../../core/ledger/account.ts'
import { givePoints } from '../../core/loop/give-points.ts'
import { openProgramme } from '../../core/loop/join.ts'
import type { World } from '../../core/loop/world.ts'
import { type StoredTransfer, transferRefusals } from '../../core/loyalty/transfer.ts'
import { parseRef } from '../../core/people/ref.ts'
import { peopleRefusals } from '../../core/people/refusals.ts'
import { idempotencyHashes } from '../change.ts'
import type { Item, Outcome } from '../commit/item.ts'
import { selectList, transferColumns } from '../commit/tables.ts'
import { makeGuessThrottle, waitOf } from '../guess-throttle.ts'
import type { Call, Handler } from '../http/call.ts'
import { knownHolder, needsOfRefs, ofRef } from '../people/needs-of-refs.ts'
import { speaksFor } from '../people/speaks-for.ts'
import type { Services } from '../services.ts'
import { answerOf, tooMany } from './orders.ts'

type Row = StoredTransfer & { readonly fromPerson: string; readonly toPerson: string }

const transferAnswer = ({ id, programmeId, fromPerson, toPerson, points, fee, note, at, transactionId }: Row) => ({
  id,
  programme: programmeId,
  from: fromPerson,
  to: toPerson,
  points,
  fee,
  received: points - fee,
  note,
  at: formatInstant(at),
  transaction: transactionId,
})

/** What tells a browser who is known here, and a member. */
const tellsWho: ReadonlySet<string> = new Set([
  peopleRefusals.person_not_found.code,
  transferRefusals.transfer_needs_member.code,
])

export const transfersHandlers = ({ database, workspaces, writer, clock }: Services) => {
  const throttlesOf = makeGuessThrottle(clock)

  const decide = (world: World, { body, auth, query }: Call<typeof contract.createTransfer>): Outcome => {
    const may = speaksFor(world, auth, body.from)
    if (!may.ok) return { refusal: may.refusal }
    const from = knownHolder(world, body.from, '/from')
    if (!from.ok) return { refusal: from.refusal }
    const to = knownHolder(world, body.to, '/to')
    if (!to.ok) return { refusal: to.refusal }
    const programme = openProgramme(world, body.programme)
    if (!programme.ok) return { refusal: programme.refusal }
    const { points, note = null } = body
    const gift = { from: from.value, to: to.value, programme: programme.value, points, note, by: auth.keyId }
    const given = givePoints(world, gift)
    if (!given.ok) return { refusal: given.refusal }
    const people = { fromPerson: from.value.personId, toPerson: to.value.personId }
    const answer = transferAnswer({ ...given.value, ...people })
    return query.dryRun
      ? { text: JSON.stringify({ ...answer, id: null, transaction: null }), status: 200 }
      : { text: JSON.stringify(answer), status: 201 }
  }

  const create: Handler<typeof contract.createTransfer> = async call => {
    const { auth, body, query, idempotencyKey } = call
    const { workspaceId } = auth
    const { workspace, secret } = workspaces.known(workspaceId)
    const speaker = auth.person === undefined ? undefined : parseRef(auth.person, { country: workspace.country })
    const throttles =
      auth.scope === 'publishable' ? throttlesOf(auth, speaker?.ok ? speaker.value : undefined, call.remoteAddress) : []
    const wait = waitOf(throttles)
    if (wait !== undefined) return tooMany(wait)
    const item: Item = {
      workspaceId,
      needs: {
        ...needsOfRefs([body.from, body.to, auth.person], workspace.country),
        value: [{ asset: pointsOf(body.programme), amount: body.points, ...ofRef(body.from, workspace.country) }],
        gives: true,
      },
      fromBrowser: auth.scope === 'publishable',
      weight: 12,
      bytes: 2_000 + call.bodyText.length * 3,
      ...(idempotencyKey !== undefined &&
        !query.dryRun && { idempotency: idempotencyHashes(secret, 'createTransfer', { ...call, idempotencyKey }) }),
      decide: world => decide(world, call),
    }
    const outcome = await (query.dryRun ? writer.look(workspaceId, item.needs, item.decide) : writer.submit(item))
    if ('refusal' in outcome && tellsWho.has(outcome.refusal.code))
      for (const [throttle, name] of throttles) throttle.charge(name, 1)
    return answerOf(outcome)
  }

  const get: Handler<typeof contract.getTransfer> = async ({ params: { id }, auth: { workspaceId } }) => {
    const { rows } = await database.query<Row>(
      `select ${selectList(transferColumns, 't')}, f.person_id as "fromPerson", r.person_id as "toPerson" from transfers t
       join holders f on f.workspace_id = t.workspace_id and f.id = t.from_holder
       join holders r on r.workspace_id = t.workspace_id and r.id = t.to_holder
       where t.workspace_id = $1 and t.id = $2`,
      [workspaceId, id],
    )
    return rows[0]
      ? { json: transferAnswer(rows[0]) }
      : { refusal: refuse(transferRefusals.transfer_not_found, { id }) }
  }

  return { createTransfer: create, getTransfer: get }
}
