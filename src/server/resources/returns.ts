import type { createReturn } from '../../contract/returns.ts'
import { returnOrder } from '../../core/loop/return-order.ts'
import { idempotencyHashes } from '../change.ts'
import type { Handler } from '../http/call.ts'
import type { Services } from '../services.ts'
import { hashFor } from '../workspaces.ts'
import { answerOf } from './orders.ts'

export const returnsHandlers = ({ writer, workspaces }: Services) => {
  const create: Handler<typeof createReturn> = async call => {
    const { auth, params, body, query, idempotencyKey } = call
    const { secret } = workspaces.known(auth.workspaceId)
    const outcome = await writer.submit({
      workspaceId: auth.workspaceId,
      needs: { orders: [params.id], returns: [{ orderId: params.id, id: body.id }] },
      fromBrowser: false,
      // The order, its uses and the return; deciding again takes as long as writing many rows.
      // What is kept may have to be decided again, several times over.
      weight: 128,
      bytes: 2_000 + call.bodyText.length * 3,
      looks: query.dryRun,
      ...(idempotencyKey === undefined || query.dryRun
        ? {}
        : { idempotency: idempotencyHashes(secret, 'createReturn', { ...call, idempotencyKey }) }),
      decide: world => {
        const result = returnOrder(world, {
          order: params.id,
          body,
          scope: auth.scope,
          actor: auth.keyId,
          dryRun: query.dryRun,
          requestHash: hashFor(secret, call.bodyText),
        })
        return result.ok ? { text: result.value, status: 200 } : { refusal: result.refusal }
      },
    })
    return answerOf(outcome)
  }
  return { createReturn: create }
}
