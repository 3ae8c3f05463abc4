import { no, ok, type Refusal, type Result, refuse } from '../kernel/refusal.ts'
import { formatInstant, parseInstant } from '../kernel/time.ts'
import { moneyOf } from '../ledger/account.ts'
import { balanceOf, type Cause } from '../ledger/book.ts'
import { earn, spendable } from '../ledger/lots.ts'
import type { GiftCard } from '../loyalty/gift-card.ts'
import type { BlockedFor, CreditInput, GiftCardsInput } from '../loyalty/gift-card-schema.ts'
import { moneyRefusals } from '../loyalty/money-refusals.ts'
import { payRefusals } from '../loyalty/pay-refusals.ts'
import { normalizeCode } from '../offers/code.ts'
import { isMistyped } from '../offers/gift-card-code.ts'
import { grantEnd } from '../offers/grant-end.ts'
import { bookedHolder, whoBuys } from './buyer.ts'
import { giveWithinDay } from './by-hand.ts'
import { addGiftCard, changeGiftCard } from './gift-cards.ts'
import { holdersOfPerson, instantOrNull, ledgerOf, type World } from './world.ts'

/** `written('7KQ29XWM3FTHAV')` → '7KQ2-9XWM-3FTH-AV' */
export const written = (code: string): string => code.replaceAll(/(.{4})(?=.)/g, '$1-')

export const giftCardAnswer = (
  card: GiftCard,
  { balance, held, person }: { readonly balance: number; readonly held: number; readonly person: string | null },
) => ({
  id: card.id,
  code: written(card.code),
  currency: card.currency,
  initial: card.initial,
  balance,
  held,
  state: card.state,
  person,
  issuedAt: formatInstant(card.issuedAt),
  activatedAt: instantOrNull(card.activatedAt),
  expiresAt: instantOrNull(card.expiresAt),
  blockedAt: instantOrNull(card.blockedAt),
  blockedFor: card.blockedFor,
})
type Answer = ReturnType<typeof giftCardAnswer>

const answerOf = (world: World, card: GiftCard): Answer => {
  const asset = moneyOf('giftCard', card.currency)
  return giftCardAnswer(card, {
    balance: spendable(ledgerOf(world), [card.id], asset),
    held: balanceOf(world.book, card.id, asset, 'held'),
    person: card.holderId === null ? null : (world.holders.get(card.holderId)?.personId ?? null),
  })
}

/** Issues cards with these codes, all or none. Money is on them once they are active. */
export const issueGiftCards = (
  world: World,
  input: Pick<GiftCardsInput, 'amount' | 'currency' | 'active' | 'days' | 'expiresAt'>,
  given: readonly string[],
  cause: Cause,
  jobId: string | null = null,
): Result<{ readonly data: readonly Answer[] }> => {
  const codes = given.map(normalizeCode)
  const wrong = given.findIndex((it, index) => isMistyped(it) || codes[index] === '')
  if (wrong >= 0)
    return no(refuse(moneyRefusals.gift_card_code_mistyped, {}, [pointAt(wrong, 'has a wrong character')]))
  const taken = codes.findIndex((code, index) => world.giftCards.has(code) || codes.indexOf(code) < index)
  if (taken >= 0)
    return no(refuse(moneyRefusals.gift_card_code_taken, { place: `/codes/${taken}` }, [pointAt(taken, 'is taken')]))
  const end = endGiven(world, input.expiresAt)
  if (!end.ok) return end
  const cards = codes.map((code): GiftCard => {
    const card: GiftCard = {
      id: world.newId('gc'),
      code,
      currency: input.currency ?? world.workspace.currency,
      initial: input.amount,
      issuedAt: world.now,
      offerId: null,
      jobId,
      days: input.days ?? null,
      state: 'issued',
      holderId: null,
      activatedAt: null,
      expiresAt: end.value,
      blockedAt: null,
      blockedFor: null,
      revision: 0,
    }
    addGiftCard(world, card)
    if (input.active) activate(world, card, cause)
    return card
  })
  return ok({ data: cards.map(card => answerOf(world, card)) })
}

const pointAt = (index: number, message: string) => ({ pointer: `/codes/${index}`, message })

const endGiven = (world: World, expiresAt: string | undefined): Result<number | null> => {
  const end = expiresAt === undefined ? null : parseInstant(expiresAt)!
  return end !== null && end <= world.now
    ? no(refuse(moneyRefusals.ends_in_the_past, { expiresAt: formatInstant(end) }))
    : ok(end)
}

