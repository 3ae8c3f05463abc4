import { Writable } from 'node:stream'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { serve, type TestServer } from '../../../test/server.ts'
import { run } from '../run.ts'
import { describeAudit } from './audit.ts'

describe('tessera audit', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await serve('pglite')
    vi.stubEnv('TESSERA_KEY', server.adminKey)
    return () => vi.unstubAllEnvs()
  })

  const tessera = async (...args: string[]) => {
    const written = { out: '', err: '' }
    const into = (name: 'out' | 'err') =>
      new Writable({
        write: (chunk, _, done) => {
          written[name] += String(chunk)
          done()
        },
      })
    const terminal = { out: into('out'), err: into('err'), stop: new AbortController().signal }
    return { code: await run(['audit', ...args, '--url', server.url], terminal), ...written }
  }

  it('runs an audit, of any workspace, and says that nothing is off', async () => {
    const { code, out } = await tessera()
    expect(code).toBe(0)
    expect(out).toMatch(/^ok {3}The postings of each transaction sum to zero/)
    expect(out.trim().split('\n').at(-1)).toBe('Nothing is off.')
    await server.call('POST', '/v1/workspaces', { id: 'second', name: 'Second', currency: 'EUR', timeZone: 'UTC' })
    const second = await tessera('--workspace', 'second', '--json')
    expect(second.code).toBe(0)
    expect(JSON.parse(second.out)).toMatchObject({ found: 0, state: 'done' })
    const listed = (path: string, headers = {}) => server.call('GET', path, undefined, { headers })
    const { json } = await listed('/v1/audits', { 'tessera-workspace': 'second' })
    expect(json.data).toEqual([JSON.parse(second.out)])
    expect((await listed('/v1/audits')).json.data).toHaveLength(1)
  })

  it('tells Prometheus what the last audit found', async () => {
    await tessera()
    const { text } = await server.call('GET', '/metrics')
    expect(text).toContain('tessera_audit_findings{workspace="default"} 0')
    expect(text).toMatch(/tessera_audit_ended_timestamp_seconds\{workspace="default"\} \d{10}/)
  })

  it('says what is off in sentences, and how much more there is', () => {
    const finding = { promise: 1, what: 'balance', subject: 'a', is: 2, should: 1, says: 'One too many.' } as const
    const checks = [{ name: 'accounts', holds: 'Balances are right', rows: 1200, found: 3 }]
    expect(describeAudit({ found: 3, checks, findings: [finding] }).split('\n')).toEqual([
      'OFF  Balances are right (1,200 looked at).',
      'One too many.',
      '… and 2 more.',
      '3 off.',
    ])
  })
})
