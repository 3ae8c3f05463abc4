import { beforeAll, expect, it } from 'vitest'
import { type AnyEndpoint, isWrite } from '../src/contract/endpoint.ts'
import { endpoints } from '../src/contract/index.ts'
import { mayCall } from '../src/contract/permissions.ts'
import { roles } from '../src/core/team/roles.ts'
import { serve, type TestServer } from './server.ts'
import { signInAs } from './sign-in.ts'

/** What a role may do is what the table says, over HTTP: every call by every role. */

let server: TestServer
const keyed = (endpoints as readonly AnyEndpoint[]).filter(endpoint => endpoint.scopes !== 'public')

beforeAll(async () => {
  server = await serve('pglite')
})

const addressOf = ({ path, example }: AnyEndpoint): string => {
  const params = (example.params ?? {}) as Record<string, unknown>
  const query = new URLSearchParams(example.query as Record<string, string> | undefined)
  return `${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])))}?${query}`
}

it.each(roles)('%s is refused exactly what the table says', async role => {
  const { call } = await signInAs(server, role)
  const outcomes: string[] = []
  for (const endpoint of keyed) {
    const body = isWrite(endpoint) ? (endpoint.example.body ?? (endpoint.streamBody ? 'a\n' : undefined)) : undefined
    const { status, json } = await call(endpoint.method, addressOf(endpoint), body)
    const isRefused = status === 403 && json?.code === 'role_forbidden'
    outcomes.push(`${endpoint.name}: ${isRefused ? 'no' : 'yes'}`)
  }
  const expected = keyed.map(it => `${it.name}: ${mayCall({ role, operator: false }, it) ? 'yes' : 'no'}`)
  expect(outcomes.length).toBeGreaterThan(100)
  expect(outcomes).toEqual(expected)
})
