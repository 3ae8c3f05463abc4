import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latte } from '../../../test/server.ts'
import { smallWorld } from '../../../test/small-world.ts'
import type { PersonFacts } from '../rules/facts.ts'
import { personFacts } from './buyer.ts'
import { LazyPerson } from './lazy-person.ts'
import { holdersOfPerson } from './world.ts'

/** The facts that conditions read of a person, with what is left out as they read it. */
const readOf = ({ id, known, identifiers, orders, traits, history, ...rest }: PersonFacts) => ({
  id,
  known,
  identifiers,
  orders,
  traits,
  history,
  segments: rest.segments ?? [],
  consents: rest.consents ?? [],
  birthday: rest.birthday ?? '',
  returns: rest.returns,
  offers: rest.offers,
  preferredChannel: rest.preferredChannel,
  preferredHour: rest.preferredHour,
  computed: rest.computed ?? {},
  tier: rest.tier ?? '',
  tiers: rest.tiers ?? {},
  points: rest.points ?? {},
})
const namesOfFacts = Object.keys(readOf({} as PersonFacts)) as (keyof PersonFacts)[]

describe('a person whose facts are worked out when they are read', () => {
  it('is the same as one whose facts are all worked out', () => {
    const did = fc.record({
      what: fc.constantFrom('view', 'buy', 'tell', 'log in'),
      who: fc.constantFrom('ana', 'ben'),
      later: fc.nat(200_000),
    })
    let inSegments = 0
    fc.assert(
      fc.property(fc.array(did, { minLength: 3, maxLength: 12 }), all => {
        const small = smallWorld({
          segments: { viewers: "events('Product Viewed') >= 1", regular: 'orders(30) >= 2 && person.returns == 0' },
        })
        for (const [index, { what, who, later }] of all.entries()) {
          small.later(later)
          if (what === 'view') small.send('track', { anonymousId: who, event: 'Product Viewed' })
          if (what === 'buy') small.put(`o${index}`, { person: `userId:${who}`, state: 'placed', lines: [latte] })
          if (what === 'tell') small.send('identify', { userId: who, traits: { birthday: '1990-03-22', size: later } })
          if (what === 'log in')
            small.send('identify', { userId: who, anonymousId: who, traits: { email: `${who}@example.com` } })
        }
        const world = small.world()
        for (const holder of world.holders.values()) {
          const holders = holdersOfPerson(world, holder.id)
          const buyer = { holder, identifier: undefined, personId: holder.personId }
          const eager = readOf(personFacts(world, buyer, holders, world.workspace.currency, undefined))
          const lazy = new LazyPerson(world, holder, holders, world.now, 'counting')
          expect(Object.fromEntries(namesOfFacts.map(name => [name, lazy[name]]))).toEqual(eager)
          inSegments += eager.segments.length
        }
      }),
      { numRuns: 60 },
    )
    expect(inSegments).toBeGreaterThan(0)
  })
})
