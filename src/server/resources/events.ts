import { type NormalEvent, normalizeEvents } from '../../core/events/normalize.ts'
import type { EventKind } from '../../core/events/schema.ts'
import { ingest, placeOfEvent } from '../../core/loop/ingest.ts'
import { type Identifier, normalizeIdentifier } from '../../core/people/identifier.ts'
import type { Answer, Auth } from '../http/call.ts'
import type { Services } from '../services.ts'
import { answerOf } from './orders.ts'

type EventCall = {
  readonly body: unknown
  readonly bodyText: string
  readonly auth: Auth
  readonly now: number
}

const keyOf = ({ type, value }: Identifier): string => `${type}:${value}`

/** Says nothing about who somebody is or bought: it belongs to its subject and changes nothing about her. */
const isPlain = ({ kind, identifiers, order }: NormalEvent): boolean =>
  kind !== 'identify' && identifiers.length === 1 && order === undefined

/** The SKUs an event names, for conditions that ask for collections: its own, and those of its products. */
const skusIn = ({ properties: { sku, products } }: NormalEvent): string[] =>
  [sku, ...(Array.isArray(products) ? products.map((it: unknown) => Object(it).sku as unknown) : [])].filter(
    it => typeof it === 'string',
  )

/** Events of the Segment HTTP tracking API; all of a call are stored in one commit, or none. */
export const eventsHandlers = ({ workspaces, writer, random }: Services) => {
  const take =
    (kind?: EventKind) =>
    async ({ body, bodyText, auth, now }: EventCall): Promise<Answer> => {
      const { workspace } = workspaces.known(auth.workspaceId)
      // As of orders: only a server tells of the past.
      const isNow = auth.scope !== 'secret' && auth.scope !== 'admin'
      const origin = { channel: auth.channel, location: auth.location, sourceId: auth.keyId, isNow }
      const events = normalizeEvents(body, {
        ...(kind ? { kind } : {}),
        receivedAt: now,
        verified: auth.scope !== 'publishable',
        randomId: `srv-${Buffer.from(random(12)).toString('hex')}`,
        currency: workspace.currency,
        identify: (type, given) => normalizeIdentifier(type, given, { country: workspace.country }),
      })
      if (!events.ok) return { refusal: events.refusal }
      const outcome = await writer.submit({
        workspaceId: auth.workspaceId,
        needs: {
          orders: events.value.flatMap(event => event.order?.orderId ?? []),
          identifiers: events.value.filter(event => !isPlain(event)).flatMap(event => event.identifiers),
          subjects: events.value.filter(isPlain).map(event => event.subject),
          links: events.value.flatMap(event => event.links.map(({ a, b }) => [keyOf(a), keyOf(b)] as const)),
          messages: events.value.map(event => event.messageId),
          skus: events.value.flatMap(skusIn),
          events: events.value
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
        weight: events.value.length * 2,
        bytes: 2_000 + bodyText.length * 4,
        decide: world => {
          const { stored, duplicates } = ingest(world, events.value, origin)
          return { text: JSON.stringify({ success: true, stored, known: duplicates }), status: 200 }
        },
      })
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
