import { setTimeout as wait } from 'node:timers/promises'
import { auditBooks, auditRows, makeLifeWatch } from './audit.mjs'
import { accountOf, asSold, makeCaller, succeeded } from './caller.mjs'
import { makeDice } from './dice.mjs'
import { makeStand } from './stand.mjs'
import { makeWorkload } from './workload.mjs'

/**
 * @typedef {object} TortureOptions
 * @property {'pglite' | 'postgres'} store one process on the embedded store, or two on one PostgreSQL
 * @property {number} cycles
 * @property {number} seed
 * @property {string} [fault] planted in a copy of the program
 * @property {string} [postgresUrl] a PostgreSQL server to use; else one is started
 * @property {(data: string) => Promise<unknown>} [prepare] puts an embedded store into the data folder, where one is at hand
 * @property {(line: string) => void} [say]
 *
 * @typedef {object} TortureResult
 * @property {string[]} violations
 * @property {number} cycles that were run: a violation ends the run
 * @property {number} requests
 * @property {number} acknowledged
 * @property {number} interrupted
 * @property {number} kills
 * @property {number} redemptions
 * @property {number} returns
 * @property {number} merges persons that became another's
 * @property {number} splits
 */

/** Longer than this no cycle waits for its load: servers that answer nothing are found out by the audit. */
const patienceMs = 10_000

/** Answers that no load of ours should get: the server stumbled, or the harness asked nonsense. */
const unexpected = [400, 401, 403, 405, 413, 415]

/** What a log line may not say. @param {string} line */
const isBadLine = line => /40P01|deadlock|"level":(50|60)\b|unhandled|uncaught/i.test(line)

/**
 * Loads real servers, kills them at random moments, starts them again, asks the unanswered again and audits, cycle after cycle.
 *
 *     const { violations } = await torture({ store: 'pglite', cycles: 5, seed: 1 })   // []
 *
 * @param {TortureOptions} options
 * @returns {Promise<TortureResult>}
 */
export const torture = async ({ store, cycles, seed, fault, postgresUrl, prepare, say = () => {} }) => {
  /** @type {string[]} */
  const badLines = []
  const stand = await makeStand({
    store,
    fault,
    postgresUrl,
    prepare,
    onLine: (name, line) => {
      if (isBadLine(line)) badLines.push(`${name} logged: ${line}`)
    },
  })
  try {
    return await run({ ...stand, badLines, store, cycles, dice: makeDice(seed), run: seed.toString(36), say })
  } finally {
    await stand.remove()
  }
}

/**
 * @param {{ servers: import('./servers.mjs').Server[], look: () => () => Promise<{ stored: import('./stored.mjs').Stored, deadlocks: number }>, badLines: string[], store: string, cycles: number, dice: import('./dice.mjs').Dice, run: string, say: (line: string) => void }} options
 * @returns {Promise<TortureResult>}
 */
