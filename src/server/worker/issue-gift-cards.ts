import { moneyOf } from '../../core/ledger/account.ts'
import { giveWithinDay } from '../../core/loop/by-hand.ts'
import { issueGiftCards as issue } from '../../core/loop/stored-money.ts'
import { type GiftCardsInput, giftCardsAtOnce } from '../../core/loyalty/gift-card-schema.ts'
import { bytesFor, makeCodes, normalizeCode } from '../../core/offers/code.ts'
import { giftCardPattern } from '../../core/offers/gift-card-code.ts'
import type { Writer } from '../commit/writer.ts'
import { Refused } from '../http/problem.ts'
import { hashFor, type Workspaces } from '../workspaces.ts'
import type { ApartKind } from './job-runner.ts'
import { submitPatiently } from './submit-patiently.ts'

/** What each card is; `actor` is the key that asked. */
export type IssueGiftCards = Omit<GiftCardsInput, 'count' | 'codes'> & { readonly actor: string; readonly hand: string }

export const makeGiftCardCodes = (count: number, random: (bytes: number) => Uint8Array): readonly string[] => {
  const made: string[] = []
  while (made.length < count)
    made.push(...makeCodes(giftCardPattern, count - made.length, random(bytesFor(giftCardPattern, count))))
  return made
}

/**
 * The job behind many cards at once. A step is remembered under a key of its own, as a call with an Idempotency-Key is: one that was killed
 * before its progress was stored issues nothing twice.
 */
export const issueGiftCards =
  ({
    writer,
    workspaces,
    random,
  }: {
    readonly writer: Writer
    readonly workspaces: Workspaces
    readonly random: (bytes: number) => Uint8Array
  }): ApartKind =>
  async ({ workspaceId, id, params, done, total }, signal) => {
    const { actor, hand: who, ...terms } = params as IssueGiftCards
    const count = Math.min(giftCardsAtOnce, total! - done)
    await workspaces.get(workspaceId)
    const { secret, workspace } = workspaces.known(workspaceId)
    const hand = { hand: who, asset: moneyOf('giftCard', terms.currency ?? workspace.currency) }
    // All of them count as one, when the first are issued.
    const counted = done === 0 ? terms.amount * total! : 0
    const given = makeGiftCardCodes(count, random)
    const outcome = await submitPatiently(
      writer,
      {
        workspaceId,
        needs: { giftCards: given.map(normalizeCode), hands: [hand] },
        fromBrowser: false,
        weight: count * (terms.active ? 6 : 1),
        bytes: count * 200,
        idempotency: { keyHash: hashFor(secret, `issueGiftCards\n${id}\n${done}`), bodyHash: hashFor(secret, id) },
        decide: world => {
          const result = giveWithinDay(world, hand, counted, () => issue(world, terms, given, { actor }, id))
          return result.ok ? { text: '', status: 200 } : { refusal: result.refusal }
        },
      },
      signal,
    )
    if (!outcome) return { done: 0 }
    if ('refusal' in outcome) throw new Refused(outcome.refusal)
    return { done: count, ...(done + count === total && { result: { cards: `/v1/gift-cards?job=${id}` } }) }
  }