const activate = (world: World, card: GiftCard, cause: Cause): void => {
  const { timeZone } = world.workspace
  const expiresAt = card.days === null ? card.expiresAt : grantEnd(world.now, card.days, timeZone)
  changeGiftCard(world, card, { state: 'active', activatedAt: world.now, expiresAt })
  earn(ledgerOf(world), {
    ...cause,
    holderId: undefined,
    ownerId: card.id,
    asset: moneyOf('giftCard', card.currency),
    amount: card.initial,
    from: 'issued',
    kind: 'issue',
    terms: { earnedAt: world.now, activeAt: null, awaits: null, expiresAt },
  })
}

const cardNamed = (world: World, code: string): Result<GiftCard> => {
  const card = world.giftCards.get(code)
  return card ? ok(card) : no(refuse(moneyRefusals.gift_card_not_found))
}

/** A card is sold: from now on it pays. Asked again, it answers the same. */
export const activateGiftCard = (world: World, code: string, cause: Cause): Result<Answer> => {
  const found = cardNamed(world, code)
  if (!found.ok) return found
  const card = found.value
  if (card.state === 'blocked')
    return no(refuse(moneyRefusals.gift_card_state_conflict, { state: 'blocked', asked: 'active' }))
  if (card.activatedAt === null && card.expiresAt !== null && card.expiresAt <= world.now)
    return no(refuse(moneyRefusals.ends_in_the_past, { expiresAt: formatInstant(card.expiresAt) }))
  if (card.activatedAt === null) activate(world, card, cause)
  return ok(answerOf(world, card))
}

/** Blocked for a reason it pays nothing, and keeps what is on it; let go, with null, it is what it was. */
export const blockGiftCard = (
  world: World,
  code: string,
  reason: BlockedFor | null,
  { keyId, requestId }: { readonly keyId: string; readonly requestId: string },
): Result<Answer> => {
  const found = cardNamed(world, code)
  if (!found.ok) return found
  const card = found.value
  const isBlocked = reason !== null
  const state = isBlocked ? 'blocked' : card.activatedAt === null ? 'issued' : 'active'
  if (state !== card.state) {
    changeGiftCard(world, card, { state, blockedAt: isBlocked ? world.now : null, blockedFor: reason })
    const action = isBlocked ? 'blockGiftCard' : 'unblockGiftCard'
    world.changes.newAudits.push({
      id: world.newId('aud'),
      at: world.now,
      keyId,
      action,
      subject: card.id,
      details: { requestId, ...(isBlocked && { reason }) },
    })
  }
  return ok(answerOf(world, card))
}

/** Puts a card into somebody's wallet, where it is shown; whoever holds the code may spend it as before. */
export const keepGiftCard = (world: World, code: string, person: string): Result<Answer> => {
  const found = cardNamed(world, code)
  if (!found.ok) return found
  const card = found.value
  if (card.state !== 'active') return no(refuse(payRefusals.gift_card_not_usable))
  const who = whoBuys(world, person)
  if (!who.ok) return who
  if (card.holderId !== null) {
    const owner = world.holders.get(card.holderId)
    const isHers = owner !== undefined && owner.personId === who.value!.personId
    return isHers ? ok(answerOf(world, card)) : no(refuse(moneyRefusals.gift_card_of_another))
  }
  changeGiftCard(world, card, { holderId: bookedHolder(world, who.value)!.id })
  return ok(answerOf(world, card))
}

/** Gives somebody store credit. More than one person may give alone, at once or in a day, is refused. */
export const giveCredit = (world: World, input: CreditInput, cause: Cause, hand: string): Result<object> => {
  const who = whoBuys(world, input.person)
  if (!who.ok) return who
  const end = endGiven(world, input.expiresAt)
  if (!end.ok) return end
  const currency = input.currency ?? world.workspace.currency
  const asset = moneyOf('credit', currency)
  const most = world.catalogue.adjustments.secondPersonAbove[asset]
  if (most !== undefined && input.amount > most) return no(tooLarge(most, currency))
  return giveWithinDay(world, { hand, asset }, input.amount, () => {
    const holder = bookedHolder(world, who.value)!
    const { transaction } = earn(ledgerOf(world), {
      ...cause,
      reason: input.reason,
      ownerId: holder.id,
      asset,
      amount: input.amount,
      from: 'issued',
      kind: 'issue',
      terms: { earnedAt: world.now, activeAt: null, awaits: null, expiresAt: end.value },
    })
    const ownerIds = holdersOfPerson(world, holder.id).map(it => it.id)
    return ok({
      id: transaction.id,
      person: holder.personId,
      amount: input.amount,
      currency,
      reason: input.reason,
      expiresAt: instantOrNull(end.value),
      balance: spendable(ledgerOf(world), ownerIds, asset),
    })
  })
}

const tooLarge = (most: number, currency: string): Refusal => refuse(moneyRefusals.credit_too_large, { most, currency })
