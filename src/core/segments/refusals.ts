import { defineRefusals } from '../kernel/refusal.ts'

export const segmentRefusals = defineRefusals({
  segment_not_found: {
    status: 404,
    title: 'Segment not found',
    sentence: 'There is no segment {id}. Create it with PUT /v1/segments/{id}.',
  },
  segment_kind_conflict: {
    status: 409,
    title: 'Other kind of segment',
    sentence: 'The segment {id} is of the kind {kind}; this needs one of the kind {needed}.',
  },
  segment_cycle: {
    status: 422,
    title: 'Segments ask for each other',
    sentence: 'The segments would ask for each other in a circle: {circle}.',
  },
  segment_in_use: {
    status: 409,
    title: 'Segment in use',
    sentence: 'The segment {id} is asked for by {by}. Change or end these first.',
  },
})
