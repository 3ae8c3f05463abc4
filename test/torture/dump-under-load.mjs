import { setTimeout as wait } from 'node:timers/promises'
import { auditBooks, auditRows } from './audit.mjs'
import { makeCaller } from './caller.mjs'
import { makeDice } from './dice.mjs'
import { makeWorkload } from './workload.mjs'

/**
 * Loads the first server of a stand and takes its dump in the middle of it.
 *
 * `audit` holds rows that were loaded from the dump against the books as they were while it was taken: what was answered before must
 * be there, what was under way may be, and what was asked afterwards is not looked for.
 *
 * @param {{ servers: readonly import('./servers.mjs').Server[], seed: number }} options
 */
export const dumpUnderLoad = async ({ servers, seed }) => {
  const [server] = servers
  if (!server) throw new Error('a stand without servers')
  await server.start()
  server.open()
  const dice = makeDice(seed)
  const caller = makeCaller([server])
  const work = makeWorkload({ caller, dice: dice.fork(), run: seed.toString(36) })
  await work.setScene(1)
  const load = { over: false }
  const actors = Array.from({ length: 32 }, () => work.actor(load))
  while (caller.answered() < 250) await wait(1)

  const started = Date.now()
  const before = caller.answered()
  const { status, text } = await server.exchange({ method: 'GET', path: '/v1/dump' })
  const answeredMeanwhile = caller.answered() - before
  const ended = Date.now()
  load.over = true
  await Promise.all(actors)
  if (status !== 200) throw new Error(`the dump was answered with ${status} ${text}`)

  const books = caller.asked
    .filter(request => request.sentAt <= ended)
    .map(request => (request.answeredAt < started ? request : { ...request, status: 0, interrupted: true }))
  return {
    lines: text.trimEnd().split('\n'),
    answeredMeanwhile,
    audit: (/** @type {import('./stored.mjs').Stored} */ stored) => [
      ...auditRows(stored, work.offers, work.people, work.unions),
      ...auditBooks(stored, books, work),
    ],
  }
}
