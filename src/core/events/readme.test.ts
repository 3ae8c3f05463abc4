import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ok } from '../kernel/refusal.ts'
import { normalizeEvents } from './normalize.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const block = (name: string): unknown => JSON.parse(new RegExp(`\`\`\`json ${name}\\n([^\`]+)\`\`\``).exec(readme)![1]!)

test('the example of the README: what is sent and what is stored', () => {
  const result = normalizeEvents(block('sent'), {
    receivedAt: Date.parse('2026-03-01T10:00:01Z'),
    verified: true,
    randomId: 'msg_1',
    identify: (type, given) => ok({ type, value: type === 'email' ? given.toLowerCase() : given, given }),
  })
  expect(result).toEqual({ ok: true, value: [block('stored')] })
})
