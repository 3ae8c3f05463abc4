import { z } from 'zod'
import { defineEndpoint } from './endpoint.ts'

const health = z
  .object({
    status: z.enum(['ok', 'unavailable']).describe('ok: it can serve right now'),
    version: z.string(),
    checks: z.record(z.string(), z.string()).describe('What was looked at, and what was found'),
  })
  .meta({ id: 'Health' })

export const getHealth = defineEndpoint({
  name: 'getHealth',
  method: 'GET',
  path: '/health',
  summary: 'Whether this process can serve',
  description:
    'Answers 200 when the store answers, 503 with the same body when it does not or the process is stopping.',
  tag: 'Operations',
  scopes: 'public',
  answer: { 200: health, 503: health },
  refusals: [],
  example: { answer: { status: 'ok', version: '0.1.0', checks: { store: 'ok' } } },
})

export const operationEndpoints = [getHealth] as const
