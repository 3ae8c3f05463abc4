import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { formatInstant } from '../kernel/time.ts'
import { type Asset, assetParts } from '../ledger/account.ts'
import { balanceOf, type Cause, type Transaction } from '../ledger/book.ts'
import { choose, earn, giveBack, type LotTerms, lotsTouched, spendable, type Taken, takeBack } from '../ledger/lots.ts'
import type { StoredAdjustment } from '../loyalty/adjustment.ts'
import { adjustmentRefusals } from '../loyalty/finance-refusals.ts'
import { lotTermsOf, qualifyingTermsOf } from '../loyalty/lot-terms.ts'
import { programmeRefusals } from '../loyalty/refusals.ts'
import type { Programme } from '../loyalty/schema.ts'
import { toldDecimals } from '../loyalty/told-decimals.ts'
import { isErasedValue } from '../people/erased.ts'
import type { ParsedRef } from '../people/ref.ts'
import { peopleRefusals } from '../people/refusals.ts'
import { countByHand, isWithinDay } from './by-hand.ts'
import { namedHolder } from './clerk.ts'
import { instantOrNull, ledgerOf, type World } from './world.ts'

/** Who adjusts. */
export type Adjuster = {
  /** Of the source: a key that was changed for a new one is the same person's. */
  readonly keyId: string
  readonly requestId: string
  /** Whose hand it is, with all her keys; the key's own where it is left out. */
  readonly hand?: string
}

export type Proposal = {
  readonly person: ParsedRef
  readonly asset: Asset
  readonly amount: number
  readonly reason: string
  readonly note: string | null
  readonly effectiveAt: number | null
}

export const adjustmentAnswer = (it: StoredAdjustment, personId: string) => ({
  id: it.id,
  state: it.state,
  person: personId,
  asset: it.asset,
  amount: it.amount,
  reason: it.reason,
  note: it.note,
  effectiveAt: instantOrNull(it.effectiveAt),
  proposedBy: it.proposedBy,
  proposedAt: formatInstant(it.proposedAt),
  decidedBy: it.decidedBy,
  decidedAt: instantOrNull(it.decidedAt),
  transaction: it.transactionId,
  reverses: it.reverses,
})
type Answer = ReturnType<typeof adjustmentAnswer>

const answerOf = (world: World, it: StoredAdjustment): Answer =>
  adjustmentAnswer(it, world.holders.get(it.holderId)!.personId)

/** The programme that an asset is counted in; undefined for money. */
const programmeOf = (world: World, asset: Asset): Result<Programme | undefined> => {
  const { kind, of } = assetParts(asset)
  if (kind !== 'points' && kind !== 'qualifying') return ok(undefined)
  const programme = world.catalogue.programmes.get(of)
  return programme ? ok(programme) : no(refuse(programmeRefusals.programme_not_found, { id: of }))
}

/**
 * Gives or takes value by hand: booked at once, or proposed where it is more than one key may adjust alone. What is proposed changes
 * nothing, and is refused only for what will not change.
 */
export const proposeAdjustment = (world: World, proposal: Proposal, adjuster: Adjuster): Result<Answer> => {
  const holder = namedHolder(world, proposal.person)
  if (!holder.ok) return holder
  const { person: _, ...asked } = proposal
  return propose(world, { ...asked, holderId: holder.value.id, reverses: null }, adjuster, 'createAdjustment')
}

/** Takes a booked adjustment back, whole and once. */
export const reverseAdjustment = (
  world: World,
  id: string,
  why: Pick<Proposal, 'reason' | 'note'>,
  adjuster: Adjuster,
): Result<Answer> => {
  const found = adjustmentIn(world, id)
  if (!found.ok) return found
  const { state, holderId, asset, amount } = found.value
  if (state !== 'booked') return no(refuse(adjustmentRefusals.adjustment_state_conflict, { id, state }))
  const other = [...world.adjustments.values()].find(it => it.reverses === id && it.state !== 'rejected')
  if (other) return no(refuse(adjustmentRefusals.adjustment_reversed, { id, by: other.id }))
  const asked = { ...why, holderId, asset, amount: -amount, effectiveAt: null, reverses: id }
  return propose(world, asked, adjuster, 'reverseAdjustment')
}

