import type { Queryable } from '../../adapters/storage/database.ts'
import { commonRefusals } from '../../contract/common-refusals.ts'
import type { getOrder, getOrderBasket, putOrder } from '../../contract/orders.ts'
import { type Refusal, refuse } from '../../core/kernel/refusal.ts'
import { parseInstant } from '../../core/kernel/time.ts'
import { putOrder as decidePut } from '../../core/loop/put-order.ts'
import { payRefusals } from '../../core/loyalty/pay-refusals.ts'
import { isStored, type Tender } from '../../core/loyalty/tender.ts'
import { normalizeCode } from '../../core/offers/code.ts'
import { offerRefusals } from '../../core/offers/refusals.ts'
import { orderRefusals } from '../../core/orders/refusals.ts'
import { lineSubtotal, type OrderAnswer, type OrderInput, type OrderPut } from '../../core/orders/schema.ts'
import { type ParsedRef, parseRef } from '../../core/people/ref.ts'
import { holderIdOf } from '../../core/people/union.ts'
import type { Scope } from '../../core/workspaces/schema.ts'
import { idempotencyHashes } from '../change.ts'
import type { Needs, Outcome } from '../commit/item.ts'
import { makeGuessThrottle, waitOf } from '../guess-throttle.ts'
import type { Answer, Auth, Call, Handler } from '../http/call.ts'
import { readBasket } from '../orders/order-story.ts'
import type { Services } from '../services.ts'
import type { Throttle } from '../throttle.ts'
import { hashFor } from '../workspaces.ts'

/** What a guesser may learn from a browser's key: nothing. These look the same to it. */
const guessable: ReadonlySet<string> = new Set([
  offerRefusals.code_unknown.code,
  offerRefusals.code_blocked.code,
  offerRefusals.offer_paused.code,
  offerRefusals.offer_not_started.code,
  offerRefusals.offer_expired.code,
  offerRefusals.person_required.code,
  offerRefusals.not_in_audience.code,
  offerRefusals.grant_of_another.code,
  offerRefusals.grant_revoked.code,
  offerRefusals.grant_used.code,
  offerRefusals.grant_expired.code,
  offerRefusals.limit_reached.code,
  offerRefusals.held_out.code,
])

/** The same of gift cards. */
const isCardTold: ReadonlySet<string> = new Set([
  payRefusals.gift_card_unknown.code,
  payRefusals.gift_card_inactive.code,
  payRefusals.gift_card_blocked.code,
  payRefusals.gift_card_expired.code,
])
const isGuessedCard = ({ code }: Refusal, scope: Scope): boolean =>
  scope === 'publishable' ? isCardTold.has(code) : code === payRefusals.gift_card_unknown.code

type RefusedCode = OrderAnswer['refused'][number]

const notValid = (code: string): RefusedCode => ({
  code,
  reason: { ...refuse(offerRefusals.code_not_valid), details: {} },
})

const masked = (refused: RefusedCode): RefusedCode =>
  refused.code === undefined || !guessable.has(refused.reason.code) ? refused : notValid(refused.code)

/** How many of these refusals are what a guesser would see. A server's key sees what stopped a code, so only unknown ones are guesses. */
const guessesIn = (refused: readonly RefusedCode[], scope: Scope): number =>
  refused.filter(
    ({ code, reason }) =>
      code !== undefined &&
      (scope === 'publishable'
        ? reason.code === offerRefusals.code_not_valid.code
        : reason.code === offerRefusals.code_unknown.code),
  ).length

/** How the holder that a reference names is named among the needs. */
const linkName = (who: ParsedRef): string => ('personId' in who ? holderIdOf(who.personId) : `${who.type}:${who.value}`)

/** `named`: the buyer first, then what else she showed. */
const needsOf = (
  id: string,
  put: OrderPut,
  named: readonly ParsedRef[],
  { auth, currency, now }: { readonly auth: Auth; readonly currency: string; readonly now: number },
): Needs => {
  if (put.state === 'cancelled') return { orders: [id] }
  const at = put.occurredAt === undefined ? undefined : parseInstant(put.occurredAt)
  const [who, ...others] = named
  return {
    orders: [id],
    holders: named.flatMap(it => ('personId' in it ? holderIdOf(it.personId) : [])),
    identifiers: named.flatMap(it => ('type' in it ? it : [])),
    links: others.map(it => [linkName(who!), linkName(it), { verified: true, at: at ?? now }] as const),
    codes: put.codes.map(normalizeCode),
    ...(put.tenders && paying(put, put.tenders, put.currency ?? currency)),
    skus: put.lines.map(line => line.sku),
    place: {
      ...(at === undefined ? {} : { at }),
      // Without a channel the order is refused, whatever was read for it.
      channel: put.channel ?? auth.channel ?? '',
      location: put.location ?? auth.location ?? null,
      currency: put.currency ?? currency,
      categories: put.lines.flatMap(line => line.category ?? []),
    },
  }
}

