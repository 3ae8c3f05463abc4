import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServices, testServices } from '../../../test/calls.ts'
import type { Database, Queryable } from '../../adapters/storage/database.ts'
import { addLink, removeLink } from '../../core/loop/link.ts'
import { addMembership, removeMembership } from '../../core/loop/memberships.ts'
import {
  changeHolder,
  countHolder,
  emptyWorld,
  type Holder,
  holderOf,
  makeCatalogue,
  seeHolder,
  seeMembership,
  type World,
} from '../../core/loop/world.ts'
import { personIdOf } from '../../core/people/union.ts'
import { membershipKey } from '../../core/segments/live-segments.ts'
import { makeCatalogues } from '../catalogue.ts'
import type { Item } from './item.ts'
import { makeKnownPeople } from './known-people.ts'
import { makeWriter, type Writer } from './writer.ts'

const identifier = (value: string) => ({ type: 'userId', value, given: value })
const values = ['a', 'b', 'c', 'd']
const listed = ['news', 'vip']

/** A database that counts the rows read of whole holders, and of memberships. */
const counting = (database: Database) => {
  const counts = { holders: 0, memberships: 0 }
  const counted = (tx: Queryable): Queryable => ({
    ...tx,
    query: async (sql, params, name) => {
      const answer = await tx.query(sql, params, name)
      if (sql.startsWith('select h.id as "id"')) counts.holders += answer.rows.length
      if (sql.includes('string_agg(segment_id')) counts.memberships += answer.rows.length
      return answer as never
    },
  })
  const wrapped: Database = { ...database, transaction: work => database.transaction(tx => work(counted(tx))) }
  return { counts, wrapped }
}

