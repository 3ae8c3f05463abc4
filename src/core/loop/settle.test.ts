import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latte } from '../../../test/server.ts'
import { type SmallWorld, smallWorld } from '../../../test/small-world.ts'
import { localParts } from '../kernel/time.ts'
import { toCelFacts } from '../rules/cel.ts'
import { evaluateCondition } from '../rules/condition.ts'
import { personFacts } from './buyer.ts'
import { removeLink, split } from './link.ts'
import { segmentEvents, setListed } from './settle.ts'
import { holdersOfPerson, touch, type World } from './world.ts'

const day = 86_400

/** Who is in which segment, by the rows as they are. */
const rowsIn = ({ persons, memberships }: World): Record<string, string[]> =>
  Object.fromEntries(
    [...persons].map(([person, ids]) => [
      person,
      ids.flatMap(id => [...(memberships.get(id)?.values() ?? [])].map(it => it.segmentId)).sort(),
    ]),
  )

/** Asks everybody everything, from nothing. */
const askedAnew = (world: World): Record<string, string[]> => {
  const lists = world.catalogue.segments.all.filter(it => it.kind === 'list').map(it => it.id)
  const inSegments = (ids: readonly string[]): string[] => {
    const holders = holdersOfPerson(world, ids[0]!)
    const listed = ids
      .flatMap(id => [...(world.memberships.get(id)?.values() ?? [])])
      .flatMap(it => (lists.includes(it.segmentId) ? it.segmentId : []))
    const segments = [...new Set(listed)]
    const buyer = { holder: holders[0], identifier: undefined, personId: holders[0]!.personId }
    for (const { segment, when } of world.catalogue.segments.definitions) {
      const facts = toCelFacts({
        person: { ...personFacts(world, buyer, holders, 'EUR', undefined), segments },
        campaign: { id: '', name: '' },
        channel: '',
        local: localParts(world.now, 'Europe/Rome'),
        inCollection: () => false,
      })
      if (evaluateCondition(when, facts).value) segments.push(segment.id)
    }
    return segments.sort()
  }
  return Object.fromEntries([...world.persons].map(([person, ids]) => [person, inSegments(ids)]))
}

/** What the sweep does: everybody for whom the clock may have changed something. */
const sweep = (small: SmallWorld): void => {
  const world = small.nextBatch()
  for (const holder of world.holders.values())
    if (holder.dueAt !== null && holder.dueAt <= world.now) touch(world, holder.id, 'clock')
  small.settleNow()
}

const newsIn = (world: World) =>
  world.changes.newEvents
    .filter(it => Object.values<string>(segmentEvents).includes(it.name))
    .map(({ name, properties }) => {
      const { segment, cause } = properties as { segment: string; cause: string }
      return { name, segment, cause }
    })

