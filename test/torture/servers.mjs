import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request as httpRequest } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export const adminKey = 'torture-admin-key-0123456789abcdef'

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return port
}

/** How long a server may take to start or to stop before that itself is the finding. */
const patienceMs = 60_000

/**
 * A real server process that can be killed and started again on the same port. `program` is the folder that holds `dist`.
 *
 * @typedef {Awaited<ReturnType<typeof makeServer>>} Server
 * @param {{ program: string, name: string, env: Record<string, string>, onLine: (line: string) => void }} options
 */
export const makeServer = async ({ program, name, env, onLine }) => {
  const port = await freePort()
  const agent = new Agent({ keepAlive: true, maxSockets: 128 })
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  let up = false
  let tail = ''

  /**
   * One HTTP exchange; rejects when no whole answer came.
   * @param {{ method: string, path: string, body?: string, headers?: Record<string, string> }} call
   * @returns {Promise<{ status: number, text: string, retryAfter: string | undefined }>}
   */
  const exchange = ({ method, path, body, headers = {} }) =>
    new Promise((resolve, reject) => {
      const sent = httpRequest(
        {
          host: '127.0.0.1',
          port,
          path,
          method,
          agent,
          headers: {
            authorization: `Bearer ${adminKey}`,
            ...(body === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
            ...headers,
          },
        },
        answer => {
          /** @type {Buffer[]} */
          const chunks = []
          answer.on('data', chunk => chunks.push(chunk))
          answer.on('error', reject)
          answer.on('end', () => {
            if (!answer.complete) reject(new Error('the answer was cut off'))
            else
              resolve({
                status: answer.statusCode ?? 0,
                text: Buffer.concat(chunks).toString('utf8'),
                retryAfter: answer.headers['retry-after'],
              })
          })
        },
      )
      sent.on('error', reject)
      sent.end(body)
    })

  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null

  const start = async () => {
    if (isRunning()) return
    tail = ''
    const started = spawn(process.execPath, [join(program, 'dist/cli/main.js'), 'serve'], {
      cwd: program,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        PORT: String(port),
        HOST: '127.0.0.1',
        TESSERA_ADMIN_KEY: adminKey,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    for (const stream of [started.stdout, started.stderr]) {
      let rest = ''
      stream?.on('data', chunk => {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          tail = `${tail}${line}\n`.slice(-4000)
          onLine(line)
        }
      })
    }
    const until = Date.now() + patienceMs
    for (;;) {
      if (started.exitCode !== null || started.signalCode !== null)
        throw new Error(`${name} ended with ${started.exitCode ?? started.signalCode} while starting:\n${tail}`)
      const health = await exchange({ method: 'GET', path: '/health' }).catch(() => undefined)
      if (health?.status === 200) break
      if (Date.now() > until) throw new Error(`${name} was not ready after ${patienceMs / 1000} s:\n${tail}`)
      await wait(20)
    }
  }

  /** @param {NodeJS.Signals} signal */
  const end = async signal => {
    up = false
    if (!child || !isRunning()) return child?.exitCode ?? null
    const ended = once(child, 'exit')
    child.kill(signal)
    const late = setTimeout(() => child?.kill('SIGKILL'), patienceMs)
    const [code] = await ended
    clearTimeout(late)
    return /** @type {number | null} */ (code)
  }

  return {
    name,
    port,
    url: `http://127.0.0.1:${port}`,
    exchange,
    /** Starts it if it does not run; resolves when it is ready. The load goes to it once it is `opened`. */
    start,
    open: () => {
      up = true
    },
    isUp: () => up,
    kill: () => end('SIGKILL'),
    /** Answers the exit code: 0 after a graceful stop. */
    stop: () => end('SIGTERM'),
  }
}
