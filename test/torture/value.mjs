import { setTimeout as wait } from 'node:timers/promises'
import { accountOf, makeCaller, succeeded } from './caller.mjs'
import { makeDice } from './dice.mjs'
import { makeStand } from './stand.mjs'

/**
 * Torture of value: people earn points, pay with them, hold them for open orders, return goods, give points to each other, join and are given
 * some by hand, while the servers are killed. After each cycle everything has been answered; then the auditor adds up the rows, and the
 * roll-forward must be what the answers come to, to the point: nothing is lost, and nothing happened twice.
 *
 * @typedef {object} ValueResult
 * @property {string[]} violations
 * @property {number} cycles
 * @property {number} requests
 * @property {number} interrupted
 * @property {number} kills
 * @property {Record<string, number>} acknowledged by kind
 */

const programme = 'club'
const people = 12
const patienceMs = 60_000

/** @param {string} text @returns {any} */
const parse = text => JSON.parse(text)

/**
 * @param {import('./caller.mjs').Caller} caller
 * @param {string} run
 */
const makeActors = (caller, run) => {
  let counter = 0
  const fresh = (/** @type {string} */ prefix) => `${prefix}-${run}-${(counter++).toString(36)}`
  const someone = (/** @type {import('./dice.mjs').Dice} */ dice) => `userId:${run}-${dice.below(people)}`
  /** @type {{ order: string, quantity: number }[]} */
  const placed = []

  /** @param {string} kind @param {string} method @param {string} path @param {unknown} body @param {import('./dice.mjs').Dice} dice @param {{ order?: string, returns?: string }} [more] */
  const ask = (kind, method, path, body, dice, more = {}) =>
    caller.ask(
      { kind, method, path, body: JSON.stringify(body), key: fresh('key'), ...more },
      dice.pick(caller.servers),
    )

  const basket = (/** @type {import('./dice.mjs').Dice} */ dice) => {
    const quantity = dice.between(1, 4)
    const points = dice.chance(0.5) ? dice.pick([10, 50, 200, 1000]) : 0
    return {
      person: someone(dice),
      channel: dice.pick(['web', 'store']),
      currency: 'EUR',
      lines: [{ id: '1', sku: 'A', quantity, unitPrice: dice.between(100, 2000) }],
      ...(points > 0 ? { tenders: [{ type: 'points', programme, points }, { type: 'card' }] } : {}),
    }
  }

  const buy = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    const order = fresh('ord')
    const body = { ...basket(dice), state: 'placed' }
    const asked = await ask('putOrder', 'PUT', `/v1/orders/${order}`, body, dice, { order })
    if (succeeded(asked)) placed.push({ order, quantity: body.lines[0]?.quantity ?? 1 })
  }

  const holdAndGoOn = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    const order = fresh('ord')
    const body = basket(dice)
    const open = { ...body, state: 'open', hold: { seconds: dice.pick([1, 2, 30]) } }
    await ask('putOrder', 'PUT', `/v1/orders/${order}`, open, dice, { order })
    const next = dice.below(3)
    if (next === 0) await ask('putOrder', 'PUT', `/v1/orders/${order}`, { state: 'cancelled' }, dice, { order })
    if (next !== 1) return
    const asked = await ask('putOrder', 'PUT', `/v1/orders/${order}`, { ...body, state: 'placed' }, dice, { order })
    if (succeeded(asked)) placed.push({ order, quantity: body.lines[0]?.quantity ?? 1 })
  }

  const bringBack = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    const it = placed[Math.max(0, placed.length - 1 - dice.below(20))]
    if (!it) return
    const id = fresh('ret')
    const body = { id, lines: [{ id: '1', quantity: dice.between(1, it.quantity) }] }
    await ask('return', 'POST', `/v1/orders/${it.order}/returns`, body, dice, { returns: `${it.order}/${id}` })
  }

  const give = (/** @type {import('./dice.mjs').Dice} */ dice) =>
    ask(
      'transfer',
      'POST',
      '/v1/transfers',
      { from: someone(dice), to: someone(dice), programme, points: dice.pick([1, 20, 300]) },
      dice,
    )

  const adjust = (/** @type {import('./dice.mjs').Dice} */ dice) =>
    ask(
      'adjust',
      'POST',
      '/v1/adjustments',
      { person: someone(dice), programme, amount: dice.pick([-500, -40, 30, 250]), reason: 'goodwill' },
      dice,
    )

  const join = (/** @type {import('./dice.mjs').Dice} */ dice) =>
    ask('join', 'PUT', `/v1/programmes/${programme}/members/userId:${fresh('new')}`, { source: 'web' }, dice)

  /** Does one thing after the other until the load is over. @param {{ over: boolean }} load @param {import('./dice.mjs').Dice} dice */
  const actor = async (load, dice) => {
    while (!load.over)
      await dice.pick([buy, buy, buy, holdAndGoOn, holdAndGoOn, bringBack, give, give, adjust, join])(dice)
  }

  return { actor, ask }
}

