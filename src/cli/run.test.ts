import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeOffer, serve, type TestServer } from '../../test/server.ts'
import { signInFirst } from '../../test/sign-in.ts'
import { freshFolder, freshPostgres } from '../../test/stores.ts'
import { commands, run } from './run.ts'

/** Runs a command line as the program would, with what it wrote where. */
const tessera = (...args: string[]) => tesseraUntil(new AbortController().signal, ...args)

const tesseraUntil = async (
  stop: AbortSignal,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> => {
  const written = { out: '', err: '' }
  const into = (name: 'out' | 'err') =>
    new Writable({
      write: (chunk, _, done) => {
        written[name] += String(chunk)
        done()
      },
    })
  const code = await run(args, { out: into('out'), err: into('err'), stop })
  return { code, ...written }
}

afterEach(() => vi.unstubAllEnvs())

describe('help', () => {
  it('names every command', async () => {
    const { code, out, err } = await tessera('help')
    expect([code, err]).toEqual([0, ''])
    for (const { name, summary } of commands) expect(out).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'))
    expect((await tessera()).out).toBe(out)
    expect((await tessera('--help')).out).toBe(out)
  })

  it.each(commands.map(command => [command.name, command] as const))(
    'of %s has its form, its flags and an example',
    async (name, command) => {
      const { code, out } = await tessera(name, '--help')
      expect(code).toBe(0)
      expect(out).toContain(`Usage: tessera ${name}`)
      expect(out).toMatch(/^Examples?:\n {2}\S*.*(tessera|npm)/m)
      expect(command.examples.length).toBeGreaterThan(0)
      expect(Object.keys(command.options).filter(flag => !out.includes(`  --${flag}`))).toEqual([])
      expect((await tessera('help', name)).out).toBe(out)
    },
  )
})

it('tells its version', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  expect(await tessera('version')).toEqual({ code: 0, out: `${version}\n`, err: '' })
})

describe('a command line that is wrong', () => {
  it.each([
    ['reprot', /Did you mean report\?/],
    ['report --jsn', /Did you mean --json\?.*tessera report --help/],
    ['help reprot', /Did you mean report\?/],
    ['keys', /create, list, revoke/],
    ['keys creat', /Did you mean create\?/],
    ['keys create --scope secret', /--name/],
    ['keys create --name A --scope server', /--scope takes secret, publishable, till, not "server"/],
    ['codes generate --offer off_1', /--count 1000/],
    ['codes generate --count 5', /--offer/],
    ['codes generate --offer off_1 --count 1000001', /from 1 to 1000000/],
    ['codes export --offer off_1 --json', /--out codes\.csv/],
    ['load', /Name the file/],
    ['person', /export, erase/],
    ['person export', /Name the person/],
    ['person erase email:ana@example.com', /--reason requested/],
    ['erasures --json', /--out erasures\.ndjson/],
    ['replay', /complete-journey/],
    ['replay complete-journey', /--synthetic/],
    ['replay complete-journey folder --synthetic', /leave the folder out/],
    ['replay complete-journey folder --seed 1', /belong to a made-up year/],
    ['replay complete-journey --synthetic --households 3', /of 50 or more|from 50/],
    ['report --url shop.example', /http:\/\/127\.0\.0\.1:8080/],
  ])('%s: code 2, nothing on stdout', async (line, message) => {
    const { code, out, err } = await tessera(...line.split(' '))
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(message)
    expect(err).not.toMatch(/\n {4}at /)
  })
})

describe('without a server', () => {
  it.each([['report'], ['keys list'], ['codes lookup A']])('%s: code 1 and what to do', async line => {
    vi.stubEnv('TESSERA_DATA', freshFolder())
    vi.stubEnv('PORT', '1')
    const { code, out, err } = await tessera(...line.split(' '))
    expect([code, out]).toEqual([1, ''])
    expect(err).toBe(
      'No server answers at http://127.0.0.1:1. Start one with npm start, or name another with --url and TESSERA_KEY.\n',
    )
  })

  it('another program at its address is none', async () => {
    const other = createServer((_, response) => response.end('{"status":"fine"}')).listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    vi.stubEnv('TESSERA_DATA', join(freshFolder(), 'data'))
    vi.stubEnv('PORT', String(port))
    expect(await tessera('report')).toMatchObject({ code: 1, err: expect.stringContaining('No server answers') })
    const { code, out } = await tessera('doctor')
    expect([code, out]).toEqual([1, expect.stringContaining(`port ${port} is taken by another program`)])
    other.close()
  })

  it('a key is asked for with --url', async () => {
    vi.stubEnv('TESSERA_KEY', '')
    expect(await tessera('report', '--url', 'http://127.0.0.1:1')).toMatchObject({ code: 2, out: '' })
  })

  it('the settings are read as the server reads them', async () => {
    vi.stubEnv('PORT', 'web')
    const { code, err } = await tessera('report')
    expect([code, err]).toEqual([1, 'PORT must be a number from 0 to 65535, not "web".\n'])
  })
})

