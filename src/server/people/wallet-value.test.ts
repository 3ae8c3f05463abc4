import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask, type TestServices, testServices } from '../../../test/calls.ts'
import { getWallet, listWalletLots } from '../../contract/people.ts'
import { formatInstant, parseInstant } from '../../core/kernel/time.ts'
import { type Asset, pointsOf } from '../../core/ledger/account.ts'
import { earn } from '../../core/ledger/lots.ts'
import { newMember } from '../../core/loop/members.ts'
import { addProgrammeMember, holderOf, ledgerOf, type World } from '../../core/loop/world.ts'
import { programmeInput } from '../../core/loyalty/schema.ts'
import { raiseCatalogueVersion } from '../catalogue-version.ts'
import type { Needs } from '../commit/item.ts'
import { peopleHandlers } from '../resources/people.ts'

const newYear = '2026-12-31T23:00:00.000Z'

describe.each(['postgres', 'pglite'] as const)('the wallet on %s', store => {
  let services: TestServices
  const later = (time: string): void => {
    services.time.now = parseInstant(time)!
  }

  beforeAll(async () => {
    services = await testServices(store)
    const terms = programmeInput.parse({
      name: 'Club',
      timeZone: 'Europe/Rome',
      rate: { points: 100, worth: { amount: 50, currency: 'EUR' } },
      tiers: {
        by: 'points',
        period: { calendar: 'year' },
        levels: [
          { id: 'silver', name: 'Silver', threshold: 500, benefits: ['Free delivery'] },
          { id: 'gold', name: 'Gold', threshold: 1_000 },
        ],
      },
    })
    await services.database.transaction(async tx => {
      const version = await raiseCatalogueVersion(tx, 'default')
      await tx.query(
        `insert into programmes (workspace_id, id, version, state, body, catalogue_version, created_at, updated_at)
         values ('default', 'club', 1, 'live', $1::json, $2, to_timestamp(0), to_timestamp(0))`,
        [JSON.stringify(terms), version],
      )
    })
  })
  afterAll(() => services.database.close())

  let count = 0
  let person = { type: 'email', value: '', given: '' }
  beforeEach(async () => {
    later('2026-03-02T10:00:00.000Z')
    count += 1
    person = { type: 'email', value: `ana-${count}@example.com`, given: `ana-${count}@example.com` }
    await commit(world => {
      const named = { holderId: holderOf(world, person).id, programmeId: 'club' }
      addProgrammeMember(world, newMember({ ...named, joinedAt: world.now, source: 'web', terms: null }))
    })
  })

  const commit = async (decide: (world: World) => void, needs: Needs = { identifiers: [person] }): Promise<void> => {
    await services.writer.submit({
      workspaceId: 'default',
      needs,
      weight: 1,
      fromBrowser: false,
      bytes: 100,
      decide: world => {
        decide(world)
        return { text: '{}', status: 200 }
      },
    })
  }

  const give = (
    world: World,
    amount: number,
    terms: { expiresAt?: string; activeAt?: string; awaits?: string; endsAt?: string } = {},
    asset: Asset = pointsOf('club'),
  ): void => {
    const at = (text: string | undefined) => (text === undefined ? null : parseInstant(text)!)
    earn(ledgerOf(world), {
      ownerId: holderOf(world, person).id,
      asset,
      amount,
      from: 'earned',
      kind: 'earn',
      terms: {
        earnedAt: world.now,
        activeAt: at(terms.activeAt),
        awaits: terms.awaits ?? null,
        expiresAt: at(terms.expiresAt),
        ...(terms.endsAt !== undefined && { endsAt: at(terms.endsAt) }),
      },
    })
  }

  const wallet = async () => {
    const params = { ref: `email:${person.value}` }
    const { text } = await ask(services, getWallet, peopleHandlers(services).getWallet, { params })
    return JSON.parse(text)
  }
  const club = async () => (await wallet()).programmes[0]

  it('shows whoever joined nothing, and what the first tier takes', async () => {
    expect(await wallet()).toMatchObject({
      programmes: [
        {
          programme: 'club',
          memberSince: '2026-03-02T10:00:00.000Z',
          balance: 0,
          worth: { amount: 0, currency: 'EUR' },
          pending: { amount: 0, next: [], awaiting: 0 },
          expiring: [],
          tier: null,
          next: { tier: 'silver', by: 'points', have: 0, needed: 500, until: newYear },
          household: null,
        },
      ],
      money: [],
      giftCards: [],
      received: { ever: {}, thisYear: {} },
    })
  })

  it('says what she can spend, what it pays, what is pending until when, and what ends when', async () => {
    await commit(world => {
      give(world, 300, { expiresAt: '2026-03-31T22:00:00.000Z' })
      give(world, 40, { expiresAt: '2026-03-31T22:00:00.000Z' })
      give(world, 100, { expiresAt: newYear })
      give(world, 7)
      give(world, 50, { activeAt: '2026-03-16T10:00:00.000Z', expiresAt: newYear })
      give(world, 20, { awaits: 'Review Approved' })
      give(world, 600, { expiresAt: newYear }, 'qualifying:club')
      give(world, 250, { expiresAt: '2026-06-30T22:00:00.000Z' }, 'credit:EUR')
    })
    expect(await wallet()).toMatchObject({
      programmes: [
        {
          balance: 447,
          worth: { amount: 223, currency: 'EUR' },
          pending: { amount: 70, next: [{ at: '2026-03-16T10:00:00.000Z', amount: 50 }], awaiting: 20 },
          expiring: [
            { at: '2026-03-31T22:00:00.000Z', lastDay: '2026-03-31', amount: 340 },
            { at: newYear, lastDay: '2026-12-31', amount: 100 },
          ],
          tier: { tier: 'silver', since: '2026-03-02T10:00:00.000Z', until: newYear, benefits: ['Free delivery'] },
          next: { tier: 'gold', have: 600, needed: 400 },
        },
      ],
      money: [{ kind: 'credit', currency: 'EUR', balance: 250, expiring: [{ lastDay: '2026-06-30', amount: 250 }] }],
    })
  })

  it('is as the clock says though nobody came by, and a GET books nothing', async () => {
    await commit(world => {
      give(world, 300, { expiresAt: '2026-03-31T22:00:00.000Z' })
      give(world, 50, { activeAt: '2026-03-16T10:00:00.000Z', expiresAt: newYear })
      give(world, 600, { expiresAt: newYear }, 'qualifying:club')
    })
    const booked = async () =>
      (await services.database.query('select count(*) as n, sum(balance) as sum from transactions, accounts')).rows
    const before = await booked()
    later('2026-03-31T22:00:00.000Z')
    expect(await club()).toMatchObject({ balance: 50, pending: { amount: 0 }, expiring: [{ at: newYear, amount: 50 }] })
    later('2028-01-01T10:00:00.000Z')
    expect(await club()).toMatchObject({ balance: 0, expiring: [], tier: null, next: { tier: 'silver', have: 0 } })
    expect(await booked()).toEqual(before)
  })

  it('what slides ends together', async () => {
    await commit(world => {
      give(world, 30, { endsAt: '2026-05-01T22:00:00.000Z' })
      give(world, 20, { endsAt: '2026-06-01T22:00:00.000Z' })
      give(world, 5, { expiresAt: '2026-04-01T22:00:00.000Z' })
    })
    expect((await club()).expiring).toEqual([
      { at: '2026-04-01T22:00:00.000Z', lastDay: '2026-04-01', amount: 5 },
      { at: '2026-06-01T22:00:00.000Z', lastDay: '2026-06-01', amount: 50 },
    ])
  })

  const day = (index: number) => formatInstant(parseInstant('2026-04-01T22:00:00.000Z')! + index * 86_400_000)
  it.each<[string, (index: number) => string | undefined, readonly number[]]>([
    ['all on one day', () => day(0), [450]],
    ['on two', index => day(index < 220 ? 0 : 1), [220, 230]],
    ['on three, two of them large', index => day(index < 3 ? 0 : index < 225 ? 1 : 2), [3, 222, 225]],
    ['on many', index => day(Math.floor(index / 10)), Array(10).fill(10)],
    ['half of them never', index => (index < 225 ? day(0) : undefined), [225]],
  ])('of 450 lots that end %s every date has all of its points', async (_, dateOf, expected) => {
    await commit(world => {
      for (let index = 0; index < 450; index += 1) {
        const expiresAt = dateOf(index)
        give(world, 1, expiresAt === undefined ? {} : { expiresAt })
      }
    })
    const { balance, expiring } = await club()
    expect([balance, expiring.map((it: { amount: number }) => it.amount)]).toEqual([450, expected])
  })

  it('lots come page by page, with what each of them is at this instant', async () => {
    for (const lot of [
      (world: World) => give(world, 300, { expiresAt: '2026-03-31T22:00:00.000Z' }),
      (world: World) => give(world, 50, { activeAt: '2026-03-16T10:00:00.000Z', expiresAt: newYear }),
      (world: World) => give(world, 20, { awaits: 'Review Approved' }),
      (world: World) => give(world, 250, {}, 'credit:EUR'),
    ]) {
      services.time.now += 1
      await commit(lot)
    }
    const { listWalletLots: handler } = peopleHandlers(services)
    const page = async (query: object) =>
      JSON.parse(
        (await ask(services, listWalletLots, handler, { params: { ref: `email:${person.value}` }, query })).text,
      )
    const first = await page({ limit: 2 })
    const second = await page({ limit: 2, cursor: first.nextCursor })
    const told = (lots: { asset: string; state: string; remaining: number }[]) =>
      lots.map(it => [it.asset, it.state, it.remaining])
    expect([...told(first.data), ...told(second.data)]).toEqual([
      ['credit:EUR', 'spendable', 250],
      ['points:club', 'spendable', 300],
      ['points:club', 'pending', 50],
      ['points:club', 'pending', 20],
    ])
    expect(second.nextCursor).toBeNull()
    later('2026-04-01T10:00:00.000Z')
    expect(told((await page({ programme: 'club', limit: 10 })).data)).toEqual([
      ['points:club', 'ended', 300],
      ['points:club', 'spendable', 50],
      ['points:club', 'pending', 20],
    ])
  })
})