/** What an order may spend: no more than it costs before discounts. */
const paying = (
  { lines, shipping }: OrderInput,
  tenders: readonly Tender[],
  currency: string,
): Pick<Needs, 'pays' | 'giftCards' | 'giftCardIds'> => {
  const stored = tenders.filter(isStored)
  if (stored.length === 0) return {}
  const cards = stored.filter(it => it.type === 'giftCard')
  const upTo = lines.reduce((sum, line) => sum + lineSubtotal(line), shipping)
  return {
    pays: { tenders: stored, upTo, currency },
    giftCards: cards.flatMap(it => ('code' in it ? normalizeCode(it.code) : [])),
    giftCardIds: cards.flatMap(it => ('card' in it ? it.card : [])),
  }
}

/** What else the buyer showed, where the order links it: a browser links nothing. What cannot be read is refused later. */
const alsoNamed = (
  put: OrderPut,
  { isBrowser, country }: { readonly isBrowser: boolean; readonly country: string | undefined },
): ParsedRef[] => {
  if (put.state !== 'placed' || isBrowser) return []
  return (put.identifiers ?? []).flatMap(text => {
    const ref = parseRef(text, { country })
    return ref.ok ? ref.value : []
  })
}

export const ordersHandlers = (services: Services) => {
  const { database, writer, workspaces, sources, clock } = services
  const throttlesOf = makeGuessThrottle(services.clock)

  const put: Handler<typeof putOrder> = async call => {
    const { auth, query } = call
    const { workspace, secret } = workspaces.known(auth.workspaceId)
    const isBrowser = auth.scope === 'publishable'
    const asked = call.body.state === 'cancelled' ? undefined : call.body.person
    if (isBrowser && auth.person === undefined && asked !== undefined && !asked.startsWith('anonymousId:'))
      return {
        refusal: refuse(commonRefusals.forbidden, { scope: 'publishable', allowed: 'publishable with a person token' }),
      }
    const location = call.body.state === 'cancelled' ? undefined : call.body.location
    if (auth.scope === 'till' && location !== undefined && location !== auth.location)
      return {
        refusal: refuse(commonRefusals.forbidden, { scope: 'till', allowed: 'till of that location, or secret' }),
      }
    const person = auth.person ?? asked
    const ref = person === undefined ? undefined : parseRef(person, { country: workspace.country })
    // A reference that cannot be read needs nothing: the decision refuses it.
    const who = ref?.ok ? ref.value : undefined
    const named = who ? [who, ...alsoNamed(call.body, { isBrowser, country: workspace.country })] : []
    const { codes, lines, tenders = [] } = call.body.state === 'cancelled' ? { codes: [], lines: [] } : call.body
    const isGuess = codes.length > 0 || tenders.some(it => it.type === 'giftCard' && isStored(it))
    const throttles = isGuess ? throttlesOf(auth, who, call.remoteAddress) : []
    const wait = waitOf(throttles)
    if (wait !== undefined) return tooMany(wait)
    const outcome = await writer.submit({
      workspaceId: auth.workspaceId,
      needs: needsOf(call.params.id, call.body, named, { auth, currency: workspace.currency, now: call.now }),
      // A row holds all lines, but reading and deciding hundreds of them takes as long as writing many rows: such an order has few or
      // none beside it in its batch, so that nobody else waits for more than one.
      fromBrowser: isBrowser,
      weight:
        4 +
        codes.length +
        8 * tenders.filter(isStored).length +
        Math.floor(lines.length / 8) +
        (lines.length > 100 ? lines.length : 0),
      bytes: 2_000 + call.bodyText.length * 3,
      looks: query.dryRun,
      ...(call.idempotencyKey === undefined || query.dryRun
        ? {}
        : { idempotency: idempotencyHashes(secret, 'putOrder', { ...call, idempotencyKey: call.idempotencyKey }) }),
      decide: world => {
        const result = decidePut(world, {
          id: call.params.id,
          put: call.body,
          scope: auth.scope,
          channel: auth.channel,
          location: auth.location,
          actor: auth.keyId,
          person: auth.person,
          dryRun: query.dryRun,
          requestHash: hashFor(secret, call.bodyText),
        })
        return result.ok ? { text: result.value, status: 200 } : { refusal: result.refusal }
      },
    })
    if ('text' in outcome && !query.dryRun) {
      const { state } = call.body
      const subject = who && 'type' in who ? who.type : null
      const order = { outcome: 'stored', kind: 'order', name: state, messageId: call.params.id, subject } as const
      sources.took(auth, [order], clock(auth.workspaceId) - call.now)
    }
    return settle(outcome, call, throttles)
  }

  /** Masks what a browser must not see, and counts the guesses. */
  const settle = (
    decided: Outcome,
    { auth }: Call<typeof putOrder>,
    throttles: readonly (readonly [Throttle, string])[],
  ): Answer => {
    const outcome = seesHoldout(auth) ? decided : withoutHoldout(decided)
    if (throttles.length === 0) return answerOf(outcome)
    // The answer is parsed only where a refusal may stand in it: `"refused":[]` ends the answer of a code that applied.
    if ('text' in outcome && outcome.text.endsWith('"refused":[]}')) return answerOf(outcome)
    const answer = 'text' in outcome ? (JSON.parse(outcome.text) as OrderAnswer) : undefined
    const listed =
      answer?.refused ?? ('refusal' in outcome ? ((outcome.refusal.details.refused ?? []) as RefusedCode[]) : [])
    const shown = auth.scope === 'publishable' ? listed.map(masked) : listed
    const guesses =
      guessesIn(shown, auth.scope) + Number('refusal' in outcome && isGuessedCard(outcome.refusal, auth.scope))
    if (guesses > 0) for (const [throttle, name] of throttles) throttle.charge(name, guesses)
    if (auth.scope !== 'publishable') return answerOf(outcome)
    if (answer) return { json: { ...answer, refused: shown } }
    if ('refusal' in outcome && isCardTold.has(outcome.refusal.code))
      return { refusal: refuse(payRefusals.gift_card_not_usable) }
    return 'refusal' in outcome && outcome.refusal.code === orderRefusals.codes_refused.code
      ? { refusal: { ...outcome.refusal, details: { refused: shown } } }
      : answerOf(outcome)
  }

  const get: Handler<typeof getOrder> = async ({ params: { id }, auth }) => {
    const text = await readOrder(database, auth, id)
    return text === undefined ? { refusal: refuse(orderRefusals.order_not_found, { id }) } : { text }
  }

  const basket: Handler<typeof getOrderBasket> = async ({ params: { id }, auth }) => {
    const json = await readBasket(database, auth.workspaceId, id)
    return json === undefined ? { refusal: refuse(orderRefusals.order_not_found, { id }) } : { json }
  }

  return { putOrder: put, getOrder: get, getOrderBasket: basket }
}

