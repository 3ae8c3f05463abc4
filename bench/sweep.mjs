import { cp } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { openStore } from '../dist/adapters/storage/open.js'
import { auditStore, freshAudit } from '../dist/server/audit/audit-store.js'
import { makeRandom } from '../dist/server/random.js'
import { makeWorkspaces } from '../dist/server/workspaces.js'
import { createDatabase } from '../tools/postgres.mjs'
import { makeCaller } from './caller.mjs'
import { club, fillMembers } from './fill-members.mjs'
import { startProcess } from './processes.mjs'
import { programme } from './requests.mjs'
import { percentile, rounded } from './statistics.mjs'
import { makeStores } from './stores.mjs'

/** @typedef {{ sent: number, seconds: number, latenciesMs: readonly number[] }} Measured */
/** @typedef {{ count: number, longestMs: number }} Batches */

const hourMs = 3_600_000
/** Customers who shop meanwhile, each with the next order when she has the last one's answer. */
const connections = 4

/** Whom the clock has something to do for at an instant. @param {number} end */
const dueSql = end => `select distinct owner_id as id from accounts where due_at <= to_timestamp(${end} / 1000.0)
  union select holder_id from programme_members where due_at <= to_timestamp(${end} / 1000.0)`

/** The same rows in one statement: no postings, no history, and all of them locked until it ends. @param {number} end */
const statement = end => `with a as (
    update accounts set balance = balance, due_at = null, revision = revision + 1 where due_at <= to_timestamp(${end} / 1000.0)
  ), l as (
    update lots set remaining = 0, live = false where due_at <= to_timestamp(${end} / 1000.0) and live
  )
  update programme_members set tier = 'bronze', due_at = null, revision = revision + 1 where due_at <= to_timestamp(${end} / 1000.0)`

/**
 * A month ends for very many members of a programme, while others shop: how fast the clock's work is done, and what of it they feel.
 *
 * @param {{ quick: boolean, members: number, stores: readonly ('pglite' | 'postgres')[], seconds: number, profile: readonly string[], say: (text: string) => void }} options
 */
