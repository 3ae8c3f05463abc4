import { accessSync, constants, existsSync, readFileSync, statfsSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { dirname, resolve } from 'node:path'
import type { Config } from '../../server/config.ts'
import { defineCommand, jsonOption } from '../command.ts'
import { answers, serverOf } from '../connect.ts'
import { localConfig, localUrl } from '../settings.ts'
import { version } from '../version.ts'

/** One thing looked at; `todo` says what to do where it is not well. */
export type Finding = {
  readonly check: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly found: string
  readonly todo?: string
}

const atLeastNode = [20, 19] as const

/** `checkNode('20.18.1').state` is 'fail'. */
export const checkNode = (given: string): Finding => {
  const [major = 0, minor = 0] = given.split('.').map(Number)
  const isFine = major > atLeastNode[0] || (major === atLeastNode[0] && minor >= atLeastNode[1])
  return isFine
    ? { check: 'Node.js', state: 'ok', found: given }
    : { check: 'Node.js', state: 'fail', found: given, todo: `Install Node.js ${atLeastNode.join('.')} or newer.` }
}

/** The nearest folder that exists: the data folder is made at the first start. */
const existing = (folder: string): string => {
  const path = resolve(folder)
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path))
}

export const checkFolder = (folder: string): Finding => {
  const check = 'Data folder'
  const there = existing(folder)
  try {
    accessSync(there, constants.W_OK | constants.X_OK)
  } catch {
    return {
      check,
      state: 'fail',
      found: `${there} is not writable`,
      todo: 'Give this user the right to write there, or set TESSERA_DATA.',
    }
  }
  if (there !== resolve(folder)) return { check, state: 'ok', found: `${folder} is made at the first start` }
  return { check, state: 'ok', found: folder }
}

const gigabyte = 1024 ** 3

/** `checkDisk(300 MB)` fails: a full disk stops every write. */
export const checkDisk = (freeBytes: number): Finding => {
  const check = 'Disk space'
  const found = `${(freeBytes / gigabyte).toFixed(1)} GB free`
  if (freeBytes < gigabyte / 2)
    return { check, state: 'fail', found, todo: 'Make room: a full disk stops every write.' }
  if (freeBytes < 2 * gigabyte) return { check, state: 'warn', found, todo: 'Make room before it is full.' }
  return { check, state: 'ok', found }
}

/** Codes, holds and keys go by the clock; no clock of a working machine stands before this program was written. */
const written = Date.UTC(2026, 0, 1)
const farMs = 2 * 60_000

/** Compares the clock of this machine with the store's or the server's, where there is one to compare with. */
export const checkClock = (now: number, other: number | undefined): Finding => {
  const check = 'Clock'
  const found = new Date(now).toISOString()
  const todo = 'Set the clock and keep it right with NTP: validity, holds and limits of a period go by it.'
  if (now < written) return { check, state: 'fail', found, todo }
  const apart = other === undefined ? 0 : Math.abs(now - other)
  if (apart > farMs)
    return { check, state: 'warn', found: `${found}, ${Math.round(apart / 1000)} s from the store’s`, todo }
  return { check, state: 'ok', found }
}

const isTaken = ({ host, port }: Config): Promise<boolean> =>
  new Promise(done => {
    const socket = connectSocket({
      host: host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host,
      port,
      timeout: 3_000,
    })
    const end = (taken: boolean) => {
      socket.destroy()
      done(taken)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })

const checkPort = async (config: Config, running: string | undefined): Promise<Finding> => {
  const check = 'Server'
  if (running !== undefined) return { check, state: 'ok', found: `runs at ${running}` }
  const url = localUrl(config)
  if (!(await isTaken(config))) return { check, state: 'ok', found: `not running; port ${config.port} is free` }
  if (await answers(url))
    return config.databaseUrl !== undefined
      ? { check, state: 'ok', found: `runs at ${url}` }
      : {
          check,
          state: 'warn',
          found: `a server answers at ${url}, and it does not use ${config.folder}`,
          todo: 'Name the folder it uses with TESSERA_DATA, or start this one on another port with PORT.',
        }
  return {
    check,
    state: 'fail',
    found: `port ${config.port} is taken by another program`,
    todo: 'Choose another with PORT.',
  }
}

const layoutOf = (folder: string): string => {
  try {
    return readFileSync(resolve(folder, 'version'), 'utf8').trim()
  } catch {
    return 'no store yet'
  }
}

const checkStore = async (config: Config, running: string | undefined): Promise<{ finding: Finding; now?: number }> => {
  const check = 'Store'
  const { databaseUrl, folder } = config
  if (databaseUrl === undefined && running !== undefined) {
    const response = await fetch(`${running}/health`)
    const { checks } = (await response.json()) as { checks: Record<string, string> }
    const found = checks.store ?? 'unknown'
    const now = Date.parse(response.headers.get('date') ?? '')
    return response.ok
      ? { finding: { check, state: 'ok', found }, ...(Number.isNaN(now) ? {} : { now }) }
      : {
          finding: {
            check,
            state: 'fail',
            found,
            todo: 'Look at what the server wrote when the store stopped answering.',
          },
        }
  }
  if (databaseUrl === undefined && !existsSync(resolve(folder, 'pglite')))
    return { finding: { check, state: 'ok', found: `embedded, ${layoutOf(folder)}` } }
  const { lookAtStore } = await import('../../server/look-at-store.ts')
  const look = await lookAtStore(config)
  return 'problem' in look
    ? { finding: { check, state: 'fail', found: look.problem, todo: look.todo } }
    : {
        finding: {
          check,
          state: 'ok',
          found: `${look.kind}, PostgreSQL ${look.version}, migration ${look.migration} of ${look.known}`,
        },
        now: look.now,
      }
}

const marks = { ok: 'ok  ', warn: 'warn', fail: 'fail' } as const

/** One line a finding, and under it what to do. */
export const describeFindings = (findings: readonly Finding[]): string => {
  const width = Math.max(...findings.map(({ check }) => check.length))
  return findings
    .flatMap(({ check, state, found, todo }) => [
      `${marks[state]}  ${check.padEnd(width)}  ${found}`,
      ...(todo === undefined ? [] : [`${' '.repeat(width + 8)}${todo}`]),
    ])
    .join('\n')
}

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Check machine, store, versions and port, and say what to do',
  usage: ['[--json]'],
  words: 0,
  options: { json: jsonOption },
  examples: ['tessera doctor', 'DATABASE_URL=postgres://… tessera doctor --json'],
  run: async ({ values: { json }, terminal: { out } }) => {
    const config = localConfig()
    const running = await serverOf(config.folder)
    const { finding: store, now } = await checkStore(config, running)
    const { bavail, bsize } = statfsSync(existing(config.folder))
    const findings: Finding[] = [
      { check: 'Tessera', state: 'ok', found: version() },
      checkNode(process.versions.node),
      checkFolder(config.folder),
      checkDisk(bavail * bsize),
      store,
      await checkPort(config, running),
      checkClock(Date.now(), now),
    ]
    const isWell = findings.every(({ state }) => state !== 'fail')
    out.write(json ? `${JSON.stringify({ ok: isWell, findings })}\n` : `${describeFindings(findings)}\n`)
    return isWell ? 0 : 1
  },
})
