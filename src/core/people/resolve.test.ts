import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { isBlocked } from './blocked.ts'
import { defaultIdentityRules, type IdentityRules } from './identity-rules.ts'
import { type Atom, type Evidence, maxHearsay, resolve } from './resolve.ts'

type Said = Partial<Pick<Evidence, 'verified' | 'firstSeenAt' | 'removedAt'>>

/** Holders are named after what they are, so that a test reads as a story: `link('userId:ana', 'email:ana')`. */
const atom = (name: string, createdAt = 0): Atom => {
  const [type, value] = name.split(':') as [string, string]
  return { id: `hol_${name}`, type, value, createdAt }
}
const link = (a: string, b: string, said: Said = {}): Evidence => ({
  a: `hol_${a}`,
  b: `hol_${b}`,
  verified: true,
  firstSeenAt: 0,
  removedAt: null,
  ...said,
})
const holdersOf = (links: readonly Evidence[]): Atom[] =>
  [...new Set(links.flatMap(({ a, b }) => [a, b]))].map(id => atom(id.slice(4)))

type Setting = { readonly rules?: Partial<IdentityRules>; readonly never?: readonly (readonly [string, string])[] }
const answer = (links: readonly Evidence[], { rules = {}, never = [] }: Setting = {}) => {
  const neverMerge = never.map(([a, b]) => ({ a: `hol_${a}`, b: `hol_${b}` }))
  const found = resolve({ holders: holdersOf(links), links, neverMerge }, { ...defaultIdentityRules, ...rules })
  const persons = new Map<string, string[]>()
  for (const [id, person] of found.personOf) persons.set(person, [...(persons.get(person) ?? []), id.slice(4)].sort())
  return {
    persons: [...persons.values()].filter(it => it.length > 1).sort(),
    standing: Object.fromEntries([...found.standing].flatMap(([id, it]) => (it ? [[id.slice(4), it]] : []))),
    why: [...found.suppressed.values()],
    behaviour: Object.fromEntries([...found.behaviourOf].map(([id, of]) => [id.slice(4), of.slice(4)])),
    found,
  }
}

describe('a link does not unite', () => {
  test.each<[string, Evidence[], string, Setting?]>([
    ['that is not verified', [link('userId:a', 'email:a', { verified: false })], 'unverified'],
    ['that somebody took away', [link('userId:a', 'email:a', { removedAt: 5 })], 'removed'],
    ['through what is nobody’s', [link('userId:undefined', 'email:a')], 'blocked'],
    ['that makes two of a unique type one', [link('userId:a', 'userId:b')], 'uniqueType'],
    [
      'that makes more than so many of a type one',
      [...[1, 2, 3].map(it => link('userId:a', `email:${it}`, { firstSeenAt: it }))],
      'tooMany',
      { rules: { types: { ...defaultIdentityRules.types, email: { atMost: 2, priority: 30 } } } },
    ],
    [
      'by which a browser would bridge two people',
      [link('anonymousId:x', 'email:a'), link('anonymousId:x', 'email:b', { firstSeenAt: 1 })],
      'differentPeople',
    ],
    ['that somebody forbade', [link('userId:a', 'email:a')], 'neverMerge', { never: [['email:a', 'userId:a']] }],
  ])('%s', (_, links, why, setting) => {
    const { why: all, persons } = answer(links, setting)
    expect(all.at(-1)).toBe(why)
    expect(all.slice(0, -1)).toEqual(links.slice(1).map(() => null))
    expect(persons).toHaveLength(links.length > 1 ? 1 : 0)
  })

  it('also where two who never merge would meet through a third', () => {
    const links = [link('userId:a', 'email:a'), link('phone:1', 'email:a', { firstSeenAt: 1 })]
    expect(answer(links, { never: [['userId:a', 'phone:1']] }).why).toEqual([null, 'neverMerge'])
  })
})

