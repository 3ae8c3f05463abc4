import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SmallWorld, smallWorld, start } from '../../../test/small-world.ts'
import { addLink, removeLink } from '../loop/link.ts'
import { emptyWorld, type Holder, holderOf, makeCatalogue, type World } from '../loop/world.ts'
import { linkKey } from './links.ts'

/** Who is one person, as lists of `type:value`; whoever is alone is left out. */
const persons = (world: World): string[][] =>
  [...world.persons.values()]
    .map(ids =>
      ids
        .map(id => world.holders.get(id)!)
        .map(it => `${it.type}:${it.value}`)
        .sort(),
    )
    .filter(names => names.length > 1)
    .sort()

const standing = (shop: SmallWorld, ref: string) => shop.holder(ref).standing
/** Why the verified link between two identifiers does not unite; null: it does. */
const suppressed = (shop: SmallWorld, left: string, right: string) => {
  const [a, b] = [shop.holder(left).id, shop.holder(right).id].sort() as [string, string]
  return shop.world().links.get(linkKey({ a, b, verified: true }))!.suppressed
}
const day = (of: number, time = '10:00:00') => `2026-01-${String(of).padStart(2, '0')}T${time}Z`

describe('shared tablet at the till', () => {
  it('unites none of the customers who type their card into it, first or later', () => {
    const shop = smallWorld()
    for (const [index, card] of ['1111', '2222', '3333', '4444', '5555'].entries()) {
      shop.send('identify', {
        anonymousId: 'tablet',
        timestamp: day(index + 1),
        traits: {},
        context: { externalIds: [{ type: 'loyaltyCard', id: card, collection: 'users' }] },
      })
      const cards = persons(shop.world()).map(names => names.filter(it => it.startsWith('loyaltyCard')).length)
      expect(Math.max(0, ...cards)).toBeLessThan(2)
    }
    expect(standing(shop, 'anonymousId:tablet')).toBe('shared')
    expect(persons(shop.world())).toEqual([])
  })

  it('nor does its device id, which never proves who held it', () => {
    const shop = smallWorld()
    for (const userId of ['ana', 'ben']) shop.send('identify', { userId, context: { device: { id: 'till-7' } } })
    expect(persons(shop.world())).toEqual([])
  })
})

describe('family e-mail', () => {
  const family = 'family@example.com'
  const join = (shop: SmallWorld, userId: string, of: number) =>
    shop.send('identify', { userId, timestamp: day(of), traits: { email: family } })

  it('stays with whoever used it first, and leaves the others who they are', () => {
    const shop = smallWorld()
    join(shop, 'ben', 2)
    join(shop, 'ana', 1)
    expect(persons(shop.world())).toEqual([[`email:${family}`, 'userId:ana']])
    expect(suppressed(shop, `email:${family}`, 'userId:ben')).toBe('uniqueType')
  })

  it('is nobody’s alone when more than three use it', () => {
    const shop = smallWorld()
    for (const [index, name] of ['ana', 'ben', 'eva', 'leo'].entries()) join(shop, name, index + 1)
    expect(standing(shop, `email:${family}`)).toBe('shared')
    expect(persons(shop.world())).toEqual([])
  })
})

describe('recycled phone number', () => {
  it('stays with whoever had it first until somebody takes it away, and then is the other’s', () => {
    const shop = smallWorld()
    const phone = '+393331234567'
    shop.send('identify', { userId: 'ana', timestamp: '2019-05-01T10:00:00Z', traits: { phone } })
    shop.send('identify', { userId: 'ben', timestamp: day(3), traits: { phone } })
    expect(persons(shop.world())).toEqual([[`phone:${phone}`, 'userId:ana']])
    removeLink(shop.nextBatch(), shop.holder(`phone:${phone}`).id, shop.holder('userId:ana').id, 'clerk-1')
    expect(persons(shop.world())).toEqual([[`phone:${phone}`, 'userId:ben']])
    // Late evidence of what somebody took away changes nothing.
    shop.send('identify', { userId: 'ana', timestamp: '2019-06-01T10:00:00Z', traits: { phone } })
    expect(persons(shop.world())).toEqual([[`phone:${phone}`, 'userId:ben']])
  })
})

