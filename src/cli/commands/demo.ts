import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createTessera } from '../../sdk/index.ts'
import { defineCommand, type Terminal, UsageError, urlOption, wholeNumber } from '../command.ts'
import { connect } from '../connect.ts'
import { playYear } from '../demo/play.ts'
import { makeWorkspace, setUpChain, workspace } from '../demo/set-up.ts'
import { type Meant, makeYear, meantBy } from '../demo/year.ts'
import { makeProgress } from '../progress.ts'
import { localConfig } from '../settings.ts'
import { grouped } from '../table.ts'

const usualPort = 8080
const visitor = { email: 'visitor@demo.example', name: 'Visitor', role: 'admin' } as const

/** The usual port where it is free, else one that the system picks. */
const freePort = (wanted: number): Promise<number> =>
  new Promise((done, failed) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      wanted !== 0 && (error.code === 'EADDRINUSE' || error.code === 'EACCES') ? done(freePort(0)) : failed(error),
    )
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address ? address.port : wanted))
    })
  })

type Server = { readonly url: string; readonly key: string; readonly keyFile: string | undefined }
type Wanted = { readonly people: number; readonly seed: number; readonly days: number }

/** A link that signs a visitor in at once, as an admin of the demo. */
const signInLink = async ({ url, key }: Server): Promise<string> => {
  const tessera = createTessera({ url, key, workspace })
  let id: string | undefined
  for await (const member of tessera.listTeam({ limit: 100 })) if (member.email === visitor.email) id = member.id
  id ??= (await tessera.createTeamMember(visitor)).id
  return (await tessera.inviteTeamMember(id, { visit: true })).link
}

const isThere = async ({ url, key }: Server): Promise<boolean> => {
  for await (const { id } of createTessera({ url, key }).listWorkspaces({ limit: 1000 }))
    if (id === workspace) return true
  return false
}

const sayWhereItIs = async (server: Server, { out }: Terminal): Promise<void> => {
  const key = server.keyFile === undefined ? '$TESSERA_KEY' : `$(cat ${server.keyFile})`
  out.write(
    [
      'Open the demo (this link signs you in, once, for a day):',
      `  ${await signInLink(server)}`,
      `The wallet of its customers: ${server.url}/wallet?workspace=${workspace}   The till: ${server.url}/till`,
      'What a customer has in her wallet:',
      `  curl -s -H "Authorization: Bearer ${key}" -H 'Tessera-Workspace: ${workspace}' '${server.url}/v1/people?limit=1'`,
      '',
    ].join('\n'),
  )
}

/** Everything that was meant to happen stands in the books. */
const isAsMeant = (meant: Meant, played: { readonly orders: number; readonly returns: number }): boolean =>
  meant.orders === played.orders && meant.returns === played.returns

/** Fills a workspace of the server with the year. The sign-in link is told as soon as there is something to see. */
const fill = async (server: Server, { people, seed, days }: Wanted, terminal: Terminal): Promise<boolean> => {
  const { err, out } = terminal
  const monotonic = performance.now.bind(performance)
  const start = monotonic()
  const year = makeYear({ seed, people, endsAt: Date.now(), days })
  const admin = createTessera({ url: server.url, key: server.key })
  await makeWorkspace(admin, year)
  const tessera = createTessera({ url: server.url, key: server.key, workspace })
  const as = (key: string) => createTessera({ url: server.url, key })
  const chain = await setUpChain(tessera, year)
  await sayWhereItIs(server, terminal)
  const meant = meantBy(year)
  err.write(
    `Its ${days === defaults.days ? 'year' : `${days} days`} of ${grouped(meant.orders)} orders by ${grouped(people)} people come in while you look around:\n`,
  )
  const progress = makeProgress(err, monotonic)
  try {
    const played = await playYear({ tessera, as, year, chain, progress, terminal })
    progress.end()
    const seconds = Math.round((monotonic() - start) / 1000)
    const refusals = Object.entries(played.refused).map(([code, count]) => `${code} ${count}`)
    out.write(
      [
        `The year is there, in ${grouped(seconds)} s: ${grouped(played.orders)} orders, ${grouped(played.returns)} returns.`,
        ...(refusals.length === 0 ? [] : [`Refused, as it happens: ${refusals.sort().join(', ')}.`]),
        '',
      ].join('\n'),
    )
    return isAsMeant(meant, played)
  } finally {
    progress.end()
  }
}