describe('a segment', () => {
  it('is entered with the event that makes its condition true, and tells why', () => {
    const small = smallWorld({ segments: { viewers: "events('Product Viewed') >= 2" } })
    small.send('track', { userId: 'ana', event: 'Product Viewed' })
    expect(newsIn(small.world())).toEqual([])
    small.send('track', { userId: 'ana', event: 'Product Viewed' })
    expect(newsIn(small.world())).toEqual([
      { name: 'Segment Entered', segment: 'viewers', cause: 'event:Product Viewed' },
    ])
  })

  it('is left when the clock says so, on the day it says so', () => {
    const small = smallWorld({ segments: { recent: 'orders(7) >= 1' } })
    small.put('o1', { person: 'userId:ana', state: 'placed', lines: [latte] })
    small.later(6 * day)
    sweep(small)
    expect(Object.values(rowsIn(small.world()))).toEqual([['recent']])
    small.later(day)
    sweep(small)
    expect(newsIn(small.world())).toEqual([{ name: 'Segment Left', segment: 'recent', cause: 'clock' }])
    expect(Object.values(rowsIn(small.world()))).toEqual([[]])
  })

  it('is looked ahead for, so that a birthday is no reason to look at everybody every night', () => {
    const small = smallWorld({ segments: { birthday: 'birthdayWithin(0, 0)' } })
    small.send('identify', { userId: 'ana', traits: { birthday: '1990-03-22' } })
    let looked = 0
    const entered: number[] = []
    for (let night = 1; night <= 25; night += 1) {
      small.later(day)
      const { now, holders } = small.world()
      looked += [...holders.values()].filter(it => it.dueAt !== null && it.dueAt <= now).length
      sweep(small)
      if (newsIn(small.world()).some(it => it.name === 'Segment Entered')) entered.push(night)
    }
    expect(entered).toEqual([20])
    expect(looked).toBe(3)
  })

  it('asks others first, and what asks for it follows in the same settling', () => {
    const small = smallWorld({
      segments: {
        a: "inSegment('b') && person.known",
        b: "inSegment('c')",
        c: 'person.orders.count >= 1',
        d: "!inSegment('a')",
      },
    })
    small.send('track', { userId: 'ana', event: 'Anything' })
    expect(Object.values(rowsIn(small.world()))).toEqual([['d']])
    small.put('o1', { person: 'userId:ana', state: 'placed', lines: [latte] })
    expect(Object.values(rowsIn(small.world()))).toEqual([['a', 'b', 'c']])
  })

  it('is what offers can wait for: given in the same commit, and what it gives is asked about again', () => {
    const small = smallWorld({
      segments: { buyers: 'person.orders.count >= 1', rewarded: 'offersReceived() >= 1' },
      offers: {
        Thanks: { trigger: { on: 'grant' }, benefit: { kind: 'percentOff', percent: 10 } },
        Welcome: {
          trigger: { on: 'event', event: 'Segment Entered' },
          when: "event.properties.segment == 'buyers'",
          benefit: { kind: 'giveOffer', offer: 'Thanks' },
        },
      },
    })
    small.put('o1', { person: 'userId:ana', state: 'placed', lines: [latte] })
    expect(small.world().grants.size).toBe(1)
    expect(newsIn(small.world()).map(it => it.segment)).toEqual(['buyers', 'rewarded'])
  })

  it('never goes round for ever where what is given lets in and out again', () => {
    const small = smallWorld({
      segments: { even: 'offersReceived() % 2 == 0' },
      offers: {
        Again: { trigger: { on: 'grant' }, benefit: { kind: 'percentOff', percent: 10 } },
        In: { trigger: { on: 'event', event: 'Segment Entered' }, benefit: { kind: 'giveOffer', offer: 'Again' } },
        Out: { trigger: { on: 'event', event: 'Segment Left' }, benefit: { kind: 'giveOffer', offer: 'Again' } },
      },
    })
    small.put('o1', { person: 'userId:ana', state: 'placed', lines: [latte] })
    const world = small.world()
    expect(world.grants.size).toBe(10)
    expect(rowsIn(world)).toEqual(askedAnew(world))
  })

  it('of a hundred, only those are asked that a change can change', () => {
    const names = Array.from({ length: 90 }, (_, index) => `Event ${index}`)
    const small = smallWorld({
      segments: Object.fromEntries([
        ...names.map((name, index) => [`s${index}`, `events('${name}', 30) >= 1`] as const),
        ...Array.from({ length: 10 }, (_, index) => [`o${index}`, `orders(30) >= ${index}`] as const),
      ]),
    })
    small.send('track', { userId: 'ana', event: 'Unheard of' })
    expect(small.settled().asked).toBe(100)
    small.send('track', { userId: 'ana', event: 'Unheard of' })
    expect(small.settled().asked).toBe(0)
    small.send('track', { userId: 'ana', event: 'Event 7' })
    expect(small.settled().asked).toBe(1)
    small.put('o1', { person: 'userId:ana', state: 'placed', lines: [latte] })
    expect(small.settled().asked).toBe(10)
  })

  it('keeps when somebody entered it while she becomes one with somebody else, and tells nothing new', () => {
    const small = smallWorld({ segments: { buyers: 'person.orders.count >= 1' } })
    small.send('track', { anonymousId: 'phone', event: 'Anything' })
    small.put('o1', { person: 'userId:ana', state: 'placed', lines: [latte] })
    const { now } = small.world()
    small.later(day)
    small.send('identify', { userId: 'ana', anonymousId: 'phone' })
    const world = small.world()
    expect(world.persons.size).toBe(1)
    expect(newsIn(world)).toEqual([])
    expect([...world.memberships.values()].flatMap(it => [...it.values()])).toMatchObject([
      { segmentId: 'buyers', enteredAt: now },
    ])
  })
})

it('a list holds whom it names, with all her identifiers, and lets what asks for it follow', () => {
  const small = smallWorld({
    segments: { winners: null, losers: "!inSegment('winners')" },
    people: [['userId:ana', 'email:ana@example.com']],
  })
  const world = small.nextBatch()
  touch(world, small.holder('userId:ana').id, 'person')
  small.settleNow()
  expect(Object.values(rowsIn(world))).toEqual([['losers']])
  expect(setListed(world, small.holder('email:ana@example.com'), 'winners', true)).toBe(true)
  expect(setListed(world, small.holder('userId:ana'), 'winners', true)).toBe(false)
  small.settleNow()
  expect(new Set(Object.values(rowsIn(world))[0])).toEqual(new Set(['winners']))
  setListed(world, small.holder('userId:ana'), 'winners', false)
  small.settleNow()
  expect(Object.values(rowsIn(world))).toEqual([['losers']])
})

