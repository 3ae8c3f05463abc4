import { commonRefusals } from '../../contract/common-refusals.ts'
import type {
  activateGiftCard,
  blockGiftCard,
  checkGiftCard,
  createCredit,
  getGiftCard,
  issueGiftCards,
  keepGiftCard,
  listGiftCards,
  unblockGiftCard,
} from '../../contract/stored-money.ts'
import { makeId } from '../../core/kernel/id.ts'
import { ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { moneyOf } from '../../core/ledger/account.ts'
import { giveWithinDay } from '../../core/loop/by-hand.ts'
import * as money from '../../core/loop/stored-money.ts'
import { instantOrNull, type World } from '../../core/loop/world.ts'
import type { GiftCard } from '../../core/loyalty/gift-card.ts'
import { giftCardId, giftCardsAtOnce } from '../../core/loyalty/gift-card-schema.ts'
import { moneyRefusals } from '../../core/loyalty/money-refusals.ts'
import { payRefusals } from '../../core/loyalty/pay-refusals.ts'
import { normalizeCode } from '../../core/offers/code.ts'
import { isMistyped } from '../../core/offers/gift-card-code.ts'
import { type ParsedRef, parseRef } from '../../core/people/ref.ts'
import { holderIdOf } from '../../core/people/union.ts'
import { type ChangeCall, change, idempotencyHashes } from '../change.ts'
import type { Needs } from '../commit/item.ts'
import { makeGuessThrottle, waitOf } from '../guess-throttle.ts'
import { handOf } from '../hand-of.ts'
import type { Answer, Auth, Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'
import { type IssueGiftCards, makeGiftCardCodes } from '../worker/issue-gift-cards.ts'
import { addJob, withLocation } from '../worker/job-store.ts'
import { answerOf, tooMany } from './orders.ts'

/** A card as it is stored, with what is on it now. */
type CardRow = GiftCard & { readonly person: string | null; readonly balance: number; readonly held: number }

/** Whoever is named, as needs: an identifier that nobody has yet is made. */
const whoNeeds = (who: ParsedRef): Needs =>
  'personId' in who ? { holders: [holderIdOf(who.personId)] } : { identifiers: [who] }

/** Cards with what is on them at an instant. What has ended by then is not counted, whether or not the clock's work is booked. */
const cardsFrom = (cards: string, now: string): string =>
  `select g.id, g.code, g.currency, g.initial, g.state, g.days, g.holder_id as "holderId", g.offer_id as "offerId",
     g.job_id as "jobId", g.issued_at as "issuedAt", g.activated_at as "activatedAt", g.expires_at as "expiresAt",
     g.blocked_at as "blockedAt", g.blocked_for as "blockedFor", g.revision,
     h.person_id as person, coalesce(l.balance, 0)::int8 as balance, coalesce(a.balance, 0)::int8 as held
   from ${cards} g
   left join holders h on h.workspace_id = $1 and h.id = g.holder_id
   left join accounts a on a.workspace_id = $1 and a.id = g.id || '/giftCard:' || g.currency || '/held'
   left join lateral (
     select sum(remaining) as balance from lots
     where workspace_id = $1 and owner_id = g.id and asset = 'giftCard:' || g.currency and kind = 'main' and remaining > 0
       and (expires_at is null or expires_at > to_timestamp(${now} / 1000.0))) l on true`

export const storedMoneyHandlers = (services: Services) => {
  const { database, writer, workspaces, random } = services
  const throttlesOf = makeGuessThrottle(services.clock)

  /** One look-up, whatever there is: that of a code which nobody has takes as long as that of a blocked card. */
  const find = async (workspaceId: string, code: string, now: number): Promise<CardRow | undefined> => {
    const { rows } = await database.query<CardRow & Record<string, unknown>>(
      cardsFrom(
        `(select * from gift_cards where workspace_id = $1 and code = $2
          union all select * from gift_cards where workspace_id = $1 and id = $3)`,
        '$4',
      ),
      // What is no id is not asked for: a caller's text may hold what no store can.
      [workspaceId, normalizeCode(code), giftCardId.safeParse(code).data ?? '', now],
      'find gift card',
    )
    return rows[0]
  }

  /** Decides in the next commit, beside the orders that the cards pay. */
  const decide = async (
    call: ChangeCall,
    action: string,
    needs: Needs,
    work: (world: World) => Result<unknown>,
    { status = 200, weight = 8 } = {},
  ): Promise<Answer> => {
    const { auth, idempotencyKey } = call
    const { secret } = workspaces.known(auth.workspaceId)
    return answerOf(
      await writer.submit({
        workspaceId: auth.workspaceId,
        needs,
        fromBrowser: auth.scope === 'publishable',
        weight,
        bytes: 2_000,
        ...(idempotencyKey !== undefined && {
          idempotency: idempotencyHashes(secret, action, { ...call, idempotencyKey }),
        }),
        decide: world => {
          const result = work(world)
          return result.ok ? { text: JSON.stringify(result.value), status } : { refusal: result.refusal }
        },
      }),
    )
  }

  const causeOf = ({ keyId, channel, location }: Auth) => ({ actor: keyId, channel, location })

  const issue: Handler<typeof issueGiftCards> = async call => {
    const { count, codes, ...terms } = call.body
    if (count > giftCardsAtOnce)
      return issueMany(call, count, { ...terms, actor: call.auth.keyId, hand: await handOf(database, call.auth) })
    const { auth } = call
    const given = codes ?? makeGiftCardCodes(count, random)
    const { currency } = workspaces.known(auth.workspaceId).workspace
    const hand = { hand: await handOf(database, auth), asset: moneyOf('giftCard', terms.currency ?? currency) }
    return decide(
      call,
      'issueGiftCards',
      { giftCards: given.map(normalizeCode), hands: [hand] },
      world =>
        giveWithinDay(world, hand, terms.amount * given.length, () =>
          money.issueGiftCards(world, call.body, given, causeOf(auth)),
        ),
      { status: 201, weight: 2 + given.length * (call.body.active ? 6 : 1) },
    )
  }

  const issueMany = async (call: ChangeCall, count: number, params: IssueGiftCards): Promise<Answer> => {
    const { workspaceId } = call.auth
    const id = makeId('job', call.now, random(10))
    const job = { workspaceId, id, kind: 'issueGiftCards', params, total: count, now: call.now }
    return withLocation(
      await change(services, call, { action: 'issueGiftCards', subject: id }, async tx =>
        ok({ status: 202, json: await addJob(tx, job) }),
      ),
    )
  }

  const list: Handler<typeof listGiftCards> = async ({ auth, query: { limit, cursor, job, newest = false }, now }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const order = newest ? 'desc' : 'asc'
    const { rows } = await database.query<CardRow & Record<string, unknown>>(
      `${cardsFrom(
        `(select * from gift_cards where workspace_id = $1 and ${newest ? "($3 = '' or id < $3)" : 'id > $3'} ${
          job === undefined ? '' : 'and job_id = $5'
        } order by id ${order} limit $4)`,
        '$2',
      )} order by g.id ${order}`,
      [auth.workspaceId, now, after.value, limit + 1, ...(job === undefined ? [] : [job])],
    )
    return {
      json: makePage(
        rows,
        limit,
        row => row.id,
        row => money.giftCardAnswer(row, row),
      ),
    }
  }

  const get: Handler<typeof getGiftCard> = async ({ auth, params, now }) => {
    const card = await find(auth.workspaceId, params.code, now)
    return card ? { json: money.giftCardAnswer(card, card) } : { refusal: refuse(moneyRefusals.gift_card_not_found) }
  }

  /** What a card's code and id point to stays, so it is looked up before; whose it is may have changed by then, and is asked again. */
  const changeCard = async (
    call: ChangeCall & { readonly params: { readonly code: string } },
    action: string,
    work: (world: World, code: string) => Result<unknown>,
  ): Promise<Answer> => {
    const { auth } = call
    const throttles = auth.scope === 'till' ? throttlesOf(auth, undefined, '') : []
    const wait = waitOf(throttles)
    if (wait !== undefined) return tooMany(wait)
    const card = await find(auth.workspaceId, call.params.code, call.now)
    if (!card) {
      for (const [throttle, name] of throttles) throttle.charge(name, 1)
      return { refusal: refuse(moneyRefusals.gift_card_not_found) }
    }
    const needs = { giftCards: [card.code], ...(card.holderId !== null && { holders: [card.holderId] }) }
    return decide(call, action, needs, world => work(world, card.code))
  }

  const activate: Handler<typeof activateGiftCard> = call =>
    changeCard(call, 'activateGiftCard', (world, code) => money.activateGiftCard(world, code, causeOf(call.auth)))

  const clerkOf = ({ auth, requestId }: ChangeCall) => ({ keyId: auth.keyId, requestId })
  const block: Handler<typeof blockGiftCard> = call =>
    changeCard(call, 'blockGiftCard', (world, code) =>
      money.blockGiftCard(world, code, call.query.reason, clerkOf(call)),
    )
  const unblock: Handler<typeof unblockGiftCard> = call =>
    changeCard(call, 'unblockGiftCard', (world, code) => money.blockGiftCard(world, code, null, clerkOf(call)))

  type Guess = ChangeCall & { readonly body: { readonly code: string }; readonly remoteAddress: string }

  /** The card that somebody holds; who only tries learns nothing but that, and tries ever more slowly. */
  const heldCard = async (
    call: Guess,
    who: ParsedRef | undefined,
  ): Promise<{ readonly card: CardRow } | { readonly answer: Answer }> => {
    const { auth, body } = call
    if (isMistyped(body.code)) return { answer: { refusal: refuse(moneyRefusals.gift_card_code_mistyped) } }
    const throttles = throttlesOf(auth, who, call.remoteAddress)
    const wait = waitOf(throttles)
    if (wait !== undefined) return { answer: tooMany(wait) }
    const card = await find(auth.workspaceId, body.code, call.now)
    const isOver = card && card.balance === 0 && card.expiresAt !== null && card.expiresAt <= call.now
    if (card && card.code === normalizeCode(body.code) && card.state === 'active' && !isOver) return { card }
    for (const [throttle, name] of throttles) throttle.charge(name, 1)
    return { answer: { refusal: refuse(payRefusals.gift_card_not_usable) } }
  }

  const balanceAnswer = ({ currency, balance, expiresAt }: Pick<CardRow, 'currency' | 'balance' | 'expiresAt'>) => ({
    currency,
    balance,
    expiresAt: instantOrNull(expiresAt),
  })

  const check: Handler<typeof checkGiftCard> = async call => {
    const held = await heldCard(call, undefined)
    return 'answer' in held ? held.answer : { json: balanceAnswer(held.card) }
  }

  const keep: Handler<typeof keepGiftCard> = async call => {
    const { auth, body } = call
    if (auth.scope === 'publishable' && auth.person === undefined)
      return forbidden('publishable', 'publishable with a person token')
    const person = auth.person ?? body.person
    if (person === undefined) return { refusal: personMissing }
    const { workspace } = workspaces.known(auth.workspaceId)
    const who = parseRef(person, { country: workspace.country })
    if (!who.ok) return who
    const held = await heldCard(call, who.value)
    if ('answer' in held) return held.answer
    const { card } = held
    const named = whoNeeds(who.value)
    const needs = {
      ...named,
      giftCards: [card.code],
      holders: [...(named.holders ?? []), ...(card.holderId === null ? [] : [card.holderId])],
    }
    return decide(call, 'keepGiftCard', needs, world => {
      const kept = money.keepGiftCard(world, card.code, person)
      return kept.ok ? { ok: true, value: balanceAnswer({ ...kept.value, expiresAt: card.expiresAt }) } : kept
    })
  }

  const giveCredit: Handler<typeof createCredit> = async call => {
    const { auth, body } = call
    const { workspace } = workspaces.known(auth.workspaceId)
    const who = parseRef(body.person, { country: workspace.country })
    if (!who.ok) return { refusal: { ...who.refusal, errors: [{ pointer: '/person', message: who.refusal.message }] } }
    const asset = `credit:${body.currency ?? workspace.currency}` as const
    const hand = await handOf(database, auth)
    const needs = { ...whoNeeds(who.value), value: [{ asset, amount: 0 }], hands: [{ hand, asset }] }
    const give = (world: World) => money.giveCredit(world, body, causeOf(auth), hand)
    return decide(call, 'createCredit', needs, give, { status: 201 })
  }

  return {
    issueGiftCards: issue,
    listGiftCards: list,
    getGiftCard: get,
    activateGiftCard: activate,
    blockGiftCard: block,
    unblockGiftCard: unblock,
    checkGiftCard: check,
    keepGiftCard: keep,
    createCredit: giveCredit,
  }
}

const forbidden = (scope: string, allowed: string): Answer => ({
  refusal: refuse(commonRefusals.forbidden, { scope, allowed }),
})
const personMissing = invalidInput([{ pointer: '/person', message: 'is missing' }])