export const sweep = async ({ members, stores, seconds, profile, say }) => {
  const results = []
  const places = await makeStores()
  const today = new Date()
  const end = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 1)
  const few = { BENCH_MEMBERS: String(members) }
  const generator = await startProcess('generator.mjs', { env: few })
  try {
    for (const store of stores) {
      const env = { ...(await places.fresh(store)), ...few, BENCH_CLOCK: String(end - 2 * hourMs) }
      const open = (/** @type {Record<string, string>} */ at) =>
        openStore({ databaseUrl: at.DATABASE_URL || undefined, folder: at.TESSERA_DATA ?? '' })
      const first = await startProcess('server.mjs', { env })
      const key = await prepare(/** @type {Address} */ (await first.ask('address')))
      await first.stop()

      say(`${store}: filling`)
      const filling = await open(env)
      await fillMembers(filling, { members, end, say: text => say(`${store}: ${text}`) })
      const { rows } = await filling.query(`select count(*)::int4 as n from (${dueSql(end)}) as due`)
      const people = Number(rows[0]?.n)
      await mustBeRight(filling, end)
      await filling.close()

      say(`${store}: the same rows in one statement`)
      const twin = await open(await copyOf(env))
      const began = performance.now()
      await twin.query(statement(end))
      const statementMs = performance.now() - began
      await twin.close()

      const server = await startProcess('server.mjs', { env, execArgv: [...profile] })
      const { url } = /** @type {Address} */ (await server.ask('address'))
      let next = 0
      const shop = async (/** @type {number} */ forSeconds) => {
        const asked = { urls: [url], connections, kind: 'earning', key, from: next, to: Number.POSITIVE_INFINITY }
        const measured = /** @type {Measured} */ (await generator.ask('run', { ...asked, seconds: forSeconds }))
        next += measured.sent
        return measured.latenciesMs
      }
      await shop(seconds / 2)
      say(`${store}: orders without it`)
      const without = await shop(seconds * 2)
      await server.ask('batches')

      say(`${store}: the clock strikes`)
      await server.ask('pass', 3 * hourMs)
      const { get } = makeCaller(url, key)
      const isOver = async () => (await get(`/v1/programmes/${programme}`)).clock.overdue === 0
      const metric = async (/** @type {string} */ name) =>
        Number(new RegExp(`^${name} (\\S+)`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1])
      while ((await metric('tessera_value_clock_done_total')) === 0) await sleep(50)
      const started = performance.now()
      let peakBytes = 0
      const watch = async () => {
        while (!(await isOver())) {
          peakBytes = Math.max(peakBytes, await metric('process_resident_memory_bytes'))
          await sleep(100)
        }
        return (performance.now() - started) / 1000
      }
      const over = watch()
      const meanwhile = await shop(seconds * 2)
      const took = await over
      const { count, longestMs } = /** @type {Batches} */ (await server.ask('batches'))
      await server.stop()

      say(`${store}: the audit`)
      const after = await open(env)
      const auditing = performance.now()
      await mustBeRight(after, end + hourMs)
      const auditSeconds = (performance.now() - auditing) / 1000
      await after.close()
      results.push({
        case: `${store} ${members}`,
        store,
        connections,
        perSecond: Math.round(people / took),
        p50Ms: rounded(percentile(meanwhile, 0.5)),
        p99Ms: rounded(percentile(meanwhile, 0.99)),
        ratios: {
          statement: rounded(statementMs / 1000 / took),
          longest: rounded(statementMs / longestMs),
          p99: rounded(percentile(without, 0.99) / percentile(meanwhile, 0.99)),
        },
        people,
        seconds: rounded(took),
        batches: count,
        longestMs: rounded(longestMs),
        statementMs: Math.round(statementMs),
        p99WithoutMs: rounded(percentile(without, 0.99)),
        rssMb: Math.round(peakBytes / 1e6),
        auditSeconds: rounded(auditSeconds),
      })
    }
  } finally {
    await generator.stop()
    await places.remove()
  }
  return { bench: 'sweep', results }
}

/** @typedef {{ url: string, adminKey: string }} Address */

/** The programme, and a point for each euro. @param {Address} address */
const prepare = async ({ url, adminKey }) => {
  const { post, put } = makeCaller(url, adminKey)
  await put(`/v1/programmes/${programme}`, club)
  const { id: campaign } = await post('/v1/campaigns', { name: 'Bench' })
  const per = { amount: 100, currency: 'EUR', points: 1 }
  const benefit = { kind: 'points', programme, per }
  await post('/v1/offers', { campaign, name: 'A point a euro', trigger: { on: 'basket' }, benefit })
  return /** @type {string} */ ((await post('/v1/keys', { name: 'Bench', scope: 'secret' })).key)
}

/**
 * @param {Record<string, string>} env
 * @returns {Promise<Record<string, string>>}
 */
const copyOf = async ({ DATABASE_URL: url = '', TESSERA_DATA: data = '' }) => {
  if (url !== '') {
    const name = new URL(url).pathname.slice(1)
    return {
      DATABASE_URL: await createDatabase(new URL('/postgres', url).href, `${name}_twin`, name),
      TESSERA_DATA: data,
    }
  }
  const copy = `${data}-twin`
  await cp(data, copy, { recursive: true })
  return { TESSERA_DATA: copy }
}

/** The bench fails where the auditor finds anything. @param {Awaited<ReturnType<typeof openStore>>} database @param {number} now */
const mustBeRight = async (database, now) => {
  const clock = () => now
  const workspaces = makeWorkspaces({ database, clock, random: makeRandom() })
  await workspaces.get('default')
  const step = auditStore({ database, workspaces, clock })
  const job = { workspaceId: 'default', id: '', kind: 'audit', done: 0, total: null }
  for (let params = freshAudit, over = false; !over; ) {
    const next = await step({ ...job, params })
    params = next.params
    over = next.result !== undefined
    if (over && params.findings.length > 0) throw new Error(params.findings.map(it => it.says).join('\n'))
  }
}
