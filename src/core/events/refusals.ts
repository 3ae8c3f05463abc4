import { defineRefusals } from '../kernel/refusal.ts'

export const eventRefusals = defineRefusals({
  events_invalid: {
    status: 400,
    title: 'Events not understood',
    sentence: 'Nothing was stored. {pointer} {message}. All mistakes are listed under errors.',
  },
  event_not_found: {
    status: 404,
    title: 'Event not found',
    sentence: 'There is no event with the messageId {id}.',
  },
})
