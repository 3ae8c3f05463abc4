import type { NewEvent } from './rows.ts'
import type { World } from './world.ts'

/** Puts an event that comes about here, now, into the history of a holder: no key sent it and no channel brought it. */
export const ownEvent = (
  world: World,
  { messageId, holderId, name, properties }: Pick<NewEvent, 'messageId' | 'holderId' | 'name' | 'properties'>,
): NewEvent => {
  const event: NewEvent = {
    messageId,
    holderId,
    kind: 'track',
    name,
    channel: null,
    orderId: null,
    occurredAt: world.now,
    receivedAt: world.now,
    properties,
    personal: {},
    sourceId: null,
  }
  world.changes.newEvents.push(event)
  return event
}
