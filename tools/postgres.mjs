// A throwaway PostgreSQL server for tests and benches: its own cluster in a temporary folder, gone when its owner ends.
//
//     const server = await startPostgres()
//     const url = await createDatabase(server.url, 'orders_test')
//     …
//     await server.stop()
//
// `node tools/postgres.mjs` prints a URL and keeps the server until Ctrl-C.
import { spawn, spawnSync } from 'node:child_process'
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { apt, hasApt, isRoot } from './apt.mjs'

const oldest = 15

const canRun = path => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const majorOf = folder => {
  if (!canRun(join(folder, 'postgres')) || !canRun(join(folder, 'initdb'))) return 0
  const { stdout } = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' })
  return Number(/\) (\d+)/.exec(stdout ?? '')?.[1] ?? 0)
}

/** The folder with the newest PostgreSQL of at least version 15 on PATH or where Debian keeps them; undefined without one. */
export const findPostgres = () => {
  const debian = '/usr/lib/postgresql'
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  if (existsSync(debian)) folders.push(...readdirSync(debian).map(version => join(debian, version, 'bin')))
  const found = folders.map(folder => ({ folder, major: majorOf(folder) })).filter(({ major }) => major >= oldest)
  return found.sort((a, b) => b.major - a.major)[0]?.folder
}

const install = () => {
  process.stderr.write('Installing PostgreSQL for the tests …\n')
  apt(['update', '-q'])
  apt(['install', '-y', '-q', '--no-install-recommends', 'postgresql-common'])
  // Debian makes and starts a cluster with the package; we want its programs only.
  const settings = '/etc/postgresql-common/createcluster.conf'
  const before = readFileSync(settings, 'utf8')
  writeFileSync(settings, `${before}\ncreate_main_cluster = false\n`)
  try {
    apt(['install', '-y', '-q', '--no-install-recommends', 'postgresql', 'postgresql-contrib'])
  } finally {
    writeFileSync(settings, before)
  }
}

const programs = () => {
  const missing = `The tests need the programs of PostgreSQL ${oldest} or newer: install them (Debian: apt-get install postgresql postgresql-contrib) or put them on PATH.`
  const found = findPostgres()
  if (found) return found
  if (!isRoot || !hasApt()) throw new Error(missing)
  install()
  const installed = findPostgres()
  if (!installed) throw new Error(missing)
  return installed
}

// PostgreSQL refuses to run as root.
const owner = () => {
  if (!isRoot) return {}
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'))
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody')
  if (!user) throw new Error('PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as.')
  return { uid: Number(user[2]), gid: Number(user[3]) }
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

// The shell outlives us whatever happens to us: when our end of its stdin closes, it stops the server and removes the folder.
const keeper = `
folder=$1; shift
exec 3<&0
"$@" </dev/null &
server=$!
(cat <&3 >/dev/null; kill -QUIT $server 2>/dev/null) &
wait $server
code=$?
rm -rf "$folder"
exit $code
`

/**
 * Starts a server on a free port of 127.0.0.1 with stock settings, reached without a password as `postgres`.
 * `durable: false` turns fsync off, for suites that test logic only. It ends with `stop()` or with this process.
 *
 *     const { url, stop } = await startPostgres()   // postgres://postgres@127.0.0.1:41873/postgres
 */
export const startPostgres = async ({ durable = true } = {}) => {
  const bin = programs()
  const user = owner()
  const folder = mkdtempSync(join(tmpdir(), 'tessera-postgres-'))
  if (isRoot) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' }
  const initdb = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'],
    { ...user, env, cwd: folder, encoding: 'utf8' },
  )
  if (initdb.status !== 0) throw new Error(`initdb failed: ${initdb.stderr || initdb.error?.message}`)
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    'max_connections=200',
  ]
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off')
  const server = [join(bin, 'postgres'), '-D', data, ...settings.flatMap(setting => ['-c', setting])]
  const child = spawn('/bin/sh', ['-c', keeper, 'sh', folder, ...server], {
    ...user,
    env,
    cwd: folder,
    detached: true, // Ctrl-C must reach us, not the keeper
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const ended = new Promise(resolve => child.once('exit', resolve))
  const stop = async () => {
    child.ref()
    child.stdin.end()
    await ended
  }
  let log = ''
  await new Promise((resolve, reject) => {
    child.stderr.on('data', chunk => {
      log = (log + chunk).slice(-10_000)
      if (log.includes('ready to accept connections')) resolve()
    })
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`PostgreSQL ended with ${code} while starting: ${log}`)))
  }).catch(error => {
    child.stdin.destroy()
    throw error
  })
  // An idle server must not keep a script alive that has nothing left to do.
  child.unref()
  child.stdin.unref()
  child.stderr.unref()
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, stop }
}

/**
 * Makes an empty database on the server of `adminUrl`, or a copy of another one, in place of one of that name if there is one; returns its URL.
 *
 *     await createDatabase('postgres://postgres@127.0.0.1:41873/postgres', 'a1')   // …:41873/a1
 */
export const createDatabase = async (adminUrl, name, template = 'template0') => {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} TEMPLATE ${client.escapeIdentifier(template)}`)
  } finally {
    await client.end()
  }
  const url = new URL(adminUrl)
  url.pathname = `/${encodeURIComponent(name)}`
  return url.href
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await startPostgres()
  process.stdout.write(`${server.url}\n`)
  const forever = setInterval(() => {}, 1 << 30)
  const end = async () => {
    clearInterval(forever)
    await server.stop()
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
}