const untilStopped = ({ stop, err }: Terminal, isKept: boolean): Promise<void> =>
  new Promise(done => {
    err.write(`The server stays up; Ctrl-C stops it${isKept ? '' : ' and throws its data away'}.\n`)
    if (stop.aborted) done()
    else stop.addEventListener('abort', () => done(), { once: true })
  })

/** A server of this process, in a folder that is thrown away where none is named. */
const onOwnServer = async (
  { data, exit, wanted }: { readonly data: string | undefined; readonly exit: boolean; readonly wanted: Wanted },
  terminal: Terminal,
): Promise<number> => {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'tessera-demo-'))
  try {
    const { startServer } = await import('../../server/compose.ts')
    const server = await startServer({
      ...localConfig(),
      host: '127.0.0.1',
      port: await freePort(usualPort),
      folder,
      databaseUrl: undefined,
      adminKey: undefined,
      logLevel: 'warn',
    })
    try {
      const here = { url: server.url, key: server.adminKey, keyFile: join(folder, 'admin-key') }
      let isWell = true
      try {
        if (await isThere(here)) await sayWhereItIs(here, terminal)
        else isWell = await fill(here, wanted, terminal)
      } catch (error) {
        if (!terminal.stop.aborted) throw error
      }
      if (!exit) await untilStopped(terminal, data !== undefined)
      return isWell ? 0 : 1
    } finally {
      await server.close()
    }
  } finally {
    if (data === undefined && existsSync(folder)) rmSync(folder, { recursive: true, force: true })
  }
}

const defaults = { people: 5000, days: 365 }

export const demo = defineCommand({
  name: 'demo',
  summary: 'See it work: a chain of coffee shops with a web shop, an app and a year of customers, ready to sign in to',
  usage: ['[--people <number>] [--days <number>] [--seed <number>] [--data <folder>] [--exit]', '--url <address> …'],
  words: 0,
  options: {
    people: { type: 'string', value: 'number', says: `who shop there (${grouped(defaults.people)})` },
    days: { type: 'string', value: 'number', says: `how long its year is (${defaults.days})` },
    seed: { type: 'string', value: 'number', says: 'of its dice; the same number gives the same year (1)' },
    data: { type: 'string', value: 'folder', says: 'where it is kept; left out, it is thrown away at the end' },
    exit: { type: 'boolean', says: 'stop at the end instead of staying up' },
    url: { ...urlOption, says: 'fill a running server instead, its admin key in TESSERA_KEY' },
  },
  examples: ['npm run demo', 'npm run demo -- --people 500 --data ./demo'],
  run: async ({ values, terminal }) => {
    const { data, url, exit = false } = values
    const wanted = {
      people: wholeNumber('people', values.people ?? `${defaults.people}`, { least: 10, most: 100_000 }),
      days: wholeNumber('days', values.days ?? `${defaults.days}`, { least: 30, most: 365 }),
      seed: wholeNumber('seed', values.seed ?? '1', { least: 0, most: 2 ** 31 - 1 }),
    }
    if (url === undefined) return onOwnServer({ data, exit, wanted }, terminal)
    if (data !== undefined)
      throw new UsageError('--data is where a server of its own keeps it; leave it out with --url.')
    const { key } = await connect(url)
    const server = { url, key, keyFile: undefined }
    if (await isThere(server)) {
      await sayWhereItIs(server, terminal)
      return 0
    }
    return (await fill(server, wanted, terminal)) ? 0 : 1
  },
})
