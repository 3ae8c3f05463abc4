import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type LimitReached, limitReached, noUsage, type Usage, withUse } from './limits.ts'

type Limits = Parameters<typeof limitReached>[0]
const budget = (amount: number): Limits => ({ budget: { amount, currency: 'EUR' } })

describe('one more use', () => {
  test.each<[string, Limits, Partial<Usage>, number, LimitReached | undefined]>([
    ['fits where nothing is limited', {}, { uses: 9_999, budget: 9_999 }, 500, undefined],
    ['is the last of the uses', { uses: 3 }, { uses: 2 }, 0, undefined],
    ['is one too many', { uses: 3 }, { uses: 3 }, 0, { limit: 'uses', allowed: 3, used: 3 }],
    [
      'is one too many for the person',
      { perPerson: 1 },
      { perPerson: 1 },
      0,
      { limit: 'perPerson', allowed: 1, used: 1 },
    ],
    ['is one too many for the code', { perCode: 2 }, { perCode: 2 }, 0, { limit: 'perCode', allowed: 2, used: 2 }],
    ['takes the last of the budget', budget(1000), { budget: 600 }, 400, undefined],
    ['does not fit whole', budget(1000), { budget: 600 }, 401, { limit: 'budget', allowed: 1000, used: 600 }],
    ['finds the budget empty', budget(1000), { budget: 1000 }, 0, { limit: 'budget', allowed: 1000, used: 1000 }],
    [
      'is refused where a limit was lowered below what is used',
      { uses: 2 },
      { uses: 5 },
      0,
      { limit: 'uses', allowed: 2, used: 5 },
    ],
    [
      'names the first limit in order',
      { uses: 1, perPerson: 1, perCode: 1, ...budget(1) },
      { uses: 1, perPerson: 1, perCode: 1, budget: 1 },
      1,
      { limit: 'uses', allowed: 1, used: 1 },
    ],
    [
      'names perPerson before perCode',
      { perPerson: 1, perCode: 1 },
      { perPerson: 1, perCode: 1 },
      0,
      { limit: 'perPerson', allowed: 1, used: 1 },
    ],
  ])('%s', (_name, limits, usage, amount, reached) => {
    expect(limitReached(limits, { ...noUsage, ...usage }, amount)).toEqual(reached)
  })

  it('counts everywhere', () => {
    expect(withUse({ uses: 1, perPerson: 2, perCode: 3, budget: 4 }, 5)).toEqual({
      uses: 2,
      perPerson: 3,
      perCode: 4,
      budget: 9,
    })
  })
})

describe('any sequence of uses', () => {
  const limit = fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined })
  const limits = fc.record({
    uses: limit,
    perPerson: limit,
    perCode: limit,
    budget: fc.option(fc.record({ amount: fc.integer({ min: 0, max: 30 }), currency: fc.constant('EUR') }), {
      nil: undefined,
    }),
  })
  const attempts = fc.array(fc.record({ person: fc.nat(2), code: fc.nat(2), amount: fc.nat(12) }), {
    minLength: 1,
    maxLength: 30,
  })

  it('never exceeds a limit, and refuses only what would', () => {
    fc.assert(
      fc.property(limits, attempts, (limits, attempts) => {
        const taken: typeof attempts = []
        for (const attempt of attempts) {
          const count = (keep: (it: typeof attempt) => boolean) => taken.filter(keep).length
          const usage = {
            uses: taken.length,
            perPerson: count(it => it.person === attempt.person),
            perCode: count(it => it.code === attempt.code),
            budget: taken.reduce((sum, it) => sum + it.amount, 0),
          }
          const accepted = limitReached(limits, usage, attempt.amount) === undefined
          // The plain model: take it, look at the whole, and see whether every limit still holds.
          const after = [...taken, attempt]
          const spent = after.reduce((sum, it) => sum + it.amount, 0)
          const most = (key: 'person' | 'code') =>
            Math.max(...after.map(it => after.filter(other => other[key] === it[key]).length))
          const holds =
            after.length <= (limits.uses ?? Infinity) &&
            most('person') <= (limits.perPerson ?? Infinity) &&
            most('code') <= (limits.perCode ?? Infinity) &&
            spent <= (limits.budget?.amount ?? Infinity)
          // Worth nothing, a use would still fit an empty budget; but an empty budget is the end of an offer.
          const isEmpty = limits.budget !== undefined && usage.budget >= limits.budget.amount
          expect(accepted).toBe(holds && !isEmpty)
          if (accepted) taken.push(attempt)
        }
      }),
    )
  })
})