describe('whatever happens in whatever order', () => {
  const segments = {
    buyers: 'person.orders.count >= 1',
    rich: 'spend(30) >= 2000',
    store: "ordersIn('store', 3) >= 1 && ordersOf('coffee', 10) < 3",
    viewers: "events('Viewed', 4) >= 2",
    quiet: 'person.orders.count > 0 && daysSince(person.orders.lastAt) > 5',
    gold: "has(person.traits.plan) && person.traits.plan == 'gold'",
    mailed: "'email' in person.identifiers",
    returners: 'returns(5) >= 1',
    weekend: "local.weekday >= 6 && inSegment('buyers')",
    both: "inSegment('rich') || inSegment('viewers')",
    not: "!inSegment('both') && !inSegment('winners')",
    winners: null,
  }
  const who = fc.constantFrom('u1', 'u2', 'u3')
  const operation = fc.oneof(
    fc.record({
      do: fc.constant('order' as const),
      who,
      channel: fc.constantFrom('store', 'web'),
      units: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({ do: fc.constant('cancel' as const), order: fc.nat(99) }),
    fc.record({ do: fc.constant('return' as const), order: fc.nat(99) }),
    fc.record({ do: fc.constant('view' as const), who, verified: fc.boolean() }),
    fc.record({ do: fc.constant('plan' as const), who, plan: fc.constantFrom('gold', 'tin') }),
    fc.record({
      do: fc.constant('login' as const),
      who,
      device: fc.constantFrom('d1', 'd2'),
      email: fc.constantFrom('a', 'b'),
    }),
    fc.record({ do: fc.constant('part' as const), who, other: fc.constantFrom('a', 'b') }),
    fc.record({ do: fc.constant('unlink' as const), who, other: fc.constantFrom('a', 'b') }),
    fc.record({ do: fc.constant('list' as const), who, is: fc.boolean() }),
    fc.record({ do: fc.constant('later' as const), hours: fc.integer({ min: 1, max: 80 }) }),
  )
  type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

  const run = (small: SmallWorld, it: Operation, step: number): void => {
    const holderOf = (ref: string) => small.world().holders.get(small.world().identifiers.get(ref) ?? '')
    const orderAt = (index: number): string => {
      const ids = [...small.world().orders.keys()]
      return ids[index % ids.length] ?? 'none'
    }
    switch (it.do) {
      case 'order':
        small.put(`o${step}`, {
          person: `userId:${it.who}`,
          channel: it.channel,
          state: 'placed',
          lines: [{ ...latte, quantity: it.units }],
        })
        return
      case 'cancel':
        small.put(orderAt(it.order), { state: 'cancelled' })
        return
      case 'return':
        small.giveBack(orderAt(it.order), { id: `r${step}`, lines: [{ id: '1', quantity: 1 }] })
        return
      case 'view':
        small.send(
          'track',
          { anonymousId: 'd1', ...(it.verified && { userId: it.who }), event: 'Viewed' },
          { verified: it.verified },
        )
        return
      case 'plan':
        small.send('identify', { userId: it.who, traits: { plan: it.plan } })
        return
      case 'login':
        small.send('identify', { userId: it.who, anonymousId: it.device, traits: { email: `${it.email}@example.com` } })
        return
      case 'part':
      case 'unlink': {
        const [left, right] = [holderOf(`userId:${it.who}`), holderOf(`email:${it.other}@example.com`)]
        if (!left || !right) return
        const world = small.nextBatch()
        if (it.do === 'part') split(world, [[left.id], [right.id]], `spl_${step}`)
        else removeLink(world, left.id, right.id, 'asked')
        small.settleNow()
        return
      }
      case 'list': {
        const holder = holderOf(`userId:${it.who}`)
        if (!holder) return
        setListed(small.nextBatch(), holder, 'winners', it.is)
        small.settleNow()
        return
      }
      case 'later':
        small.later(it.hours * 3600)
        sweep(small)
    }
  }

  /** Runs them, looks at everybody after each, and answers which segments anybody was ever in. */
  const check = (operations: readonly Operation[]): ReadonlySet<string> => {
    const small = smallWorld({ segments })
    const met = new Set<string>()
    for (const [step, it] of operations.entries()) {
      run(small, it, step)
      const rows = Object.entries(rowsIn(small.world())).map(([id, ids]) => [id, [...new Set(ids)]] as const)
      expect(Object.fromEntries(rows)).toEqual(askedAnew(small.world()))
      for (const [, ids] of rows) for (const id of ids) met.add(id)
    }
    return met
  }
  const operations = fc.array(operation, { minLength: 1, maxLength: 40, size: 'max' })

  it('everybody is in the segments that she is in when everybody is asked everything anew', () => {
    fc.assert(
      fc.property(operations, them => {
        check(them)
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  it('somebody is in each of them at some time, or the test above would prove little', () => {
    const met = fc.sample(operations, { seed: 4, numRuns: 60 }).flatMap(them => [...check(them)])
    expect([...new Set(met)].sort()).toEqual(Object.keys(segments).sort())
  })
})
