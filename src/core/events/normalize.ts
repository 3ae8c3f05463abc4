import type { z } from 'zod'
import { type InputError, no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { parseInstant } from '../kernel/time.ts'
import { type CommerceKind, commerceKind, type OrderFacts, readOrder } from './commerce.ts'
import { escapePointer, splitBody } from './personal.ts'
import { eventRefusals } from './refusals.ts'
import { batchBody, type EventKind, eventBodies, type Identifier, isPresent } from './schema.ts'
import { findFlaw, jsonBytes, maxBatchBytes, maxEventBytes } from './size.ts'

/** Evidence, implied by an event, that two identifiers belong to one human. Both are among the event's identifiers. */
export type EventLink = { readonly a: Identifier; readonly b: Identifier; readonly verified: boolean }

export type NormalEvent = {
  readonly schemaVersion: 1
  readonly messageId: string
  readonly kind: EventKind
  /** The event's or page's name; of other calls, and of pages without a name, the kind. */
  readonly name: string
  /** Undefined where the sender does not say: then the channel of the key. */
  readonly channel?: string
  /** Epoch milliseconds on our clock, never later than `receivedAt`. */
  readonly occurredAt: number
  readonly receivedAt: number
  /** In a fixed order, the strongest first, none twice; the first is the `subject`. */
  readonly identifiers: readonly Identifier[]
  readonly subject: Identifier
  /** Sent with a key that proves nothing (a browser's): it happened, but what it says of money and known people is hearsay. */
  readonly hearsay?: true
  /** Hearsay, but a person token proves that it is its subject's own doing: it counts as what she did. */
  readonly vouched?: true
  /** What the sender showed for whom it speaks; a secret, so it is nowhere else in the event and is not stored. */
  readonly personToken?: string
  /** Told of the past: it counts, and no offer answers it. */
  readonly history?: true
  readonly links: readonly EventLink[]
  readonly groupId?: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly personal: Readonly<Record<string, unknown>>
  readonly commerce?: CommerceKind
  readonly order?: OrderFacts
  /** What was stored but not understood; pointers are into the event. */
  readonly issues?: readonly InputError[]
}

export type NormalizeOptions = {
  /** The call whose body this is; without it the body is a batch. */
  readonly kind?: EventKind
  readonly receivedAt: number
  /** True for keys that prove what they say (secret, admin, till), false for a publishable one. */
  readonly verified: boolean
  /** New for each request; messages that come without an id get `<randomId>-<index>`. */
  readonly randomId: string
  /** The workspace's currency, for orders that name none. */
  readonly currency?: string
  /** `normalizeIdentifier` of the people domain with the workspace's country: events lie left of people and cannot import it. */
  readonly identify: (type: string, given: string) => Result<Identifier>
}

type Json = Readonly<Record<string, unknown>>

/** An event together with what its batch says for all. */
type Sent = {
  readonly body: Json
  readonly kind: EventKind
  readonly pointer: string
  readonly sentAt: unknown
  readonly fallbackId: string
}

/**
 * Reads a body of the Segment HTTP tracking API. All or nothing: one malformed event refuses the batch and names its
 * place, so that a sender never has to guess which part was stored.
 *
 *     normalizeEvents({ userId: 'u1', event: 'Signed Up' }, { kind: 'track', … })   // { ok: true, value: [{ name: 'Signed Up', … }] }
 *     normalizeEvents({ batch: [{ type: 'track', userId: 'u1' }] }, { … })          // refused, errors: [{ pointer: '/batch/0/event', … }]
 */
export const normalizeEvents = (body: unknown, options: NormalizeOptions): Result<NormalEvent[]> => {
  const errors = checkBody(body, options.kind)
  if (errors.length > 0) return refused(errors)
  const outcomes = sentEvents(body as Json, options).map(sent => normalizeEvent(sent, options))
  const mistakes = outcomes.flatMap(outcome => ('errors' in outcome ? outcome.errors : []))
  if (mistakes.length > 0) return refused(mistakes)
  return ok(outcomes.flatMap(outcome => ('event' in outcome ? [outcome.event] : [])))
}

/** A batch can hold thousands of mistakes; the answer stays small. */
const errorsShown = 100

const refused = (errors: readonly InputError[]): Result<never> => {
  const first = errors[0]!
  const details = { pointer: first.pointer === '' ? 'The body' : first.pointer, message: first.message }
  return no(refuse(eventRefusals.events_invalid, details, errors.slice(0, errorsShown)))
}

const checkBody = (body: unknown, kind: EventKind | undefined): InputError[] => {
  if (!isObject(body)) return [{ pointer: '', message: 'must be a JSON object' }]
  // Size and depth first: they protect everything that follows.
  const bounds = kind === undefined ? checkBatchBounds(body) : checkEventBounds(body, '').errors
  if (bounds.length > 0) return bounds
  const schema: z.ZodType = kind === undefined ? batchBody : eventBodies[kind]
  const parsed = schema.safeParse(body)
  return parsed.success
    ? []
    : parsed.error.issues.map(issue => ({
        pointer: issue.path.map(step => `/${escapePointer(String(step))}`).join(''),
        message: issue.message,
      }))
}

const checkBatchBounds = (body: Json): InputError[] => {
  const { batch, ...envelope } = body
  const flaw = findFlaw(envelope)
  if (flaw) return [flaw]
  if (!Array.isArray(batch)) return []
  const shared = body.context === undefined ? 0 : jsonBytes(body.context)
  const checks = batch.map((event: unknown, index) => checkEventBounds(event, `/batch/${index}`, shared))
  const bytes = checks.reduce((sum, check) => sum + check.bytes + 1, jsonBytes(envelope))
  if (bytes > maxBatchBytes) {
    return [{ pointer: '/batch', message: `must be at most ${maxBatchBytes} bytes in all, this is ${bytes}` }]
  }
  return checks.flatMap(check => check.errors)
}

/** The context of a batch is copied into its events, so it counts in each: else 1,000 events could share 400 KB. */
const checkEventBounds = (
  event: unknown,
  pointer: string,
  sharedBytes = 0,
): { bytes: number; errors: InputError[] } => {
  const flaw = findFlaw(event)
  if (flaw) return { bytes: 0, errors: [{ pointer: pointer + flaw.pointer, message: flaw.message }] }
  const bytes = jsonBytes(event)
  const stored = bytes + sharedBytes
  const message = `must be at most ${maxEventBytes} bytes of JSON, this is ${stored}`
  return { bytes, errors: stored > maxEventBytes ? [{ pointer, message }] : [] }
}

const sentEvents = (body: Json, { kind, randomId }: NormalizeOptions): Sent[] => {
  if (kind !== undefined) return [{ body, kind, pointer: '', sentAt: body.sentAt, fallbackId: `${randomId}-0` }]
  return (body.batch as readonly Json[]).map((event, index) => ({
    body: isObject(body.context) ? { ...event, context: { ...body.context, ...objectOf(event.context) } } : event,
    kind: event.type as EventKind,
    pointer: `/batch/${index}`,
    sentAt: event.sentAt ?? body.sentAt,
    fallbackId: `${randomId}-${index}`,
  }))
}

const normalizeEvent = (
  sent: Sent,
  options: NormalizeOptions,
): { readonly event: NormalEvent } | { readonly errors: readonly InputError[] } => {
  const { body, kind } = sent
  const found = identifiersOf(sent, options.identify)
  if (found.errors.length > 0) return { errors: found.errors }
  const context = objectOf(body.context)
  const properties = objectOf(body.properties)
  const commerce = kind === 'track' ? commerceKind(String(body.event)) : undefined
  const reading = commerce === 'orderCompleted' ? readOrder(properties, options.currency) : undefined
  const issues = [...found.issues, ...(reading?.issues ?? [])]
  const event: NormalEvent = {
    schemaVersion: 1,
    messageId: typeof body.messageId === 'string' ? body.messageId : sent.fallbackId,
    kind,
    name: nameOf(sent),
    ...(typeof context.channel === 'string' ? { channel: context.channel } : {}),
    occurredAt: occurredAtOf(sent, options.receivedAt),
    receivedAt: options.receivedAt,
    identifiers: found.identifiers,
    subject: found.identifiers[0]!,
    ...(options.verified ? {} : { hearsay: true as const }),
    ...(context.history === true ? { history: true as const } : {}),
    links: linksOf(found.identifiers, options.verified && !saysUnverified(body)),
    ...(kind === 'group' ? { groupId: String(body.groupId) } : {}),
    ...(typeof context.personToken === 'string' ? { personToken: context.personToken } : {}),
    ...splitBody(withoutToken(body)),
    ...(commerce ? { commerce } : {}),
    ...(reading?.facts ? { order: reading.facts } : {}),
    ...(issues.length > 0 ? { issues } : {}),
  }
  return { event }
}

const withoutToken = (body: Json): Json => {
  const { personToken, ...context } = objectOf(body.context)
  return personToken === undefined ? body : { ...body, context }
}

/** Names are indexed; a page's title may be longer and is whole in the event. Cut between characters, not inside one. */
const maxNameLength = 256

const nameOf = ({ body, kind }: Sent): string => {
  if (kind === 'track') return String(body.event).trim()
  const isView = kind === 'page' || kind === 'screen'
  const name = isView && typeof body.name === 'string' ? body.name.trim() : ''
  return name === '' ? kind : Array.from(name).slice(0, maxNameLength).join('')
}

/** The first year PostgreSQL and RFC 3339 write alike. */
const earliest = parseInstant('0001-01-01T00:00:00Z')!

/**
 * When it happened on our clock, by Segment's rule: receivedAt − (sentAt − timestamp), so a sender whose clock is two
 * hours ahead counts right. `timestamp` is what the caller says and goes before `originalTimestamp`, which RudderStack's
 * SDK sets to now even when it sends history. Without `sentAt` the time is taken as it is. Never after `receivedAt`.
 */
const occurredAtOf = ({ body, sentAt }: Sent, receivedAt: number): number => {
  const happened = instantOf(body.timestamp) ?? instantOf(body.originalTimestamp)
  if (happened === undefined) return receivedAt
  const skew = receivedAt - (instantOf(sentAt) ?? receivedAt)
  return Math.max(earliest, Math.min(receivedAt, happened + skew))
}

const instantOf = (text: unknown): number | undefined => (typeof text === 'string' ? parseInstant(text) : undefined)

type Found = {
  readonly identifiers: readonly Identifier[]
  readonly issues: readonly InputError[]
  readonly errors: readonly InputError[]
}

/**
 * userId, e-mail, phone, external ids, device, anonymousId, and last what an alias replaces. A bad userId or anonymousId
 * is a mistake of the sender's program and refuses; a bad e-mail is a customer's typo and must not lose the event.
 */
const identifiersOf = ({ body, kind, pointer }: Sent, identify: NormalizeOptions['identify']): Found => {
  const found = new Map<string, Identifier>()
  const issues: InputError[] = []
  const errors: InputError[] = []
  const take = (type: string, given: unknown, at: string, flaws: InputError[]): void => {
    if (!isPresent(given)) return
    const result = identify(type, String(given))
    if (result.ok) {
      const key = `${type}:${result.value.value}`
      if (!found.has(key)) found.set(key, result.value)
    } else {
      flaws.push({ pointer: at, message: String(result.refusal.details.reason ?? result.refusal.message) })
    }
  }
  const context = objectOf(body.context)
  take('userId', body.userId, `${pointer}/userId`, errors)
  // The traits of a group describe a company: its e-mail address is nobody's.
  for (const [at, traits] of [
    ['/traits', kind === 'identify' ? objectOf(body.traits) : {}],
    ['/context/traits', objectOf(context.traits)],
  ] as const) {
    take('email', traits.email, `${at}/email`, issues)
    take('phone', traits.phone, `${at}/phone`, issues)
  }
  const externalIds: readonly unknown[] = Array.isArray(context.externalIds) ? context.externalIds : []
  for (const [index, externalId] of externalIds.entries()) {
    const { type, id, collection } = objectOf(externalId)
    if (typeof type !== 'string' || (collection ?? 'users') !== 'users') continue
    take(typeOfExternal(type), id, `/context/externalIds/${index}`, issues)
  }
  take('device', objectOf(context.device).id, '/context/device/id', issues)
  take('anonymousId', body.anonymousId, `${pointer}/anonymousId`, errors)
  if (kind === 'alias') {
    // Segment does not say which kind of id is replaced. Reading it as both joins the right one; the other is an
    // identifier that nothing else ever points to.
    take('anonymousId', body.previousId, `${pointer}/previousId`, errors)
    if (String(body.previousId) !== String(body.anonymousId)) {
      take('userId', body.previousId, `${pointer}/previousId`, errors)
    }
  }
  if (found.size === 0 && errors.length === 0)
    errors.push({ pointer: `${pointer}/userId`, message: 'is needed: nothing else names anybody who can be known' })
  return { identifiers: [...found.values()], issues, errors }
}

/** Segment writes types as `user_id`, we as `userId`. */
const typeOfExternal = (type: string): string =>
  type.replaceAll(/_([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** A star around the subject. A device id says which machine it was, not who held it, so it never counts as proof. */
const linksOf = ([subject, ...others]: readonly Identifier[], verified: boolean): EventLink[] =>
  others.map(other => ({
    a: subject!,
    b: other,
    verified: verified && subject!.type !== 'device' && other.type !== 'device',
  }))

const saysUnverified = (body: Json): boolean => {
  const context = objectOf(body.context)
  return [context, objectOf(context.traits), objectOf(body.traits)].some(part => part.verified === false)
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const objectOf = (value: unknown): Json => (isObject(value) ? value : {})