describe('an identifier is shared', () => {
  const users = (count: number, of: string) =>
    Array.from({ length: count }, (_, index) => link(`userId:n${index}`, of, { firstSeenAt: index }))

  test.each<[string, number, string, boolean]>([
    ['an e-mail of three users', 3, 'email:a', false],
    ['an e-mail of four users', 4, 'email:a', true],
    ['a browser of four users', 4, 'anonymousId:x', true],
  ])('%s', (_, count, of, isShared) => {
    expect(answer(users(count, of)).standing).toEqual(isShared ? { [of]: 'shared' } : {})
  })

  it('by more e-mails than a person may have, not by a few', () => {
    const mails = (count: number) => Array.from({ length: count }, (_, index) => link('userId:a', `email:n${index}`))
    expect(answer(mails(5)).standing).toEqual({})
    expect(answer(mails(6)).standing).toEqual({ 'userId:a': 'shared' })
  })

  it('neither by many browsers nor by former user ids', () => {
    const browsers = Array.from({ length: 30 }, (_, index) => link('userId:a', `anonymousId:n${index}`))
    const former = Array.from({ length: 10 }, (_, index) => link('userId:a', `userId:n${index}`))
    expect(answer([...browsers, ...former]).standing).toEqual({})
  })

  it('by what is proven and still there alone', () => {
    const links = [...users(3, 'email:a'), link('userId:x', 'email:a', { verified: false })]
    expect(answer([...links, link('userId:y', 'email:a', { removedAt: 1 })]).standing).toEqual({})
  })
})

describe('in quarantine', () => {
  const rules = { component: 4 }
  // A chain of five: u1 – e1 – u2 – e2 – u3.
  const chain = [
    link('userId:1', 'email:1', { firstSeenAt: 1 }),
    link('userId:2', 'email:1', { firstSeenAt: 2 }),
    link('userId:2', 'email:2', { firstSeenAt: 3 }),
    link('userId:3', 'email:2', { firstSeenAt: 4 }),
  ]

  it('a user keeps the e-mail that is first hers, if she is first its', () => {
    const { persons, standing, why } = answer(chain, { rules })
    expect(persons).toEqual([['email:1', 'userId:1']])
    expect(Object.values(standing)).toEqual(Array.from({ length: 5 }, () => 'quarantined'))
    expect(why).toEqual([null, 'quarantined', 'quarantined', 'quarantined'])
  })

  it('is nobody when a link less hangs together', () => {
    const { persons, standing } = answer(chain.slice(0, 3), { rules })
    expect(persons).toEqual([
      ['email:1', 'userId:1'],
      ['email:2', 'userId:2'],
    ])
    expect(standing).toEqual({})
  })
})

describe('a person is named', () => {
  const named = (holders: Atom[], links: Evidence[]) =>
    new Set(resolve({ holders, links, neverMerge: [] }, defaultIdentityRules).personOf.values())

  it('by her oldest known holder, however old a browser of hers is', () => {
    const holders = [atom('anonymousId:x', 1), atom('email:a', 3), atom('userId:a', 2)]
    expect(named(holders, [link('userId:a', 'email:a'), link('userId:a', 'anonymousId:x')])).toEqual(
      new Set(['per_userId:a']),
    )
  })

  it('by the smaller name of two of one age', () => {
    expect(named([atom('userId:a', 1), atom('email:a', 1)], [link('userId:a', 'email:a')])).toEqual(
      new Set(['per_email:a']),
    )
  })
})

