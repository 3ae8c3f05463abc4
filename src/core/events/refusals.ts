import { defineRefusals } from '../kernel/refusal.ts'

export const eventRefusals = defineRefusals({
  events_invalid: {
    status: 400,
    title: 'Events not understood',
    sentence: 'Nothing was stored. {pointer} {message}. All mistakes are listed under errors.',
  },
})