const propose = (
  world: World,
  asked: Pick<StoredAdjustment, 'holderId' | 'asset' | 'amount' | 'reason' | 'note' | 'effectiveAt' | 'reverses'>,
  adjuster: Adjuster,
  action: string,
): Result<Answer> => {
  // Nobody can spend it.
  if (isErasedValue(world.holders.get(asked.holderId)!.value))
    return no(refuse(peopleRefusals.person_not_found, { type: 'id' }))
  const programme = programmeOf(world, asked.asset)
  if (!programme.ok) return programme
  const alone = world.catalogue.adjustments.secondPersonAbove[asked.asset] ?? Number.MAX_SAFE_INTEGER
  const adjustment: StoredAdjustment = {
    ...asked,
    id: world.newId('adj'),
    state: 'proposed',
    proposedBy: adjuster.keyId,
    proposedAt: world.now,
    decidedBy: null,
    decidedAt: null,
    transactionId: null,
  }
  const hand = { hand: adjuster.hand ?? adjuster.keyId, asset: asked.asset }
  // Taking back one of one's own is no more than it was.
  const counts = asked.reverses === null
  if (Math.abs(asked.amount) <= alone && (!counts || isWithinDay(world, hand, asked.amount))) {
    const booked = book(world, adjustment, adjuster.keyId)
    if (!booked.ok) return booked
    if (counts) countByHand(world, hand, asked.amount)
    adjustment.state = 'booked'
    adjustment.decidedAt = world.now
    adjustment.transactionId = booked.value.id
  }
  world.adjustments.set(adjustment.id, adjustment)
  world.changes.newAdjustments.add(adjustment.id)
  audit(world, adjustment, action, adjuster)
  return ok(answerOf(world, adjustment))
}

/** The second person's word: books it, or lets it go. */
export const decideAdjustment = (
  world: World,
  id: string,
  { approves, ...adjuster }: Adjuster & { readonly approves: boolean },
): Result<Answer> => {
  const found = adjustmentIn(world, id)
  if (!found.ok) return found
  const adjustment = found.value
  const { state } = adjustment
  if (state !== 'proposed') return no(refuse(adjustmentRefusals.adjustment_state_conflict, { id, state }))
  // Whoever proposed it may think better of it.
  if (approves && adjustment.proposedBy === adjuster.keyId)
    return no(refuse(adjustmentRefusals.second_person_needed, { id }))
  if (approves) {
    const booked = book(world, adjustment, adjuster.keyId)
    if (!booked.ok) return booked
    adjustment.transactionId = booked.value.id
  }
  adjustment.state = approves ? 'booked' : 'rejected'
  adjustment.decidedBy = adjuster.keyId
  adjustment.decidedAt = world.now
  if (!world.changes.newAdjustments.has(id)) world.changes.adjustments.add(id)
  audit(world, adjustment, approves ? 'approveAdjustment' : 'rejectAdjustment', adjuster)
  return ok(answerOf(world, adjustment))
}

const adjustmentIn = (world: World, id: string): Result<StoredAdjustment> => {
  const found = world.adjustments.get(id)
  return found ? ok(found) : no(refuse(adjustmentRefusals.adjustment_not_found, { id }))
}

const audit = (world: World, it: StoredAdjustment, action: string, { keyId, requestId }: Adjuster): void => {
  const { id, state, asset, amount, reason, reverses } = it
  const details = { requestId, state, asset, amount, reason, ...(reverses !== null && { reverses }) }
  world.changes.newAudits.push({ id: world.newId('aud'), at: world.now, keyId, action, subject: id, details })
}

const book = (world: World, adjustment: StoredAdjustment, actor: string): Result<Transaction> => {
  const { id, holderId, reason, effectiveAt, reverses, amount } = adjustment
  const cause: AdjustCause = {
    holderId,
    actor,
    reason,
    effectiveAt: effectiveAt ?? undefined,
    details: { adjustment: id },
    reverses: reverses === null ? undefined : world.adjustments.get(reverses)!.transactionId!,
  }
  if (amount < 0) return takeAway(world, adjustment, cause)
  return ok(cause.reverses === undefined ? give(world, adjustment, cause) : putBack(world, adjustment, cause))
}