/** An order as it was last answered, as this caller may see it; undefined: there is none. */
export const readOrder = async (source: Queryable, auth: Auth, id: string): Promise<string | undefined> => {
  const { rows } = await source.query<{ answer: string; person: string | null }>(
    `select o.answer, h.person_id as person from orders o
     left join holders h on h.workspace_id = o.workspace_id and h.id = o.holder_id
     where o.workspace_id = $1 and o.id = $2`,
    [auth.workspaceId, id],
  )
  if (!rows[0]) return undefined
  const { answer, person } = rows[0]
  return withPersonNow(seesHoldout(auth) ? answer : textWithoutHoldout(answer), person)
}

/** Whoever is held out must not learn it, nor the clerk: it would change what they do. */
export const seesHoldout = ({ scope }: Auth): boolean => scope === 'secret' || scope === 'admin'

/** A code that was named must not just vanish: that would tell it from one that does not exist. */
const withoutHeldOut = (refused: readonly RefusedCode[]): RefusedCode[] =>
  refused.flatMap(it =>
    it.reason.code !== offerRefusals.held_out.code ? it : it.code === undefined ? [] : notValid(it.code),
  )

const textWithoutHoldout = (text: string): string => {
  if (!text.includes('"withheld":') && !text.includes(`"${offerRefusals.held_out.code}"`)) return text
  const { withheld: _withheld, ...shown } = JSON.parse(text) as OrderAnswer
  return JSON.stringify({ ...shown, refused: withoutHeldOut(shown.refused) })
}

const withoutHoldout = (outcome: Outcome): Outcome => {
  if ('text' in outcome) return { ...outcome, text: textWithoutHoldout(outcome.text) }
  const { refusal } = outcome
  if (refusal.code !== orderRefusals.codes_refused.code) return outcome
  const refused = withoutHeldOut(refusal.details.refused as RefusedCode[])
  return { refusal: { ...refusal, details: { ...refusal.details, refused } } }
}

/** What was answered stays as it was; who the buyer has become since stands beside it. */
const withPersonNow = (text: string, person: string | null): string => {
  if (person === null) return text
  const answer = JSON.parse(text) as OrderAnswer
  return answer.person === person ? text : JSON.stringify({ ...answer, personNow: person })
}

/** Whoever guesses waits. */
export const tooMany = (retryAfterSeconds: number): Answer => ({
  refusal: refuse(commonRefusals.too_many_attempts, { retryAfterSeconds }),
  retryAfterSeconds,
})

/** What the writer answered, for HTTP: a full queue says when to come back. */
export const answerOf = (outcome: Outcome): Answer =>
  'refusal' in outcome
    ? { refusal: outcome.refusal, ...retryAfter(outcome.refusal) }
    : { text: outcome.text, status: outcome.status }

const retryAfter = ({ details }: Refusal): { retryAfterSeconds?: number } =>
  typeof details.retryAfterSeconds === 'number' ? { retryAfterSeconds: details.retryAfterSeconds } : {}
