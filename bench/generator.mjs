// The load generator: hand-written HTTP/1.1 over sockets, because a client that does more takes the time it should measure.
import { once } from 'node:events'
import { connect } from 'node:net'
import { answerCalls } from './processes.mjs'
import { requests } from './requests.mjs'

/**
 * @typedef {object} Load
 * @property {readonly string[]} urls connections are dealt out to them in turn
 * @property {number} connections each sends the next request when it has the last one's answer
 * @property {keyof typeof requests} kind
 * @property {string} key
 * @property {number} from the first request's number; each number is sent once
 * @property {number} to one past the last
 * @property {number} seconds stops earlier where the numbers end
 */

/**
 * @param {Load} load
 * @returns {Promise<{ sent: number, seconds: number, latenciesMs: number[] }>}
 */
const run = async ({ urls, connections, kind, key, from, to, seconds }) => {
  const { make, isDone } = requests[kind]
  const sockets = await Promise.all(
    Array.from({ length: connections }, async (_, index) => {
      const { hostname, port } = new URL(urls[index % urls.length] ?? '')
      const socket = connect({ host: hostname, port: Number(port), noDelay: true })
      await once(socket, 'connect')
      return socket
    }),
  )
  /** @type {number[]} */
  const latenciesMs = []
  let next = from
  const started = performance.now()
  const until = started + seconds * 1000

  /** @param {import('node:net').Socket} socket */
  const drive = socket =>
    new Promise((resolve, reject) => {
      let received = ''
      let expected = -1
      let sentAt = 0
      const send = () => {
        sentAt = performance.now()
        if (next >= to || sentAt >= until) {
          socket.end()
          resolve(undefined)
          return
        }
        received = ''
        expected = -1
        socket.write(make(next++, key), 'latin1')
      }
      socket.setEncoding('latin1') // so that a character is a byte, and lengths agree
      socket.on('data', chunk => {
        received += chunk
        if (expected < 0) {
          const head = received.indexOf('\r\n\r\n')
          if (head < 0) return
          const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, head + 2))
          if (!length) return reject(new Error(`an answer without a length: ${received}`))
          expected = head + 4 + Number(length[1])
        }
        if (received.length < expected) return
        if (!received.startsWith('HTTP/1.1 20') || !isDone(received)) return reject(new Error(received))
        latenciesMs.push(performance.now() - sentAt)
        send()
      })
      socket.once('error', reject)
      socket.once('close', () => reject(new Error('the server closed a connection')))
      send()
    })

  try {
    await Promise.all(sockets.map(drive))
  } finally {
    for (const socket of sockets) socket.destroy()
  }
  return { sent: next - from, seconds: (performance.now() - started) / 1000, latenciesMs }
}

answerCalls({ run }, () => {})
