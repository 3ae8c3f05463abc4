import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { compileCondition } from './condition.ts'
import { factTypes, ruleFunctions } from './facts.ts'
import { historyFunctions, inHistory, preferredChannel, preferredHour, type Statistics, summaryOf } from './history.ts'

const guide = readFileSync(new URL('../../../docs/guide/what-a-person-is-like.md', import.meta.url), 'utf8')
const rows = [...guide.matchAll(/^\| `([^|]+)` +\| (.+?) +\| `(.+)` +\|$/gm)].map(
  row => row.slice(1) as [string, string, string],
)

describe('the guide', () => {
  it('tells of every function about the past, with its signature and example', () => {
    const told = rows
      .filter(([name]) => name.includes('days int?'))
      .map(([signature, , example]) => [signature, example])
    const known = Object.keys(historyFunctions).map(name => {
      const { signature, example } = ruleFunctions[name as keyof typeof historyFunctions]
      return [signature.replace(/: int$/, ''), example]
    })
    expect(told).toEqual(known)
  })

  test.each(rows.map(([, , example]) => example))('%s is a condition', source => {
    expect(compileCondition(source, 'order').ok && compileCondition(source, 'segment').ok).toBe(true)
  })

  it('tells of every fact about the past', () => {
    const facts = rows
      .filter(([name]) => name.startsWith('person.'))
      .map(([name]) => name)
      .join(' ')
    for (const name of ['returns', 'preferredChannel', 'preferredHour', 'computed'] as const) {
      expect(factTypes.Person).toHaveProperty(name)
      expect(facts).toContain(`person.${name}`)
    }
    for (const name of [...Object.keys(factTypes.PersonOffers), ...Object.keys(factTypes.PersonOrders)])
      expect(facts).toContain(`.${name}`)
  })
})

describe('a history', () => {
  const ana: Statistics = {
    orders: { EUR: [-1_000_000, 2, 2, 500, 100, 1, 2, 900, 110, 1, 1, 100], USD: [110, 1, 1, 700] },
    channels: { web: { EUR: [100, 1, 2, 900] }, store: { EUR: [110, 1, 1, 100], USD: [110, 1, 1, 700] } },
    categories: { coffee: { EUR: [100, 1, 2, 900] } },
    hours: [8, 2, 17, 2],
    returns: [110, 2],
    received: [100, 3],
    used: [105, 1],
    ending: [105, 1, 111, 1],
    events: { Viewed: [110, 5] },
  }
  const card: Statistics = {
    channels: { web: { EUR: [90, 1, 1, 10] } },
    orders: { EUR: [90, 1, 1, 10] },
    hours: [17, 1],
  }
  const history = { currency: 'EUR', of: [ana, card], behaviour: [{ events: { Viewed: [111, 1] }, returns: [110, 1] }] }
  const asked = (today: number) => inHistory(history, today)

  it('is the sum over the holders, and for events alone over what is probably hers', () => {
    expect([asked(110).orders(), asked(110).spend(), asked(110).averageValue()]).toEqual([6, 1510, 302])
    expect([asked(111).events('Viewed'), asked(111).returns()]).toEqual([6, 2])
  })

  it('has windows of today and the days before it, in which nothing of before or after counts', () => {
    expect([1, 2, 10, 11, 12, 21].map(days => asked(110).orders(days))).toEqual([2, 2, 2, 3, 3, 4])
    expect(asked(109).orders(10)).toBe(1)
    expect(asked(110).events('Viewed', 5)).toBe(5)
  })

  it('counts as ignored what is gone by today', () => {
    expect([104, 105, 110, 111].map(today => asked(today).offersIgnored())).toEqual([0, 1, 1, 2])
    expect(asked(111).offersIgnored(3)).toBe(1)
  })

  it('knows what she prefers, and nothing of who never bought', () => {
    expect([preferredChannel([ana, card]), preferredHour([ana, card])]).toEqual(['store', 17])
    expect([preferredChannel([{}]), preferredHour([])]).toEqual(['', -1])
  })

  it('is told by window, channel and category, amounts by currency', () => {
    const told = summaryOf([ana, card], 110)
    expect(told.windows.last7Days).toEqual({
      orders: 2,
      spend: { EUR: 100, USD: 700 },
      averageValue: { EUR: 100, USD: 700 },
      returns: 2,
      offers: { received: 0, used: 1, ignored: 1 },
    })
    expect(told.channels.map(it => [it.name, it.orders])).toEqual([
      ['store', 2],
      ['web', 2],
    ])
    expect(told.categories).toEqual([{ name: 'coffee', orders: 1, units: 2, spend: { EUR: 900, USD: 0 } }])
  })
})
