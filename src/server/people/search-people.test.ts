import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { ask, type TestServices, testServices } from '../../../test/calls.ts'
import { plansOf } from '../../../test/plans.ts'
import { storeOrder } from '../../../test/records.ts'
import { listPeople, type personFound } from '../../contract/people.ts'
import { peopleHandlers } from '../resources/people.ts'
import { holdersFor } from './holders.ts'

const start = Date.UTC(2026, 2, 1, 8)
const minute = 60_000

describe.each(['postgres', 'pglite'] as const)('looking for people on %s', store => {
  let services: TestServices
  const ids: Record<string, string> = {}

  /** Somebody by her identifiers, all of them one person, seen first so many minutes after the start. */
  const somebody = async (name: string, refs: readonly string[], traits: object, minutes: number) => {
    const { database, workspaces } = services
    const workspace = { ...workspaces.known('default').workspace, country: 'IT' }
    const made = await holdersFor(database, workspace, refs, start + minutes * minute, { create: true })
    if (!made.ok) throw new Error(made.refusal.message)
    const [first] = made.value
    await database.query(
      `update holders set person_id = $2, traits = case when id = $3 then $4::json else '{}' end
       where workspace_id = 'default' and id = any($1::text[])`,
      [made.value.map(({ id }) => id), first!.personId, first!.id, JSON.stringify(traits)],
    )
    ids[name] = first!.personId
    return first!.id
  }

  beforeAll(async () => {
    services = await testServices(store)
    const ana = await somebody('ana', ['email:Ana@Example.com', 'loyaltyCard:A-1'], { name: 'Ana Rossi' }, 0)
    await somebody('anacleto', ['email:anacleto@example.com', 'phone:333 123 4567'], { firstName: 'Anacleto' }, 1)
    await somebody('ben', ['userId:anarchist', 'anonymousId:a-browser'], { firstName: 'Ben', lastName: 'ROSSINI' }, 2)
    const gone = await somebody('gone', ['userId:gone'], {}, 3)
    await services.database.query(`update holders set value = 'erased:' || id, erased_at = now() where id = $1`, [gone])
    await storeOrder(services.database, { id: 'o-1', holder: ana, placedAt: start + 5 * minute })
    await services.database.query(
      `insert into programme_members (workspace_id, holder_id, programme_id, joined_at, source)
       values ('default', $1, 'club', now(), 'web'), ('default', $1, 'unheard-of', now(), 'web')`,
      [ana],
    )
    const body = { name: 'Club', tiers: { levels: [] } }
    await services.database.query(
      `insert into programmes (workspace_id, id, version, state, body, catalogue_version, created_at, updated_at)
       values ('default', 'club', 1, 'live', $1::json, 0, now(), now())`,
      [JSON.stringify(body)],
    )
    await services.database.query(
      `insert into events (workspace_id, message_id, holder_id, kind, name, channel, occurred_at, received_at, schema_version,
         properties, personal)
       values ('default', 'm-1', $1, 'track', 'Seen', 'app', to_timestamp($2 / 1000.0), now(), 1, '{}', '{}')`,
      [ana, start + 9 * minute],
    )
  })
  afterAll(() => services.database.close())

  const people = async (query: object) => {
    const { json, refusal } = await ask(services, listPeople, peopleHandlers(services).listPeople, { query })
    if (refusal) throw new Error(refusal.message)
    return json as { data: z.output<typeof personFound>[]; nextCursor: string | null }
  }
  const nameOf = (id: string): string => Object.keys(ids).find(name => ids[name] === id)!
  const found = async (search: string) =>
    (await people({ search })).data.map(it => `${nameOf(it.id)} by ${it.matched?.type ?? 'id'}`)

  it.each([
    ['the beginning of an address, in any case', 'ANA', ['ana by email', 'anacleto by email']],
    ['the beginning of whatever it may be', 'ana', ['ana by email', 'anacleto by email', 'ben by userId']],
    ['a type and the beginning of a value', 'email:anac', ['anacleto by email']],
    ['a number as it is spelt abroad', '+39 (333) 123', ['anacleto by phone']],
    ['a card, exactly as it is spelt', 'A-1', ['ana by loyaltyCard']],
    ['a browser, whole', 'a-browser', ['ben by anonymousId']],
    ['no browser by its beginning', 'a-brow', []],
    ['a last name, whatever the case', 'rossi', ['ana by lastName', 'ben by lastName']],
    ['first and last name', 'ben rossini', ['ben by name']],
    ['nobody who was erased', 'erased:', []],
    ['no wildcard', '%', []],
  ])('finds %s', async (_, search, expected) => {
    expect(await found(search)).toEqual(expected)
  })

  it('finds a person by her id', async () => {
    expect(await found(ids.ana!)).toEqual(['ana by id'])
    expect(await found('per_00000000000000000000000000')).toEqual([])
  })

  it('tells of each what a list shows', async () => {
    expect((await people({ search: 'email:ana@' })).data).toEqual([
      {
        id: ids.ana,
        name: 'Ana Rossi',
        matched: { type: 'email', value: 'ana@example.com' },
        identifiers: [
          { type: 'email', value: 'ana@example.com', given: 'Ana@Example.com' },
          { type: 'loyaltyCard', value: 'A-1', given: 'A-1' },
        ],
        channels: ['app', 'store'],
        tiers: [{ programme: 'club', tier: null }],
        orders: 0,
        lastSeenAt: new Date(start + 9 * minute).toISOString(),
        createdAt: new Date(start).toISOString(),
      },
    ])
  })

  it('shows page after page what one page shows', async () => {
    for (const query of [{ search: 'email:ana' }, {}]) {
      const all = (await people(query)).data
      const paged = []
      let cursor: string | null | undefined
      for (let pages = 0; cursor !== null && pages < 10; pages++) {
        const page = await people({ ...query, limit: 1, ...(cursor ? { cursor } : {}) })
        paged.push(...page.data)
        cursor = page.nextCursor
      }
      expect(paged.map(it => it.id)).toEqual(all.map(it => it.id))
      expect(all).toHaveLength('search' in query ? 2 : 3)
    }
  })

  it('shows whoever did something last first, without those who were erased', async () => {
    expect((await people({})).data.map(it => nameOf(it.id))).toEqual(['ana', 'ben', 'anacleto'])
  })

  it.each([
    ['of another list', { search: 'ana', cursor: Buffer.from('card\nA\nhol_0').toString('base64url') }],
    ['of a search', { cursor: Buffer.from('email\nana').toString('base64url') }],
  ])('refuses a cursor %s', async (_, query) => {
    await expect(people(query)).rejects.toThrow('not valid')
  })

  it('reads no table whole, whatever is looked for', async () => {
    for (const query of [{ search: 'ana r' }, {}]) {
      const plans = await plansOf(services.database, database =>
        ask(services, listPeople, peopleHandlers({ ...services, database }).listPeople, { query }),
      )
      expect(plans.length).toBeGreaterThan(4)
      expect(plans.filter(plan => plan.includes('Seq Scan')).join('\n\n')).toBe('')
      expect(plans.join('\n')).toContain(query.search ? 'holders_by_name' : 'orders_by_time')
    }
  })
})