type AdjustCause = Cause & { readonly effectiveAt: number | undefined; readonly reverses: string | undefined }

const sum = (picks: readonly Taken[]): number => picks.reduce((all, it) => all + it.amount, 0)

/** As if it were earned at that time, without a wait. */
const termsOf = (world: World, asset: Asset, at: number): LotTerms => {
  const found = programmeOf(world, asset)
  const terms = found.ok ? found.value?.terms : undefined
  const timeZone = terms?.timeZone ?? world.workspace.timeZone
  if (terms && assetParts(asset).kind === 'points') return lotTermsOf({ expiry: terms.expiry }, at, timeZone)
  if (terms?.tiers) return qualifyingTermsOf(terms.tiers, at, timeZone)
  return { earnedAt: at, activeAt: null, awaits: null, expiresAt: null }
}

const give = (world: World, { holderId, asset, amount }: StoredAdjustment, cause: AdjustCause): Transaction => {
  const terms = termsOf(world, asset, cause.effectiveAt ?? world.now)
  const gift = { ...cause, kind: 'adjust', ownerId: holderId, asset, amount, from: 'adjusted', terms } as const
  return earn(ledgerOf(world), gift).transaction
}

/** What an adjustment took goes back to the lots it came from, with their expiry; what it made somebody owe is given anew. */
const putBack = (world: World, adjustment: StoredAdjustment, cause: AdjustCause): Transaction => {
  const ledger = ledgerOf(world)
  const reverses = cause.reverses!
  const picks = lotsTouched(ledger, reverses).map(({ lot, amount }) => ({ lot, amount: -amount }))
  const rest = { ...adjustment, amount: adjustment.amount - sum(picks) }
  if (picks.length === 0) return give(world, rest, cause)
  const transaction = giveBack(ledger, picks, { ...cause, reverses, graceMs: 0, from: 'adjusted' })
  if (rest.amount > 0) give(world, rest, cause)
  return transaction
}

/** Never below what is there, unless the programme lets people owe points. What is taken back comes out of what was given, as far as that is there. */
const takeAway = (world: World, adjustment: StoredAdjustment, cause: AdjustCause): Result<Transaction> => {
  const { asset, holderId } = adjustment
  const ledger = ledgerOf(world)
  const owners = world.persons.get(world.holders.get(holderId)!.personId)!
  const asked = -adjustment.amount
  const there = spendable(ledger, owners, asset)
  const programme = programmeOf(world, asset)
  const terms = programme.ok ? programme.value?.terms : undefined
  const owed = owners.reduce((all, id) => all - balanceOf(world.book, id, asset, 'debt'), 0)
  const mayOwe =
    terms?.returns.earned === 'unlimited' ? Math.max(0, (terms.returns.maxDebt ?? Number.MAX_SAFE_INTEGER) - owed) : 0
  const available = there + mayOwe
  if (asked > available) {
    const decimals = terms && assetParts(asset).kind === 'points' ? toldDecimals(terms) : {}
    return no(refuse(adjustmentRefusals.adjustment_too_much, { asset, asked, available, ...decimals }))
  }
  const first = cause.reverses === undefined ? [] : lotsTouched(ledger, cause.reverses).map(it => it.lot)
  // Enough to take all of it from others where none of those is left.
  const least = Math.min(there, asked + first.reduce((all, lot) => all + lot.remaining, 0))
  const chosen = choose(ledger, owners, asset, least, terms?.burning.order ?? 'soonestExpiring') ?? []
  const picks: Taken[] = []
  for (const { lot, amount } of [
    ...chosen.filter(it => first.includes(it.lot)),
    ...chosen.filter(it => !first.includes(it.lot)),
  ]) {
    const part = Math.min(amount, asked - sum(picks))
    if (part > 0) picks.push({ lot, amount: part })
  }
  const rest = asked - sum(picks)
  const debt = rest > 0 ? { ownerId: holderId, amount: rest } : undefined
  return ok(takeBack(ledger, asset, picks, { ...cause, to: 'adjusted', debt }))
}