const run = async ({ servers, look, badLines, store, cycles, dice, run, say }) => {
  const caller = makeCaller(servers)
  const work = makeWorkload({ caller, dice: dice.fork(), run })
  const watchLives = makeLifeWatch()
  let kills = 0
  let redemptions = 0
  let returns = 0
  let merges = 0
  let splits = 0
  /** @type {Promise<void>[]} */
  let actors = []

  const start = () => Promise.all(servers.map(server => server.start()))
  const open = () => {
    for (const server of servers) server.open()
  }

  /** Audits what is stored now. `meanwhile` is for what takes long and disturbs nobody. */
  const audit = async (meanwhile = async () => {}) => {
    await caller.settled()
    const read = look()
    const [{ stored, deadlocks }] = await Promise.all([read(), meanwhile()])
    redemptions = stored.uses.length
    returns = stored.returns.length
    merges = stored.messages.filter(row => row.name === 'Person Merged').length
    splits = stored.messages.filter(row => row.name === 'Person Split').length
    return [
      ...auditRows(stored, work.offers, work.people, work.unions),
      ...auditBooks(stored, caller.asked, work),
      ...watchLives(stored),
      ...caller.asked
        .filter(it => it.status >= 500 || unexpected.includes(it.status))
        .map(it => `nobody expects this answer: ${accountOf(it)}`),
      ...badLines.splice(0),
      ...(deadlocks > 0 ? [`PostgreSQL had to break ${deadlocks} deadlocks`] : []),
    ]
  }

  /** Waits for so many more answers, so that a kill comes in the middle of the work on a slow machine too. @param {number} more */
  const answered = async more => {
    const enough = caller.answered() + more
    const until = Date.now() + patienceMs
    while (caller.answered() < enough && Date.now() < until) await wait(1)
  }

  /** What was answered before is answered again, now that the servers have been killed. */
  const replay = async () => {
    const answered = caller.asked.filter(succeeded)
    const keyed = answered.filter(it => it.key !== undefined && it.kind === 'putOrder').slice(-40)
    const others = [
      ...answered.filter(it => it.returns !== undefined).slice(-20),
      ...answered.filter(it => it.kind === 'claim').slice(-10),
    ]
    await Promise.all([
      ...keyed.flatMap(({ kind, method, path, body, key, order }, index) => [
        caller.ask({ kind, method, path, body, key, order }),
        ...(index % 4 === 0
          ? [caller.ask({ kind, method, path, body: '{"state":"cancelled"}', key: `${key}`, order })]
          : []),
      ]),
      ...others.map(({ kind, method, path, body, key, returns }) =>
        caller.ask({ kind, method, path, body, key, returns }),
      ),
    ])
  }

  /** The last word about an order, read over HTTP, is what was acknowledged last. */
  const reread = async () => {
    /** @type {Map<string, { revision: number, text: string }>} */
    const last = new Map()
    for (const asked of caller.asked.slice(-1500)) {
      if (asked.order === undefined || !succeeded(asked)) continue
      const { revision } = JSON.parse(asked.text)
      if (revision >= (last.get(asked.order)?.revision ?? 0)) last.set(asked.order, { revision, text: asked.text })
    }
    /** @type {string[]} */
    const wrong = []
    await Promise.all(
      [...last].slice(-60).map(async ([order, { revision, text }]) => {
        const { status, text: now } = await /** @type {import('./servers.mjs').Server} */ (
          servers[dice.below(servers.length)]
        ).exchange({ method: 'GET', path: `/v1/orders/${order}` })
        const isNewer = status === 200 && JSON.parse(now).revision > revision
        if (status !== 200 || (!isNewer && asSold(now) !== asSold(text)))
          wrong.push(`order ${order} was acknowledged as ${text} and reads ${status} ${now}`)
      }),
    )
    return wrong
  }

  const result = (/** @type {string[]} */ violations, /** @type {number} */ done) => ({
    violations: [...new Set(violations)],
    cycles: done,
    requests: caller.asked.length,
    acknowledged: caller.asked.filter(succeeded).length,
    interrupted: caller.asked.filter(it => it.interrupted).length,
    kills,
    redemptions,
    returns,
    merges,
    splits,
  })

  await start()
  for (let cycle = 1; cycle <= cycles; cycle += 1) {
    const began = Date.now()
    open()
    // Whoever was waiting for an answer has it now.
    await Promise.all(actors)
    if (cycle > 1) {
      await replay()
      const wrong = await reread()
      if (wrong.length > 0) return result(wrong, cycle)
      await work.buyWhenQuiet()
    }
    await work.setScene(cycle)
    const load = { over: false }
    const before = caller.asked.length
    actors = Array.from({ length: dice.between(32, 64) }, () => work.actor(load))
    // The first cycle is long enough for everything to happen that a run is for, however the dice fall afterwards.
    await answered(dice.between(cycle === 1 ? 300 : 20, 600))
    await wait(dice.below(30))
    const victims = servers.length > 1 && dice.chance(0.5) ? [dice.pick(servers)] : servers
    kills += victims.length
    if (victims.length < servers.length) {
      // The other one goes on alone for a while.
      await Promise.all(victims.map(server => server.kill()))
      await answered(dice.between(10, 150))
      load.over = true
      await Promise.all(actors)
    } else {
      load.over = true
      await Promise.all(victims.map(server => server.kill()))
    }
    const killed = Date.now()
    const wrong = await audit(async () => {
      await start()
    })
    const waiting = caller.asked.filter(it => it.status === 0).length
    say(
      `${store} cycle ${cycle}/${cycles}: ${caller.asked.length - before} requests, killed ${victims.map(it => it.name)}, ${waiting} unanswered; ` +
        `load ${killed - began} ms, audit and start ${Date.now() - killed} ms, ${redemptions} redemptions and ${returns} returns in all${wrong.length > 0 ? `; ${wrong.length} VIOLATIONS` : ''}`,
    )
    if (wrong.length > 0) return result(wrong, cycle)
  }

  // At last everything is answered, and a graceful stop leaves nothing behind either.
  open()
  await Promise.all(actors)
  await replay()
  const wrong = await reread()
  await work.buyWhenQuiet()
  await work.segmentsReady()
  const codes = await Promise.all(servers.map(server => server.stop()))
  if (codes.some(code => code !== 0)) wrong.push(`asked to stop, the servers ended with ${codes}`)
  return result([...wrong, ...(await audit())], cycles)
}
