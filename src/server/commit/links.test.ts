import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServices, testServices } from '../../../test/calls.ts'
import type { Database, Queryable } from '../../adapters/storage/database.ts'
import { addLink, removeLink, split, undoSplit } from '../../core/loop/link.ts'
import { type Holder, holderOf, type NeverMerge, type World } from '../../core/loop/world.ts'
import { defaultIdentityRules, type IdentityRules } from '../../core/people/identity-rules.ts'
import type { StoredLink } from '../../core/people/links.ts'
import { resolve } from '../../core/people/resolve.ts'
import { makeCatalogues } from '../catalogue.ts'
import { eventsHandlers } from '../resources/events.ts'
import type { Needs } from './item.ts'
import { holderColumns, linkColumns, selectList } from './tables.ts'
import { makeWriter, type Writer } from './writer.ts'

// Small caps, so that a few identifiers meet everything that links may not do.
const rules: IdentityRules = {
  ...defaultIdentityRules,
  types: {
    userId: { atMost: 1, priority: 0 },
    email: { atMost: 2, priority: 30 },
    anonymousId: { atMost: 3, priority: 90 },
  },
  shared: 2,
  component: 6,
}

/** A database that counts what is read through it: rows, and statements that look at links. */
const counting = (database: Database) => {
  const counts = { rows: 0, aboutLinks: 0 }
  const counted = (tx: Queryable): Queryable => ({
    ...tx,
    query: async (sql, params, name) => {
      const answer = await tx.query(sql, params, name)
      if (sql.startsWith('select')) counts.rows += answer.rows.length
      if (/select \* from (?:links|never_merge) /.test(sql)) counts.aboutLinks += 1
      return answer as never
    },
  })
  const wrapped: Database = { ...database, transaction: work => database.transaction(tx => work(counted(tx))) }
  return { counts, wrapped }
}