describe('local and international forms of one number', () => {
  it.each(['333 123 4567', '+39 333 1234567', '0039 333 123 45 67', '(333) 123-4567'])(
    '%s is one identifier',
    phone => {
      const shop = smallWorld()
      shop.send('identify', { userId: 'ana', traits: { phone: '+393331234567' } })
      shop.send('identify', { userId: 'ana', traits: { phone } })
      expect(persons(shop.world())).toEqual([['phone:+393331234567', 'userId:ana']])
    },
  )
})

describe('info@ address', () => {
  it('is nobody’s: it unites no colleagues, and is no customer', () => {
    const shop = smallWorld()
    for (const userId of ['ana', 'ben']) shop.send('identify', { userId, traits: { email: 'Info@Firm.example' } })
    expect(persons(shop.world())).toEqual([])
    expect([...shop.world().identifiers.keys()]).toEqual(['userId:ana', 'userId:ben'])
  })

  it('gets what is said of it alone', () => {
    const shop = smallWorld()
    shop.send('identify', { anonymousId: '00000000-0000-0000-0000-000000000000' })
    expect(standing(shop, 'anonymousId:00000000-0000-0000-0000-000000000000')).toBe('blocked')
  })
})

describe('QA constant', () => {
  it.each(['null', 'undefined', '0', 'NaN', '[object Object]'])(
    'userId %s belongs to whoever is named next',
    userId => {
      const shop = smallWorld()
      shop.send('identify', { userId, anonymousId: 'a1', traits: { email: 'ana@example.com', plan: 'gold' } })
      shop.send('identify', { userId, anonymousId: 'b1', traits: { email: 'ben@example.com' } })
      expect(persons(shop.world())).toEqual([
        ['anonymousId:a1', 'email:ana@example.com'],
        ['anonymousId:b1', 'email:ben@example.com'],
      ])
      expect(shop.holder('email:ana@example.com').traits).toMatchObject({ plan: 'gold' })
      expect(shop.world().identifiers.has(`userId:${userId}`)).toBe(false)
    },
  )

  it('an address that testers type everywhere unites nobody for long', () => {
    const shop = smallWorld()
    for (let index = 1; index <= 20; index += 1)
      shop.send('identify', { userId: `u${index}`, timestamp: day(index), traits: { email: 'qa@shop.example' } })
    expect(standing(shop, 'email:qa@shop.example')).toBe('shared')
    expect(persons(shop.world())).toEqual([])
  })
})

describe('logout without reset', () => {
  it('leaves the browser with who logged in first, and unites nobody through it', () => {
    const shop = smallWorld()
    const login = (userId: string, email: string, of: number) =>
      shop.send('identify', { userId, anonymousId: 'home', timestamp: day(of), traits: { email } })
    login('ana', 'ana@example.com', 1)
    login('ben', 'ben@example.com', 2)
    expect(persons(shop.world())).toEqual([
      ['anonymousId:home', 'email:ana@example.com', 'userId:ana'],
      ['email:ben@example.com', 'userId:ben'],
    ])
    expect(suppressed(shop, 'anonymousId:home', 'userId:ben')).toBe('uniqueType')
  })

  it('also where people are known by e-mail only', () => {
    const shop = smallWorld()
    for (const [index, name] of ['ana', 'ben'].entries())
      shop.send('identify', {
        anonymousId: 'home',
        timestamp: day(index + 1),
        traits: { email: `${name}@example.com` },
      })
    expect(persons(shop.world())).toEqual([['anonymousId:home', 'email:ana@example.com']])
    expect(suppressed(shop, 'anonymousId:home', 'email:ben@example.com')).toBe('differentPeople')
  })
})

describe('late and replayed events', () => {
  const all = [
    { messageId: 'm1', userId: 'ana', anonymousId: 'home', timestamp: day(2), traits: { email: 'shared@example.com' } },
    { messageId: 'm2', userId: 'ben', anonymousId: 'home', timestamp: day(1), traits: { phone: '+393331234567' } },
    { messageId: 'm3', userId: 'ben', timestamp: day(4), traits: { email: 'shared@example.com' } },
    { messageId: 'm4', anonymousId: 'home', timestamp: day(3), traits: { email: 'eva@example.com' } },
    { messageId: 'm5', userId: 'ana', timestamp: day(5), traits: { phone: '+393331234567' } },
    { messageId: 'm6', userId: 'ana', timestamp: day(6), traits: { email: 'ana@example.com' } },
  ]

  it('end where the same events in time and once would end', () => {
    const whole = (events: readonly object[]) => {
      const shop = smallWorld()
      for (const event of events) {
        shop.later(1)
        shop.send('identify', event)
      }
      return persons(shop.world())
    }
    const expected = whole([...all].sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1)))
    expect(expected).toEqual([
      ['anonymousId:home', 'email:eva@example.com', 'phone:+393331234567', 'userId:ben'],
      ['email:ana@example.com', 'email:shared@example.com', 'userId:ana'],
    ])
    const order = fc.shuffledSubarray([...all, ...all, ...all], { minLength: all.length * 3 })
    fc.assert(
      fc.property(order, events => {
        expect(whole(events)).toEqual(expected)
      }),
    )
  })
})