describe('serve', () => {
  it('prints a link that lets the first one in, and none once there is somebody', async () => {
    const set = { PORT: '0', LOG_LEVEL: 'silent', TESSERA_DATA: freshFolder(), DATABASE_URL: await freshPostgres() }
    for (const [name, value] of Object.entries(set)) vi.stubEnv(name, value)
    const started = () => tesseraUntil(AbortSignal.abort(), 'serve')
    const first = await started()
    expect(first.out).toMatch(/^ {2}http:\/\/127\.0\.0\.1:\d+\/sign-in#token=tsi_[\w-]{43}$/m)
    const server = await serve('postgres', { databaseUrl: set.DATABASE_URL })
    await signInFirst(server)
    expect((await started()).out).not.toContain('sign-in')
  })
})

describe('with a server', () => {
  let server: TestServer
  let offer: string
  const folder = freshFolder()
  const at = (...args: string[]) => tessera(...args, '--url', server.url)
  beforeAll(async () => {
    server = await serve('pglite')
    offer = (await makeOffer(server, {}, { name: 'Spring' })).offer
  })
  beforeEach(() => void vi.stubEnv('TESSERA_KEY', server.adminKey))
  const file = (name: string): string => join(folder, name)

  it.each([
    ['report', { data: [{ name: 'Spring', redeemed: 0 }] }],
    ['keys list', []],
    ['keys create --name Shop --scope secret', { name: 'Shop', scope: 'secret', key: expect.stringMatching(/^ts_s_/) }],
    [`dump ${file('d.ndjson')}`, { file: file('d.ndjson'), rows: expect.any(Number) }],
  ])('%s --json prints one JSON value and nothing else', async (line, value) => {
    const { code, out } = await at(...line.split(' '), '--json')
    expect(code).toBe(0)
    expect(out).toMatch(/^[^\n]+\n$/)
    expect(JSON.parse(out)).toMatchObject(value)
  })

  it('shows the report as a table, with offers under their campaign', async () => {
    const { out } = await at('report', '--offers')
    expect(out).toMatch(/^campaign +members +issued/)
    expect(out).toMatch(/^Spring .*\n {2}1\.00 off +0/m)
  })

  it('makes codes, writes them as CSV and finds them again', async () => {
    const csv = file('codes.csv')
    const made = await at(
      'codes',
      'generate',
      '--offer',
      offer,
      '--count',
      '3',
      '--pattern',
      'ANA-####-####',
      '--out',
      csv,
    )
    expect([made.code, made.out]).toEqual([0, `3 codes are in ${csv}.\n`])
    const [head, first, ...rest] = readFileSync(csv, 'utf8').trimEnd().split('\r\n')
    expect([head, rest.length]).toEqual(['code,offer,shared,created_at,state', 2])
    const [code] = first!.split(',')
    expect(code).toMatch(/^ANA-/)
    expect((await at('codes', 'lookup', code!.toLowerCase())).out).toContain(`${code}  ${offer}`)
    expect((await at('codes', 'export', '--offer', offer)).out).toBe(readFileSync(csv, 'utf8'))
  })

  it('imports codes from a column named code, or from the only column', async () => {
    writeFileSync(file('named.csv'), 'name,code\r\nAna,SPRING-1\r\nEla,SPRING-2\r\n')
    writeFileSync(file('plain.csv'), 'SPRING-3\n')
    writeFileSync(file('odd.csv'), 'Ana,SPRING-4\n')
    const load = (name: string) => at('codes', 'import', file(name), '--offer', offer)
    expect(await load('named.csv')).toMatchObject({ code: 0, out: '2 codes imported.\n' })
    expect(await load('plain.csv')).toMatchObject({ code: 0, out: '1 codes imported.\n' })
    expect(await load('gone.csv')).toEqual({ code: 1, out: '', err: `There is no file ${file('gone.csv')}.\n` })
    expect(await load('odd.csv')).toMatchObject({
      code: 1,
      err: 'odd.csv, line 1: several columns and none is named code.\n',
    })
    expect(await load('plain.csv')).toMatchObject({ code: 1, err: expect.stringContaining('exists for this offer') })
  })

  it('tells a refusal as its sentence, without a stack', async () => {
    expect(await at('codes', 'lookup', 'NOSUCH')).toEqual({ code: 1, out: '', err: 'There is no such code.\n' })
  })

  it('revokes a key, which is refused from then on', async () => {
    const { id } = JSON.parse((await at('keys', 'create', '--name', 'Old', '--scope', 'secret', '--json')).out) as {
      id: string
    }
    expect((await at('keys', 'revoke', id)).out).toMatch(`Old (${id}) is revoked`)
    expect((await at('keys', 'list')).out).toMatch(new RegExp(`^${id} .*revoked`, 'm'))
  })

  it('dumps over the API what load takes, once and into an empty store only', async () => {
    const dumped = await at('dump', file('full.ndjson'))
    expect(dumped.out).toMatch(/^[\d,]+ rows are in .*full\.ndjson\. It holds personal data/)
    vi.stubEnv('TESSERA_DATA', file('loaded'))
    mkdirSync(file('loaded'))
    const loaded = await tessera('load', file('full.ndjson'))
    expect([loaded.code, loaded.out.split(' ')[0]]).toEqual([0, dumped.out.split(' ')[0]])
    expect(await tessera('load', file('full.ndjson'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('empty store'),
    })
    const again = await tessera('dump', file('again.ndjson'))
    expect(again.code).toBe(0)
    // Rows lie in no order; between the header with its time and the end with its checksum they are the same.
    const rows = (name: string) => readFileSync(file(name), 'utf8').trimEnd().split('\n').slice(1, -1).sort()
    const [before, after] = [rows('full.ndjson'), new Set(rows('again.ndjson'))]
    expect([after.size, before.filter(row => !after.has(row))]).toEqual([before.length, []])
    expect((await tessera('doctor', '--json')).out).toContain('"check":"Store","state":"ok"')
  })

  it('exports somebody, says what erasing her would do, erases her, and keeps a list for older dumps', async () => {
    const track = { userId: 'ana-cli', messageId: 'cli-1', event: 'Seen', properties: { note: 'Quokkabell' } }
    await server.call('POST', '/v1/track', track)
    expect((await at('dump', file('before.ndjson'))).code).toBe(0)
    const saved = await at('person', 'export', 'userId:ana-cli', '--out', file('ana.json'))
    expect([saved.code, saved.out]).toEqual([
      0,
      `Everything is in ${file('ana.json')}. It is personal: keep it safe.\n`,
    ])
    expect(JSON.parse(readFileSync(file('ana.json'), 'utf8'))).toMatchObject({ schemaVersion: 1, events: [{}] })
    await at('person', 'export', 'userId:ana-cli', '--out', file('ana.html'))
    expect(readFileSync(file('ana.html'), 'utf8')).toMatch(/^<!doctype html>[\s\S]*Quokkabell/)
    expect((await at('person', 'export', 'userId:ana-cli')).out).toContain('"schemaVersion":1')

    const erase = (...more: string[]) => at('person', 'erase', 'userId:ana-cli', '--reason', 'requested', ...more)
    expect((await erase()).out).toMatch(
      /^Would erase per_\w+: 1 identifier, 1 event\. This cannot be undone; say --yes/,
    )
    expect((await at('person', 'export', 'userId:ana-cli')).code).toBe(0)
    expect((await erase('--yes', '--request', 'ticket-1')).out).toMatch(/^Erased per_\w+: 1 identifier, 1 event\.\n/)
    expect(await at('person', 'export', 'userId:ana-cli')).toMatchObject({ code: 1, out: '' })

    expect((await at('erasures', '--out', file('erasures.ndjson'))).out).toMatch(/^1 erasure is in/)
    expect((await at('erasures')).out).toBe(readFileSync(file('erasures.ndjson'), 'utf8'))
    vi.stubEnv('TESSERA_DATA', file('forgetful'))
    const list = ['--erasures', file('erasures.ndjson')]
    const loaded = await tessera('load', file('before.ndjson'), ...list)
    expect(loaded.out).toMatch(/rows loaded\. 1 person of it had been erased since, and is again\./)
    await tessera('dump', file('after.ndjson'))
    expect(readFileSync(file('before.ndjson'), 'utf8')).toContain('Quokkabell')
    expect(readFileSync(file('after.ndjson'), 'utf8')).not.toContain('Quokkabell')
    expect(await tessera('load', file('before.ndjson'), '--erasures', file('none'))).toMatchObject({
      code: 1,
      err: `There is no file ${file('none')}.\n`,
    })
  })

  it('looks at no store for a file that is not there', async () => {
    vi.stubEnv('TESSERA_DATA', file('never'))
    expect(await tessera('load', file('nowhere.ndjson'))).toMatchObject({
      code: 1,
      err: `There is no file ${file('nowhere.ndjson')}.\n`,
    })
  })
})