describe.each(['postgres', 'pglite'] as const)('people whom a process remembers, on %s', store => {
  let services: TestServices
  let workspace = 0
  beforeAll(async () => {
    services = await testServices(store)
  })
  afterAll(() => services.database.close())

  const freshWorkspace = async (): Promise<string> => {
    workspace += 1
    const id = `shop-${workspace}`
    await services.database.query(
      `insert into workspaces (id, name, currency, time_zone, language, tax_included, secret, catalogue_version, created_at)
       values ($1, $1, 'EUR', 'UTC', 'en', true, 'c2VjcmV0', 1, now())`,
      [id],
    )
    await services.database.query(
      `insert into segments (workspace_id, id, kind, name, description, generation, last_generation, catalogue_version, created_at, updated_at)
       select $1, s, 'list', s, '', 1, 1, 1, now(), now() from unnest($2::text[]) s`,
      [id, listed],
    )
    await services.workspaces.get(id)
    return id
  }
  const newWriter = (database: Database = services.database): Writer =>
    makeWriter({ ...services, database, catalogues: makeCatalogues(), random: randomBytes })

  const item = (workspaceId: string, decide: (world: World) => void, links: Item['needs']['links'] = []): Item => ({
    workspaceId,
    needs: { identifiers: values.map(identifier), links },
    weight: 1,
    fromBrowser: false,
    bytes: 1,
    decide: world => {
      decide(world)
      return { text: '', status: 200 }
    },
  })

  /** Everybody as a batch of this writer finds them: holders, and which segments they are in. */
  const seenBy = async (writer: Writer, workspaceId: string): Promise<unknown> => {
    let seen: unknown
    const look = (world: World): void => {
      const holders = [...world.holders.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
      const of = ({ id }: Holder) =>
        [...(world.memberships.get(id)?.values() ?? [])].filter(it => isNow(world, it)).map(textOf)
      seen = structuredClone(holders.map(it => ({ ...it, in: of(it).sort() })))
    }
    await writer.submit(item(workspaceId, look))
    return seen
  }
  type Member = { readonly segmentId: string; readonly generation: number; readonly enteredAt: number }
  const isNow = (world: World, { segmentId, generation }: Member): boolean =>
    world.catalogue.segments.byId.get(segmentId)?.generation === generation
  const textOf = ({ segmentId, enteredAt }: Member): string => `${segmentId} since ${enteredAt}`

  type Step = { readonly what: string; readonly of: number; readonly other: number; readonly by: number }

  /** Somebody's segments change, in the rows that one of her holders has. */
  const turn = (world: World, holder: Holder, segmentId: string): void => {
    const generation = world.catalogue.segments.byId.get(segmentId)!.generation
    const row = world.memberships.get(holder.id)?.get(membershipKey(segmentId, generation))
    if (row) removeMembership(world, row)
    else addMembership(world, { holderId: holder.id, segmentId, generation, enteredAt: world.now })
  }

  const steps: Readonly<Record<string, (id: string, writer: Writer, step: Step) => Promise<unknown>>> = {
    count: (id, writer, { of, other }) =>
      writer.submit(
        item(id, world =>
          countHolder(world, holderOf(world, identifier(values[of]!)), it => {
            it.statistics = { returns: [20_000 + other, 1] }
          }),
        ),
      ),
    change: (id, writer, { of, other }) =>
      writer.submit(
        item(id, world =>
          changeHolder(world, holderOf(world, identifier(values[of]!)), it => {
            it.traits = { ...it.traits, size: other }
            it.lastOrderAt = world.now
          }),
        ),
      ),
    turn: (id, writer, { of, other }) =>
      writer.submit(item(id, world => turn(world, holderOf(world, identifier(values[of]!)), listed[other % 2]!))),
    link: (id, writer, { of, other }) =>
      writer.submit(
        item(
          id,
          world =>
            addLink(world, {
              a: holderOf(world, identifier(values[of]!)).id,
              b: holderOf(world, identifier(values[other]!)).id,
              verified: true,
              source: 'clerk',
              cause: 'm1',
              firstSeenAt: 0,
            }),
          [[`userId:${values[of]}`, `userId:${values[other]}`]],
        ),
      ),
    unlink: async (id, writer, { of, other }) => {
      const { rows } = await services.database.query<{ id: string }>(
        `select id from holders where workspace_id = $1 and value = any($2::text[])`,
        [id, [values[of], values[other]]],
      )
      const ids = rows.map(it => it.id)
      if (ids.length < 2) return
      const asked = item(id, world => removeLink(world, ids[0]!, ids[1]!, 'r1'))
      await writer.submit({ ...asked, needs: { ...asked.needs, holders: ids, components: ids } })
    },
    // What a batch that fails did to those it remembered must be gone with it.
    fail: (id, writer, { of }) =>
      expect(
        writer.submit(
          item(id, world => {
            const holder = holderOf(world, identifier(values[of]!))
            turn(world, holder, 'vip')
            changeHolder(world, holder, it => {
              it.traits = { broken: true }
            })
            throw new Error('a bug')
          }),
        ),
      ).rejects.toThrow('a bug'),
    // As grants do that are issued apart from the group commit.
    beside: (id, _, { of, other }) =>
      services.database.query(
        `update holders set revision = revision + 1, statistics = $3::json where workspace_id = $1 and value = $2`,
        [id, values[of], JSON.stringify({ received: [20_000 + other, 1] })],
      ),
    // As a list does whose file is taken in: members of a generation, which then counts.
    relist: (id, _, { of }) =>
      services.database.transaction(async tx => {
        await tx.query(
          `update segments set last_generation = last_generation + 1 where workspace_id = $1 and id = 'vip'`,
          [id],
        )
        await tx.query(
          `insert into segment_members (workspace_id, holder_id, segment_id, generation, entered_at)
           select $1, h.id, 'vip', s.last_generation, to_timestamp(1) from holders h
           join segments s on s.workspace_id = $1 and s.id = 'vip' where h.workspace_id = $1 and h.value = $2`,
          [id, values[of]],
        )
        await tx.query(
          `with w as (update workspaces set catalogue_version = catalogue_version + 1 where id = $1 returning catalogue_version)
           update segments set generation = last_generation, catalogue_version = w.catalogue_version
           from w where workspace_id = $1 and id = 'vip'`,
          [id],
        )
      }),
  }

  it('are as the store has them, whatever happened to them here, in another process, or beside', async () => {
    const one = fc.record<Step>({
      what: fc.constantFrom(...Object.keys(steps)),
      of: fc.nat(3),
      other: fc.nat(3),
      by: fc.nat(1),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 6, maxLength: 14, size: 'max' }), async all => {
        const id = await freshWorkspace()
        // The embedded store has one process.
        const writers = store === 'postgres' ? [newWriter(), newWriter()] : [newWriter()]
        for (const step of all) {
          await steps[step.what]!(id, writers[step.by % writers.length]!, step)
          const stored = await seenBy(newWriter(), id)
          for (const writer of writers) expect([step.what, await seenBy(writer, id)]).toEqual([step.what, stored])
        }
      }),
      { numRuns: 25 },
    )
  }, 120_000)

  it('are not read again', async () => {
    const id = await freshWorkspace()
    const { counts, wrapped } = counting(services.database)
    const writer = newWriter(wrapped)
    const visit = () => writer.submit(item(id, world => turn(world, holderOf(world, identifier('a')), 'vip')))
    await visit()
    await visit()
    expect(counts).toEqual({ holders: 1, memberships: 1 })
    await visit()
    expect(counts).toEqual({ holders: 1, memberships: 1 })
  })
})