describe('two logins within a second', () => {
  it.each([
    ['one after the other', ['ana', 'ben']],
    ['the other way round', ['ben', 'ana']],
  ])('%s: the browser goes to the same one', (_, names) => {
    const shop = smallWorld()
    for (const userId of names) shop.send('identify', { userId, anonymousId: 'home', timestamp: start })
    expect(persons(shop.world())).toEqual([['anonymousId:home', 'userId:ana']])
  })
})

describe('a merge storm of 10,000', () => {
  /** Counts how often links are looked at: the work that does not depend on the machine. */
  class Counting extends Map<string, Set<string>> {
    looks = 0
    override get(key: string): Set<string> | undefined {
      this.looks += 1
      return super.get(key)
    }
  }

  const storm = (pairs: readonly (readonly [string, string])[]) => {
    let ids = 0
    const linksOf = new Counting()
    const world: World = {
      ...emptyWorld({
        workspace: {
          id: 'shop',
          currency: 'EUR',
          timeZone: 'UTC',
          language: 'en',
          country: undefined,
          taxIncluded: true,
        },
        now: 0,
        newId: prefix => `${prefix}_${String(ids++).padStart(26, '0')}`,
        dice: () => new Uint8Array(32),
        catalogue: makeCatalogue(1, new Map()),
      }),
      linksOf,
    }
    const holder = (ref: string): Holder => {
      const [type, value] = ref.split(':') as [string, string]
      return holderOf(world, { type, value, given: value })
    }
    let most = 0
    for (const [index, [a, b]] of pairs.entries()) {
      const before = linksOf.looks
      addLink(world, {
        a: holder(a).id,
        b: holder(b).id,
        verified: true,
        source: 'event',
        cause: `m${index}`,
        firstSeenAt: index,
      })
      most = Math.max(most, linksOf.looks - before)
    }
    const largest = Math.max(...[...world.persons.values()].map(it => it.length))
    const quarantined = [...world.holders.values()].filter(it => it.standing === 'quarantined').length
    return { looks: linksOf.looks, most, largest, quarantined }
  }
  const count = 10_000
  const numbers = Array.from({ length: count }, (_, index) => index)

  it('that ties everybody to the next costs each link the same, and nobody becomes everybody', () => {
    const { looks, most, largest, quarantined } = storm(
      numbers.map(it => [`userId:u${Math.ceil(it / 2)}`, `email:e${Math.floor(it / 2)}@example.com`]),
    )
    expect(quarantined).toBe(count + 1)
    expect(largest).toBe(2)
    // Up to the cap of 500 a component is looked at whole.
    expect(most).toBeLessThan(5 * 500)
    expect(looks).toBeLessThan(500 * 5 * 500 + count * 60)
  })

  it('of browsers on one user id stays within its cap, and costs each the same', () => {
    const { looks, largest, quarantined } = storm(numbers.map(it => ['userId:robot', `anonymousId:a${it}`]))
    expect(quarantined).toBe(count + 1)
    expect(largest).toBe(1)
    expect(looks).toBeLessThan(500 * 5 * 500 + count * 60)
  })

  it('at random makes identifiers shared one after the other, and leaves persons of a few', () => {
    const pick = (seed: number) => (Math.imul(seed + 1, 2_654_435_761) >>> 0) % 1500
    const { largest, looks } = storm(
      numbers.map(it => [`userId:u${pick(it)}`, `email:e${pick(it + count)}@example.com`]),
    )
    expect(largest).toBeLessThan(10)
    expect(looks).toBeLessThan(count * 3000)
  })
})
