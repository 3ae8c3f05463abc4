import { defineEndpoint } from './endpoint.ts'

export const dump = defineEndpoint({
  name: 'dump',
  method: 'GET',
  path: '/v1/dump',
  summary: 'Everything of every workspace, as it is at one instant',
  description:
    'Lines of JSON: a header, one line a row, and an end with a checksum; `tessera load` reads them. Reads and writes go on meanwhile. A dump without its end is cut off and cannot be loaded. It holds personal data: keep it safe.',
  tag: 'Operations',
  scopes: ['admin'],
  answer: { 200: { contentType: 'application/x-ndjson' } },
  refusals: [],
  example: {
    answer:
      '{"tessera":"dump","format":1,"migration":1,"takenAt":"2026-03-01T09:00:00.000Z"}\n' +
      '{"t":"members","r":{"workspace_id":"default","holder_id":"hol_01kjm6jm000000000000000000","campaign_id":"cmp_01kjm6jm000000000000000000","added_at":"2026-03-01 08:00:00+00"}}\n' +
      '{"tessera":"end","counts":{"members":1},"sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}\n',
  },
})

export const backupEndpoints = [dump] as const