describe('what is remembered', () => {
  const catalogue = makeCatalogue(1, new Map())
  const worldOf = (...people: readonly (readonly string[])[]) => {
    const workspace = { id: 'default', timeZone: 'UTC', currency: 'EUR' } as World['workspace']
    const world = emptyWorld({ workspace, now: 0, newId: prefix => prefix, dice: () => new Uint8Array(32), catalogue })
    for (const ids of people)
      for (const id of ids)
        seeHolder(world, { id, type: 'userId', value: id, personId: personIdOf(ids[0]!), behaviourId: null } as Holder)
    return world
  }
  const wholeOf = ({ persons }: World) => new Map([...persons].map(([id, ids]) => [id, [...ids]]))
  const idsIn = (people: ReturnType<ReturnType<typeof makeKnownPeople>['take']>) =>
    people.map(it => it.holders.map(({ holder }) => holder.id))

  it('is found by any identifier of a person, and once', () => {
    const people = makeKnownPeople()
    const world = worldOf(['hol_1', 'hol_2'], ['hol_3'])
    seeMembership(world, { holderId: 'hol_2', segmentId: 'vip', generation: 1, enteredAt: 5 })
    people.keep(world, wholeOf(world))
    expect(people.take('another', ['userId:hol_2'])).toEqual([])
    const taken = people.take('default', ['userId:hol_2', 'userId:hol_1'])
    expect(idsIn(taken)).toEqual([['hol_1', 'hol_2']])
    expect(taken[0]!.holders.map(it => it.memberships.size)).toEqual([0, 1])
    expect(people.take('default', ['userId:hol_1'])).toEqual([])
  })

  it('is nobody who was read in part, became another, or has more identifiers than people have', () => {
    const people = makeKnownPeople()
    const many = Array.from({ length: 17 }, (_, index) => `hol_${100 + index}`)
    const world = worldOf(['hol_1', 'hol_2'], many, ['hol_3'], ['hol_4'])
    const whole = wholeOf(world)
    whole.delete(personIdOf('hol_3'))
    world.persons.get(personIdOf('hol_1'))!.pop()
    people.keep(world, whole)
    expect(
      idsIn(
        people.take(
          'default',
          ['hol_1', 'hol_3', 'hol_4', many[0]].map(id => `userId:${id}`),
        ),
      ),
    ).toEqual([['hol_4']])
  })

  it('is who came last: those who came long ago make room', () => {
    const people = makeKnownPeople()
    const world = worldOf(...Array.from({ length: 4098 }, (_, index) => [`hol_${index}`]))
    people.keep(world, wholeOf(world))
    const kept = (id: number) => people.take('default', [`userId:hol_${id}`]).length
    expect([0, 1, 2, 4097].map(kept)).toEqual([0, 0, 1, 1])
  })
})
