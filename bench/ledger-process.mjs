// The ledger without HTTP: transfers handed straight to the group commit, as many at a time as connections would.
import { randomBytes } from 'node:crypto'
import { openStore } from '../dist/adapters/storage/open.js'
import { choose, earn, transfer } from '../dist/core/ledger/lots.js'
import { holderOf, ledgerOf } from '../dist/core/loop/world.js'
import { makeCatalogues } from '../dist/server/catalogue.js'
import { makeWriter } from '../dist/server/commit/writer.js'
import { readConfig } from '../dist/server/config.js'
import { makeWorkspaces } from '../dist/server/workspaces.js'
import { answerCalls } from './processes.mjs'
import { asset, hotMember, member, members, otherMember } from './requests.mjs'

const config = readConfig({ ...process.env, PORT: '0' })
if ('message' in config) throw new Error(config.message)
const database = await openStore({ ...config, url: 'http://127.0.0.1:0' })
const random = randomBytes
const clock = Date.now
const workspaces = makeWorkspaces({ database, clock, random })
await workspaces.ensureDefault()
await workspaces.get('default')
const writer = makeWriter({ database, workspaces, catalogues: makeCatalogues(), clock, random })

/** @param {number} n */
const identifier = n => ({ type: 'loyaltyCard', value: member(n), given: member(n) })
const answer = { text: '{}', status: 200 }

/**
 * @param {readonly { type: string, value: string, given: string }[]} identifiers
 * @param {number} amount @param {(world: any, holders: any[]) => unknown} work
 */
const submit = async (identifiers, amount, work) => {
  const [first] = identifiers
  const outcome = await writer.submit({
    workspaceId: 'default',
    needs: { identifiers, value: [{ asset, amount, of: `${first?.type}:${first?.value}` }] },
    fromBrowser: false,
    weight: 8,
    bytes: 500,
    decide: world => {
      work(
        world,
        identifiers.map(it => holderOf(world, it)),
      )
      return answer
    },
  })
  if ('refusal' in outcome) throw new Error(outcome.refusal.message)
}

/** @param {readonly number[]} numbers @param {number} atATime @param {(n: number) => Promise<void>} work */
const inLanes = async (numbers, atATime, work) => {
  let next = 0
  const lane = async () => {
    while (next < numbers.length) await work(numbers[next++] ?? 0)
  }
  await Promise.all(Array.from({ length: atATime }, lane))
}

/** Everybody gets points that last. */
const fill = () =>
  inLanes(
    Array.from({ length: members + 1 }, (_, n) => n),
    512,
    n =>
      submit([identifier(n)], 0, (world, [holder]) =>
        earn(ledgerOf(world), {
          ownerId: holder.id,
          asset,
          amount: 1_000_000,
          from: 'adjusted',
          kind: 'adjust',
          terms: { earnedAt: world.now, activeAt: null, awaits: null, expiresAt: world.now + 365 * 86_400_000 },
        }),
      ),
  )

/** @param {number} from @param {number} to */
const give = (from, to) =>
  submit([identifier(from), identifier(to)], 1, (world, [giver, taker]) => {
    const ledger = ledgerOf(world)
    const picks = choose(ledger, [giver.id], asset, 1, 'soonestExpiring')
    transfer(ledger, picks ?? [], { to: taker.id, fee: 0, holderId: giver.id })
  })

let next = 0

/** @param {{ kind: 'spread' | 'hot', atATime: number, seconds: number }} asked */
const run = async ({ kind, atATime, seconds }) => {
  /** @type {number[]} */
  const latenciesMs = []
  const started = performance.now()
  const until = started + seconds * 1000
  const lane = async () => {
    for (let now = performance.now(); now < until; ) {
      const n = next++
      await give(n % members, kind === 'hot' ? hotMember : otherMember(n))
      const ended = performance.now()
      latenciesMs.push(ended - now)
      now = ended
    }
  }
  await Promise.all(Array.from({ length: atATime }, lane))
  return { seconds: (performance.now() - started) / 1000, latenciesMs }
}

answerCalls({ fill, run }, async () => {
  await writer.close()
  await database.close()
})
