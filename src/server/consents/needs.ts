import type { Origin } from '../../core/loop/ingest.ts'
import type { Needs } from '../commit/item.ts'

/**
 * What offers that wait for consents need: whatever an item says about a person's addresses, these events are all that may come of it,
 * and all belong to her. Nothing was given for them before, because each entry makes an event of its own.
 */
export const eventsOfConsents = (
  subjects: readonly { readonly type: string; readonly value: string }[],
  { channel = 'unknown', location }: Origin,
): Pick<Needs, 'events'> => ({
  events: subjects.flatMap(({ type, value }) =>
    ['Consent Given', 'Consent Withdrawn'].map(name => ({
      messageId: 'consent',
      name,
      channel,
      location: location ?? null,
      type,
      value,
    })),
  ),
})
