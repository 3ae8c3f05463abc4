// The ledger without HTTP: transfers handed straight to the group commit, as many at a time as connections would.
import { randomBytes } from 'node:crypto'
import { openStore } from '../dist/adapters/storage/open.js'
import { choose, earn, transfer } from '../dist/core/ledger/lots.js'
import { addProgrammeMember, holderOf, ledgerOf } from '../dist/core/loop/world.js'
import { programmeInput } from '../dist/core/loyalty/schema.js'
import { makeCatalogues } from '../dist/server/catalogue.js'
import { raiseCatalogueVersion } from '../dist/server/catalogue-version.js'
import { makeWriter } from '../dist/server/commit/writer.js'
import { readConfig } from '../dist/server/config.js'
import { makeWorkspaces } from '../dist/server/workspaces.js'
import { answerCalls } from './processes.mjs'
import { asset, fewLots, hotMember, manyLots, member, members, otherMember, programme } from './requests.mjs'

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
    weight: 7,
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

/** A programme in which anybody may give to anybody. */
const makeProgramme = async () => {
  const body = JSON.stringify(
    programmeInput.parse({
      name: 'Club',
      rate: { points: 100, worth: { amount: 100, currency: 'EUR' } },
      expiry: { kind: 'after', months: 12 },
      transfers: { between: 'anyone' },
    }),
  )
  await database.transaction(async tx => {
    const version = await raiseCatalogueVersion(tx, 'default')
    await tx.query(
      `insert into programmes (workspace_id, id, version, state, body, catalogue_version, created_at, updated_at)
       values ('default', $1, 1, 'live', $2::json, $3, now(), now())`,
      [programme, body, version],
    )
    await tx.query(
      `insert into programme_versions (workspace_id, programme_id, version, state, body, changed_by, changed_at)
       values ('default', $1, 1, 'live', $2::json, 'bench', now())`,
      [programme, body],
    )
  })
}

/** @param {any} world @param {any} holder @param {number} amount @param {number} days */
const givePoints = (world, holder, amount, days) =>
  earn(ledgerOf(world), {
    ownerId: holder.id,
    asset,
    amount,
    from: 'adjusted',
    kind: 'adjust',
    terms: { earnedAt: world.now, activeAt: null, awaits: null, expiresAt: world.now + days * dayMs },
  })

const dayMs = 86_400_000
const lotsPerItem = 200

/** Everybody is a member and has points that last; two have a few lots, and very many. */
const fill = async () => {
  await makeProgramme()
  const everybody = Array.from({ length: manyLots.member + 1 }, (_, n) => n)
  await inLanes(everybody, 512, n =>
    submit([identifier(n)], 0, (world, [holder]) => {
      addProgrammeMember(world, {
        holderId: holder.id,
        programmeId: programme,
        joinedAt: world.now,
        leftAt: null,
        source: 'import',
        terms: null,
        tier: null,
        tierSince: null,
        tierUntil: null,
        householdId: null,
        dueAt: null,
        revision: 0,
      })
      givePoints(world, holder, 1_000_000, 365)
    }),
  )
  for (const { member: who, lots } of [fewLots, manyLots])
    for (let from = 1; from < lots; from += lotsPerItem)
      await submit([identifier(who)], 0, (world, [holder]) => {
        for (let lot = from; lot < Math.min(lots, from + lotsPerItem); lot++)
          givePoints(world, holder, 10, 1 + (lot % 300))
      })
}

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
