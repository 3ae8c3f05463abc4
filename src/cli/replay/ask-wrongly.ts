import { type Tessera, TesseraRefusal } from '../../sdk/index.ts'
import { type OfferName, readAnswer } from './answers.ts'
import type { Plan, Purchase } from './plan.ts'
import { usesPerPerson } from './plan.ts'
import type { WrongKind } from './wrong-questions.ts'

/** A wrong question and its answer: the offer that wrongly applied, or the reason told and the offer it was told of. */
export type WrongAnswer = {
  /** The row of the redemption it is about. */
  readonly row: number
  readonly kind: WrongKind
  readonly question: Purchase
  readonly answer: { readonly applies: OfferName } | { readonly refused: string; readonly offer: OfferName | undefined }
}

type Asking = {
  readonly tessera: Tessera
  readonly plan: Plan
  readonly names: ReadonlyMap<string, OfferName>
  readonly row: number
  readonly right: Purchase
  readonly asked: readonly [WrongKind, Purchase][]
}

/** Asks each wrong question as a dry run; for the one past the limit it takes what uses are left, and gives them back. */
export const askWrongly = async (asking: Asking): Promise<WrongAnswer[]> => {
  const { tessera, plan, names, row, asked } = asking
  const ask = async (kind: WrongKind, question: Purchase): Promise<WrongAnswer> => {
    const id = `${plan.orderId(row)}-${kind}`
    const answer = await tessera.putOrder(id, plan.order(question), { dryRun: true })
    const { chosen, refusal, nearest } = readAnswer(answer, names)
    return {
      row,
      kind,
      question,
      answer: chosen ? { applies: chosen } : { refused: refusal?.code ?? 'none', offer: nearest },
    }
  }
  const pastLimit = async (question: Purchase): Promise<WrongAnswer> => {
    const fills = await takeUsesLeft(asking)
    const answer = await ask('pastLimit', question)
    await Promise.all(fills.map(id => tessera.putOrder(id, { state: 'cancelled' })))
    return answer
  }
  // All at once: what the other three are refused for comes before any limit, so they may see the uses taken or not.
  return Promise.all(
    asked.map(([kind, question]) => (kind === 'pastLimit' ? pastLimit(question) : ask(kind, question))),
  )
}

/**
 * Places further orders like `right` until one is refused; the ids of those placed. Ids come from the data: what an
 * interrupted replay left placed is found again and given back, what an earlier one cancelled is passed over.
 */
const takeUsesLeft = async ({ tessera, plan, names, row, right }: Asking): Promise<string[]> => {
  const placed: string[] = []
  const body = { ...plan.order(right), requireCodes: true }
  const most = names.size * usesPerPerson
  for (let number = 1; placed.length <= most; number++) {
    const id = `${plan.orderId(row)}-fill-${number}`
    try {
      await tessera.putOrder(id, body)
      placed.push(id)
    } catch (error) {
      if (!(error instanceof TesseraRefusal)) throw error
      if (error.code === 'codes_refused') return placed
      if (error.code !== 'order_state_conflict') throw error
    }
  }
  throw new Error(`Redemption ${row}: one person got more than ${most} uses, so no limit holds`)
}
