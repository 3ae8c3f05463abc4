import { setTimeout as wait } from 'node:timers/promises'
import { commonRefusals } from '../../contract/common-refusals.ts'
import type { Item, Outcome } from '../commit/item.ts'
import type { Writer } from '../commit/writer.ts'

const pauseMs = 200

/**
 * For work in the background: where the queue is full it waits its turn, so that customers go first. Undefined: the signal came.
 *
 *     const outcome = await submitPatiently(writer, item, signal)
 */
export const submitPatiently = async (
  writer: Pick<Writer, 'submit'>,
  item: Item,
  signal: AbortSignal,
): Promise<Outcome | undefined> => {
  while (!signal.aborted) {
    const outcome = await writer.submit(item)
    if (!('refusal' in outcome) || outcome.refusal.code !== commonRefusals.overloaded.code) return outcome
    await wait(pauseMs, undefined, { signal }).catch(() => undefined)
  }
  return undefined
}