/** What acknowledged answers come to. @param {readonly import('./caller.mjs').Asked[]} asked */
const expectedOf = asked => {
  const sums = { earned: 0, burned: 0, takenBack: 0, givenBack: 0, adjusted: 0 }
  const orders = new Map()
  for (const it of asked.filter(succeeded)) {
    const answer = parse(it.text)
    if (it.kind === 'putOrder' && answer.state === 'placed') orders.set(it.order, answer)
    if (it.kind === 'adjust') sums.adjusted += answer.amount
    if (it.kind !== 'return') continue
    for (const { points } of answer.pointsBack ?? []) sums.takenBack -= points
    for (const { type, points } of answer.refunds ?? []) if (type === 'points') sums.givenBack += points
  }
  for (const { earned = [], paid = [] } of orders.values()) {
    for (const { points } of earned) sums.earned += points
    for (const { type, points } of paid) if (type === 'points') sums.burned -= points
  }
  return sums
}

/** @param {import('./caller.mjs').Caller} caller @returns {Promise<string[]>} */
const audit = async caller => {
  const started = await caller.ask({ kind: 'startAudit', method: 'POST', path: '/v1/audits' })
  const { id } = parse(started.text)
  const until = Date.now() + patienceMs
  for (;;) {
    const { text } = await caller.look('/v1/audits?limit=100')
    const done = parse(text).data.find(
      (/** @type {{ job: string, state: string }} */ it) => it.job === id && it.state === 'done',
    )
    if (done) return done.findings.map((/** @type {{ says: string }} */ it) => `the auditor: ${it.says}`)
    if (Date.now() > until) return ['the audit does not end']
    await wait(50)
  }
}

/** @param {import('./caller.mjs').Caller} caller @returns {Promise<string[]>} */
const rollForward = async caller => {
  const { text } = await caller.look(`/v1/reports/liability?programme=${programme}`)
  /** @type {any[]} */
  const rows = parse(text).data
  const wrong = rows.filter(row => row.unexplained !== 0).map(row => `${row.period} is off by ${row.unexplained}`)
  for (const [field, should] of Object.entries(expectedOf(caller.asked))) {
    const is = rows.reduce((sum, row) => sum + row[field], 0)
    if (is !== should) wrong.push(`the books say ${field} ${is}, the answers ${should}`)
  }
  return wrong
}

/**
 *     const { violations } = await tortureValue({ store: 'postgres', cycles: 3, seed: 1 })   // []
 *
 * @param {import('./torture.mjs').TortureOptions} options
 * @returns {Promise<ValueResult>}
 */
export const tortureValue = async ({ store, cycles, seed, fault, postgresUrl, prepare, say = () => {} }) => {
  const stand = await makeStand({ store, fault, postgresUrl, prepare })
  const { servers } = stand
  const dice = makeDice(seed)
  let kills = 0
  /** @type {string[]} */
  let violations = []
  const caller = makeCaller(servers)
  const { actor, ask } = makeActors(caller, seed.toString(36))
  const start = () => Promise.all(servers.map(server => server.start()))
  const open = () => {
    for (const server of servers) server.open()
  }
  let cycle = 0
  try {
    await start()
    open()
    const set = dice.fork()
    await ask(
      'set',
      'PUT',
      `/v1/programmes/${programme}`,
      {
        name: 'Club',
        rate: { points: 100, worth: { amount: 100, currency: 'EUR' } },
        join: { on: 'firstOrder' },
        expiry: { kind: 'after', months: 12 },
        returns: { earned: 'unlimited' },
        transfers: { between: 'anyone' },
      },
      set,
    )
    const { text } = await ask('set', 'POST', '/v1/campaigns', { name: 'Points' }, set)
    const benefit = { kind: 'points', programme, per: { amount: 10, currency: 'EUR', points: 1 } }
    const offer = { campaign: parse(text).id, name: 'Points', trigger: { on: 'basket' }, benefit }
    const made = await ask('set', 'POST', '/v1/offers', offer, set)
    if (!succeeded(made)) throw new Error(`the scene could not be set: ${made.text}`)
    while (cycle < cycles && violations.length === 0) {
      cycle += 1
      const load = { over: false }
      const actors = Array.from({ length: 32 }, () => actor(load, dice.fork()))
      const enough = caller.answered() + dice.between(100, 500)
      const until = Date.now() + 20_000
      while (caller.answered() < enough && Date.now() < until) await wait(1)
      const victims = servers.length > 1 && dice.chance(0.5) ? [dice.pick(servers)] : servers
      kills += victims.length
      load.over = true
      await Promise.all(victims.map(server => server.kill()))
      await start()
      open()
      // Whoever was cut off asks the same again until it is answered.
      await Promise.all(actors)
      await caller.settled()
      violations = [
        ...caller.asked.filter(it => it.status >= 500 || it.status === 400).map(it => `unexpected: ${accountOf(it)}`),
        ...(await audit(caller)),
        ...(await rollForward(caller)),
      ]
      say(`${store} cycle ${cycle}: ${caller.asked.length} requests, ${violations.length} violations`)
    }
  } finally {
    await stand.remove()
  }
  /** @type {Record<string, number>} */
  const acknowledged = {}
  for (const { kind } of caller.asked.filter(succeeded)) acknowledged[kind] = (acknowledged[kind] ?? 0) + 1
  return {
    violations,
    cycles: cycle,
    requests: caller.asked.length,
    interrupted: caller.asked.filter(it => it.interrupted).length,
    kills,
    acknowledged,
  }
}