describe.each(['postgres', 'pglite'] as const)('links on %s', store => {
  let services: TestServices
  let workspace = 0
  beforeAll(async () => {
    services = await testServices(store)
  })
  afterAll(() => services.database.close())

  const freshWorkspace = async (identity?: IdentityRules): Promise<string> => {
    workspace += 1
    const id = `shop-${workspace}`
    await services.database.query(
      `insert into workspaces (id, name, currency, time_zone, language, tax_included, secret, settings, created_at)
       values ($1, $1, 'EUR', 'UTC', 'en', true, 'c2VjcmV0', $2::json, now())`,
      [id, JSON.stringify(identity ? { identity } : {})],
    )
    await services.workspaces.get(id)
    return id
  }

  const newWriter = (database: Database = services.database) =>
    makeWriter({ ...services, database, catalogues: makeCatalogues(), random: randomBytes })

  /** What the store holds is what all links at once give. */
  const agrees = async (workspaceId: string) => {
    const read = async <T>(sql: string) => (await services.database.query(sql, [workspaceId])).rows as T[]
    const holders = await read<Holder>(
      `select ${selectList(holderColumns, 'h')} from holders h where workspace_id = $1`,
    )
    const links = await read<StoredLink>(`select ${selectList(linkColumns, 'l')} from links l where workspace_id = $1`)
    const neverMerge = await read<NeverMerge>('select a, b, cause from never_merge where workspace_id = $1')
    const expected = resolve({ holders, links, neverMerge }, rules)
    expect(new Map(holders.map(it => [it.id, it.personId]))).toEqual(expected.personOf)
    expect(new Map(holders.map(it => [it.id, it.standing]))).toEqual(expected.standing)
    expect(new Map(holders.flatMap(it => (it.behaviourId === null ? [] : [[it.id, it.behaviourId]])))).toEqual(
      expected.behaviourOf,
    )
    expect(new Map(links.map(it => [`${it.a}\n${it.b}\n${it.verified}`, it.suppressed]))).toEqual(expected.suppressed)
    return { holders, links }
  }

  const identifier = (ref: string) => {
    const [type, value] = ref.split(':') as [string, string]
    return { type, value, given: value }
  }

  type Said = { readonly a: string; readonly b: string; readonly verified: boolean; readonly at: number }
  const ref = fc
    .tuple(fc.constantFrom('userId', 'email', 'anonymousId'), fc.constantFrom('a', 'b', 'c', 'd'))
    .map(it => it.join(':'))
  const said = fc.record({
    a: ref,
    b: ref,
    verified: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    at: fc.nat(3),
  })
  const plan = fc.array(
    fc.record({
      said: fc.array(said, { minLength: 1, maxLength: 8 }),
      undo: fc.option(fc.record({ remove: fc.nat(99), split: fc.nat(999) }), { freq: 2 }),
    }),
    { minLength: 1, maxLength: 6 },
  )

  it('end where all at once ends, however batches, processes, removals and splits fall', async () => {
    const met = new Set<string>()
    await fc.assert(
      fc.asyncProperty(plan, async rounds => {
        const id = await freshWorkspace(rules)
        // The embedded store has one process.
        const writers = store === 'postgres' ? [newWriter(), newWriter()] : [newWriter()]
        const submit = async (writer: Writer, needs: Needs, decide: (world: World) => void) => {
          const outcome = await writer.submit({
            workspaceId: id,
            needs,
            weight: 1,
            fromBrowser: false,
            bytes: 1,
            decide: world => {
              decide(world)
              return { text: '', status: 200 }
            },
          })
          expect(outcome).toEqual({ text: '', status: 200 })
        }
        let message = 0
        const say = ({ a, b, verified, at }: Said, index: number) => {
          message += 1
          const cause = `m${message}`
          return submit(
            writers[index % writers.length]!,
            { identifiers: [identifier(a), identifier(b)], links: [[a, b, { verified, at }]] },
            world =>
              addLink(world, {
                a: holderOf(world, identifier(a)).id,
                b: holderOf(world, identifier(b)).id,
                verified,
                source: 'event',
                cause,
                firstSeenAt: at,
              }),
          )
        }
        for (const [round, { said, undo }] of rounds.entries()) {
          await Promise.all(said.map(say))
          const { holders, links } = await agrees(id)
          for (const { standing } of holders) met.add(String(standing))
          for (const { suppressed } of links) met.add(String(suppressed))
          if (!undo) continue
          const link = links[undo.remove % Math.max(1, links.length)]
          const person = holders.filter(it => it.personId === holders[undo.split % holders.length]!.personId)
          const groups = [0, 1].map(side => person.filter((_, place) => ((undo.split >> place) & 1) === side))
          const ids = person.map(it => it.id)
          await Promise.all([
            link &&
              submit(writers[0]!, { holders: [link.a, link.b], components: [link.a, link.b] }, world =>
                removeLink(world, link.a, link.b, `r${round}`),
              ),
            // Beside it, a link that comes.
            say(said[0]!, 1),
          ])
          await agrees(id)
          if (groups.some(group => group.length === 0)) continue
          const still = await services.database.query(
            'select 1 from holders where workspace_id = $1 and id = any($2::text[]) group by person_id',
            [id, ids],
          )
          if (still.rows.length > 1) continue
          await submit(writers[0]!, { holders: ids, components: ids }, world =>
            split(
              world,
              groups.map(group => group.map(it => it.id)),
              `s${round}`,
            ),
          )
          await agrees(id)
          if (undo.split % 2 === 0) continue
          await submit(writers[0]!, { holders: ids, components: ids }, world => undoSplit(world, `s${round}`))
          await agrees(id)
        }
      }),
      // So few runs meet every kind of link only by luck, so their luck is fixed; `resolve.test.ts` draws anew each time.
      { numRuns: store === 'postgres' ? 25 : 15, seed: 9, endOnFailure: true },
    )
    for (const what of ['shared', 'quarantined', 'uniqueType', 'removed', 'unverified', 'null'])
      expect([...met]).toContain(what)
  }, 240_000)

  it('that a split parts anew in the commit that undid another belong to the new one', async () => {
    const id = await freshWorkspace(rules)
    const writer = newWriter()
    const [one, other] = ['userId:a', 'email:b'] as const
    const submit = (needs: Needs, decide: (world: World) => void) =>
      writer.submit({
        workspaceId: id,
        needs,
        weight: 1,
        fromBrowser: false,
        bytes: 1,
        decide: world => {
          decide(world)
          return { text: '', status: 200 }
        },
      })
    await submit({ identifiers: [identifier(one), identifier(other)], links: [[one, other]] }, world =>
      addLink(world, {
        a: holderOf(world, identifier(one)).id,
        b: holderOf(world, identifier(other)).id,
        verified: true,
        source: 'event',
        cause: 'm1',
        firstSeenAt: 1,
      }),
    )
    const { rows: holders } = await services.database.query<{ id: string }>(
      'select id from holders where workspace_id = $1 order by id',
      [id],
    )
    const [a, b] = holders.map(it => it.id) as [string, string]
    const needs = { holders: [a, b], components: [a, b] }
    const causes = async () => {
      const { rows } = await services.database.query<{ cause: string }>(
        'select cause from never_merge where workspace_id = $1',
        [id],
      )
      return rows.map(row => row.cause)
    }
    await submit(needs, world => split(world, [[a], [b]], 's1'))
    expect(await causes()).toEqual(['s1'])
    await Promise.all([
      submit(needs, world => undoSplit(world, 's1')),
      submit(needs, world => split(world, [[a], [b]], 's2')),
    ])
    expect(await causes()).toEqual(['s2'])
    await submit(needs, world => undoSplit(world, 's2'))
    expect(await causes()).toEqual([])
  })

  describe('what is loaded', () => {
    const events = (workspaceId: string, database: Database) => {
      const handlers = eventsHandlers({
        ...services,
        database,
        catalogues: makeCatalogues(),
        writer: newWriter(database),
      })
      const auth = { workspaceId, keyId: 'key_test', scope: 'secret' } as const
      return (body: object) => handlers.batch({ body, bodyText: '', auth, now: services.clock() })
    }

    it('a plain event looks at no links, a login that is known at its own', async () => {
      const id = await freshWorkspace()
      const { counts, wrapped } = counting(services.database)
      const send = events(id, wrapped)
      const login = (messageId: string) => ({
        type: 'identify',
        messageId,
        userId: 'ana',
        anonymousId: 'a1',
        traits: { email: 'ana@example.com' },
      })
      await send({ batch: [login('m1')] })
      counts.aboutLinks = 0
      await send({ batch: [{ type: 'track', messageId: 'm2', userId: 'ana', event: 'Viewed' }] })
      expect(counts.aboutLinks).toBe(0)
      await send({ batch: [login('m3')] })
      expect(counts.aboutLinks).toBe(1)
      await send({ batch: [{ ...login('m4'), anonymousId: 'a2' }] })
      expect(counts.aboutLinks).toBeGreaterThan(1)
    })

    it('of a merge storm of 10,000 is a few rows a link, and what hangs together is in quarantine', async () => {
      const id = await freshWorkspace()
      const { counts, wrapped } = counting(services.database)
      const send = events(id, wrapped)
      const size = 10_000
      const one = (it: number) => ({
        type: 'identify',
        messageId: `storm-${it}`,
        userId: `u${Math.ceil(it / 2)}`,
        timestamp: new Date(Date.UTC(2026, 0, 1) + it * 1000).toISOString(),
        traits: { email: `e${Math.floor(it / 2)}@example.com` },
      })
      for (let from = 0; from < size; from += 100)
        await send({ batch: Array.from({ length: 100 }, (_, index) => one(from + index)) })
      const { rows } = await services.database.query<{ standing: string; n: number; persons: number }>(
        `select standing, count(*)::int4 as n, count(distinct person_id)::int4 as persons from holders
         where workspace_id = $1 group by standing`,
        [id],
      )
      // Nobody's first e-mail is the one whose first user she is, but for the first of all.
      expect(rows).toEqual([{ standing: 'quarantined', n: size + 1, persons: size }])
      expect(counts.rows).toBeLessThan(size * 5)
    }, 240_000)
  })
})
