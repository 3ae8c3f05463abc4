import { setTimeout as wait } from 'node:timers/promises'

/**
 * What was asked and what was answered. `interrupted` tells that at least one try of it never got an answer, so its effect may
 * have come before the answer that it got in the end.
 *
 * @typedef {object} Asked
 * @property {number} number
 * @property {string} kind
 * @property {string} method
 * @property {string} path
 * @property {string} [body]
 * @property {string} [key]
 * @property {string} [order] the order it puts
 * @property {string} [returns] what it returns, as `<order>/<return id>`
 * @property {number} sentAt
 * @property {number} answeredAt
 * @property {number} tries
 * @property {boolean} interrupted
 * @property {number} status 0 while unanswered
 * @property {string} text
 * @property {string} server who answered
 */

/** @param {Asked} asked */
export const accountOf = asked =>
  [
    `#${asked.number} ${asked.kind}: ${asked.method} ${asked.path}${asked.key ? ` key ${asked.key}` : ''}`,
    asked.body === undefined ? '' : ` ${clip(asked.body)}`,
    asked.status === 0
      ? ` — not answered in ${asked.tries} tries`
      : ` — answered ${asked.status}${asked.interrupted ? ` after ${asked.tries} tries` : ''} by ${asked.server}: ${clip(asked.text)}`,
  ].join('')

/** @param {string} text */
const clip = text => (text.length > 600 ? `${text.slice(0, 600)}…` : text)

/**
 * Asks the servers, and goes on asking the same until there is an answer: over kills, restarts and 503. Keeps the books.
 *
 * @typedef {ReturnType<typeof makeCaller>} Caller
 * @param {readonly import('./servers.mjs').Server[]} servers
 */
export const makeCaller = servers => {
  /** @type {Asked[]} */
  const asked = []
  let inFlight = 0
  let turn = 0
  let answers = 0

  const anyServer = async () => {
    for (;;) {
      const up = servers.filter(server => server.isUp())
      turn += 1
      if (up.length > 0) return /** @type {import('./servers.mjs').Server} */ (up[turn % up.length])
      await wait(5)
    }
  }

  /**
   * @param {Pick<Asked, 'kind' | 'method' | 'path' | 'body' | 'key' | 'order' | 'returns'>} call
   * @param {import('./servers.mjs').Server} [preferred]
   * @returns {Promise<Asked>}
   */
  const ask = async (call, preferred) => {
    /** @type {Asked} */
    const request = {
      ...call,
      number: asked.length + 1,
      sentAt: 0,
      answeredAt: 0,
      tries: 0,
      interrupted: false,
      status: 0,
      text: '',
      server: '',
    }
    asked.push(request)
    for (;;) {
      const server = preferred?.isUp() && request.tries === 0 ? preferred : await anyServer()
      request.sentAt ||= Date.now()
      request.tries += 1
      inFlight += 1
      try {
        const answer = await server.exchange({
          method: call.method,
          path: call.path,
          body: call.body,
          headers: call.key === undefined ? {} : { 'idempotency-key': call.key },
        })
        if (answer.status !== 503 && answer.status !== 429) {
          answers += 1
          Object.assign(request, {
            answeredAt: Date.now(),
            status: answer.status,
            text: answer.text,
            server: server.name,
          })
          return request
        }
      } catch {
        request.interrupted = true
      } finally {
        inFlight -= 1
      }
      await wait(10)
    }
  }

  /** Reads, out of the books. @param {string} path */
  const look = async path => (await anyServer()).exchange({ method: 'GET', path })

  return {
    ask,
    look,
    asked,
    servers,
    answered: () => answers,
    /** Resolves when every exchange that was under way has ended, answered or cut off. */
    settled: async () => {
      while (inFlight > 0) await wait(2)
    },
  }
}

/** @param {Asked} request */
export const succeeded = request => request.status >= 200 && request.status < 300

/**
 * An order's answer as it was before anything came back, and before its buyer was known as somebody else: that is added to the answer and
 * leaves the rest as it is.
 *
 *     asSold('{"state":"returned","total":720,"returned":{"refunded":720}}')   // '{"state":"placed","total":720}'
 *
 * @param {string} text
 */
export const asSold = text => {
  const { returned, personNow, ...answer } = JSON.parse(text)
  return JSON.stringify(answer.state === 'returned' ? { ...answer, state: 'placed' } : answer)
}