describe('whose behaviour a browser tells of', () => {
  const hearsay = { verified: false }

  it('is that of the first known identifier it named, and it gets nothing of hers', () => {
    const { behaviour, persons } = answer([
      link('anonymousId:x', 'email:b', { ...hearsay, firstSeenAt: 2 }),
      link('anonymousId:x', 'email:a', { ...hearsay, firstSeenAt: 1 }),
    ])
    expect(behaviour).toEqual({ 'anonymousId:x': 'email:a' })
    expect(persons).toEqual([])
  })

  it('is nobody’s once it is known itself', () => {
    const links = [link('anonymousId:x', 'email:a', hearsay), link('anonymousId:x', 'userId:b')]
    expect(answer(links).behaviour).toEqual({})
  })

  it('holds for all devices that are one', () => {
    const links = [link('anonymousId:x', 'device:d'), link('device:d', 'email:a', hearsay)]
    expect(answer(links).behaviour).toEqual({ 'anonymousId:x': 'email:a', 'device:d': 'email:a' })
  })

  it.each([
    [maxHearsay, 1],
    [maxHearsay + 1, 0],
  ])('of one that names %i identifiers, is that of %i', (count, told) => {
    const links = Array.from({ length: count }, (_, index) => link('anonymousId:x', `email:n${index}`, hearsay))
    expect(Object.keys(answer(links).behaviour)).toHaveLength(told)
  })
})

describe('blocked values', () => {
  const blocked = (name: string, more: string[] = []) =>
    isBlocked(atom(name), { ...defaultIdentityRules, blocked: [...defaultIdentityRules.blocked, ...more] })

  test.each(['userId:null', 'userId:NULL', 'userId:0', 'phone:0000', 'email:Info@shop.example', 'anonymousId:xxxxxx'])(
    '%s is nobody',
    name => expect(blocked(name)).toBe(true),
  )
  test.each(['userId:7777', 'userId:info@shop.example', 'email:ana@info.example', 'userId:1'])('%s is somebody', name =>
    expect(blocked(name)).toBe(false),
  )
  it('are the workspace’s own too, with any text for a star and every other character as it is', () => {
    expect(blocked('loyaltyCard:TEST-77', ['loyaltyCard:test-*'])).toBe(true)
    expect(blocked('userId:TEST-77', ['loyaltyCard:test-*'])).toBe(false)
    expect(blocked('userId:a.b', ['a.b'])).toBe(true)
    expect(blocked('userId:axbc', ['a.b*'])).toBe(false)
  })
})

describe('promise 9', () => {
  const ref = fc
    .tuple(fc.constantFrom('userId', 'email', 'phone', 'anonymousId', 'device'), fc.constantFrom('a', 'b', 'c'))
    .map(it => it.join(':'))
  const evidence = fc
    .tuple(ref, ref, fc.boolean(), fc.nat(3), fc.option(fc.nat(9), { freq: 5 }))
    .map(([a, b, verified, firstSeenAt, removedAt]) => link(a, b, { verified, firstSeenAt, removedAt }))
  // As it is stored: one a pair and kind.
  const links = fc.uniqueArray(evidence, {
    maxLength: 25,
    selector: ({ a, b, verified }) => [a, b].sort().join(' ') + String(verified),
  })

  it('arrival order, repetition and direction of links do not matter', () => {
    let united = 0
    fc.assert(
      fc.property(links, fc.infiniteStream(fc.nat()), fc.constantFrom(4, 500), (all, seeds, component) => {
        const rules = { ...defaultIdentityRules, shared: 2, component }
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map(item => ({ item, at: seeds.next().value as number }))
            .sort((left, right) => left.at - right.at)
            .map(({ item }) => item)
        const holders = holdersOf(all)
        const once = resolve({ holders, links: all, neverMerge: [] }, rules)
        const again = resolve({ holders: shuffled(holders), links: shuffled([...all, ...all]), neverMerge: [] }, rules)
        expect(again).toEqual(once)
        const turned = all.map(it => ({ ...it, a: it.b, b: it.a }))
        const { suppressed: _, ...same } = resolve({ holders, links: shuffled(turned), neverMerge: [] }, rules)
        expect(same).toEqual({ personOf: once.personOf, standing: once.standing, behaviourOf: once.behaviourOf })
        if (new Set(once.personOf.values()).size < holders.length) united += 1
      }),
    )
    expect(united).toBeGreaterThan(20)
  })
})
