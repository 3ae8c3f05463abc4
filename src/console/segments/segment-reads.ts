import type { CallName } from '../../faces/api.ts'

/** What may read otherwise after a segment has changed. */
export const segmentReads: readonly CallName[] = [
  'listSegments',
  'getSegment',
  'listSegmentPeople',
  'explainSegment',
  'overlapSegments',
]
