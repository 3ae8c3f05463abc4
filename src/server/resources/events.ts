import { type NormalEvent, normalizeEvents } from '../../core/events/normalize.ts'
import type { EventKind } from '../../core/events/schema.ts'
import { ingest, placeOfEvent } from '../../core/loop/ingest.ts'
import { tokenInvalid, vouch } from '../../core/loop/vouch.ts'
import type { World } from '../../core/loop/world.ts'
import { type Identifier, normalizeIdentifier } from '../../core/people/identifier.ts'
import { withoutBlocked } from '../../core/people/without-blocked.ts'
import type { Answer, Auth } from '../http/call.ts'
import { readPersonToken } from '../person-token.ts'
import type { Services } from '../services.ts'
import type { Arrival } from '../sources/source-log.ts'
import { answerOf } from './orders.ts'

type EventCall = {
  readonly body: unknown
  readonly bodyText: string
  readonly auth: Auth
  readonly personToken?: string
  readonly now: number
}

const keyOf = ({ type, value }: Identifier): string => `${type}:${value}`

/** Events of a browser with who speaks in them: the holder her token was minted for, null where the token proves nothing. */
type Spoken = { readonly event: NormalEvent; readonly speaker: string | null | undefined }

const speakersOf = (
  events: readonly NormalEvent[],
  secret: Buffer,
  { auth, personToken: header, now }: Pick<EventCall, 'auth' | 'personToken' | 'now'>,
): Spoken[] => {
  // Other keys prove what they say by themselves.
  if (auth.scope !== 'publishable') return events.map(event => ({ event, speaker: undefined }))
  const read = new Map<string, string | null>()
  // A page in which she is signed in needs no token for it.
  if (auth.wallet) return events.map(event => ({ event, speaker: auth.wallet!.holder }))
  const speaker = (token: string): string | null => {
    const known = read.get(token)
    if (known !== undefined) return known
    const found = readPersonToken(secret, token, now)?.holder ?? null
    read.set(token, found)
    return found
  }
  return events.map(event => {
    const token = event.personToken ?? header
    return { event, speaker: token === undefined || token === '' ? undefined : speaker(token) }
  })
}

/** The events with what their tokens prove in this world. */
const vouched = (world: World, spoken: readonly Spoken[]): NormalEvent[] =>
  spoken.map(({ event, speaker }) => {
    if (speaker === undefined) return event
    return speaker === null
      ? { ...event, issues: [...(event.issues ?? []), tokenInvalid] }
      : vouch(world, event, speaker)
  })

const arrivalsOf = (world: World, events: readonly NormalEvent[]): Arrival[] => {
  const seen = new Set<string>()
  return events.map(({ messageId, kind, name, subject, issues }) => {
    const isKnown = world.messages.has(messageId) || seen.has(messageId)
    seen.add(messageId)
    return {
      outcome: isKnown ? 'known' : 'stored',
      kind,
      name,
      messageId,
      subject: subject.type,
      ...(issues ? { issues } : {}),
    }
  })
}

/** Says nothing about who somebody is or bought: it belongs to its subject and changes nothing about her. */
const isPlain = ({ event: { kind, identifiers, order }, speaker }: Spoken): boolean =>
  kind !== 'identify' && identifiers.length === 1 && order === undefined && !speaker

/** What it may link: what it says itself, and what its sender's token says if it is a good one. */
const linksOf = ({ event: { subject, links, identifiers, occurredAt: at }, speaker }: Spoken) => [
  ...links.map(({ a, b, verified }) => [keyOf(a), keyOf(b), { verified, at }] as const),
  ...(speaker
    ? [keyOf(subject), speaker].flatMap(her =>
        identifiers
          .filter(it => it.type === 'anonymousId' && keyOf(it) !== her)
          .map(it => [her, keyOf(it), { verified: true, at }] as const),
      )
    : []),
]

/** The SKUs an event names, for conditions that ask for collections: its own, and those of its products. */
const skusIn = ({ properties: { sku, products } }: NormalEvent): string[] =>
  [sku, ...(Array.isArray(products) ? products.map((it: unknown) => Object(it).sku as unknown) : [])].filter(
    it => typeof it === 'string',
  )

/** Events of the Segment HTTP tracking API; all of a call are stored in one commit, or none. */
export const eventsHandlers = ({ database, workspaces, catalogues, writer, random, clock, sources }: Services) => {
  const take =
    (kind?: EventKind) =>
    async (call: EventCall): Promise<Answer> => {
      const { body, bodyText, auth, now } = call
      const { workspace, secret } = workspaces.known(auth.workspaceId)
      // As of orders: only a server tells of the past.
      const isNow = auth.scope !== 'secret' && auth.scope !== 'admin'
      const origin = { channel: auth.channel, location: auth.location, sourceId: auth.sourceId ?? auth.keyId, isNow }
      const read = normalizeEvents(body, {
        ...(kind ? { kind } : {}),
        receivedAt: now,
        verified: auth.scope !== 'publishable',
        randomId: `srv-${Buffer.from(random(12)).toString('hex')}`,
        currency: workspace.currency,
        identify: (type, given) => normalizeIdentifier(type, given, { country: workspace.country }),
      })
      if (!read.ok) return { refusal: read.refusal }
      // Rules that another process changed just now count from its next event on. Without a wait, so that calls are taken up in turn.
      const { identity } =
        catalogues.known(auth.workspaceId) ?? (await catalogues.atLeast(database, auth.workspaceId, 0))
      const events = read.value.map(event => withoutBlocked(event, identity))
      const spoken = speakersOf(events, secret, call)
      let arrivals: readonly Arrival[] = []
      const outcome = await writer.submit({
        workspaceId: auth.workspaceId,
        needs: {
          orders: events.flatMap(event => event.order?.orderId ?? []),
          identifiers: spoken.filter(it => !isPlain(it)).flatMap(it => it.event.identifiers),
          holders: [...new Set(spoken.flatMap(it => it.speaker ?? []))],
          subjects: spoken.filter(isPlain).map(it => it.event.subject),
          happenings: events.map(({ name, subject: { type, value } }) => ({ name, type, value })),
          links: spoken.flatMap(linksOf),
          messages: events.map(event => event.messageId),
          skus: events.flatMap(skusIn),
          events: events
            .filter(event => !event.hearsay && !event.history)
            .map(event => ({
              ...placeOfEvent(event, origin),
              messageId: event.messageId,
              name: event.name,
              type: event.subject.type,
              value: event.subject.value,
            })),
        },
        fromBrowser: auth.scope === 'publishable',
        // An event is written wider than other rows, and batches that are not too long let reading and saving overlap.
        weight: events.length * 2,
        bytes: 2_000 + bodyText.length * 4,
        decide: world => {
          const heard = vouched(world, spoken)
          arrivals = arrivalsOf(world, heard)
          const { stored, duplicates } = ingest(world, heard, origin)
          return { text: JSON.stringify({ success: true, stored, known: duplicates }), status: 200 }
        },
      })
      if (!('refusal' in outcome)) sources.took(auth, arrivals, clock(auth.workspaceId) - now)
      return answerOf(outcome)
    }
  return {
    batch: take(),
    track: take('track'),
    identify: take('identify'),
    page: take('page'),
    screen: take('screen'),
    group: take('group'),
    alias: take('alias'),
  }
}
