import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isPercent } from '../../kernel/money.ts'
import { compileCondition } from '../../rules/condition.ts'
import { basketOf, type Line } from './basket-of.ts'
import type { Off } from './benefit-kind.ts'
import { type Benefit, benefit, benefitKinds, kindOf, shownBenefit } from './index.ts'

const eur = { currency: 'EUR' }

describe('every kind', () => {
  const kinds = Object.entries(benefitKinds)

  it.each(kinds)('%s goes by its name and says what it is for', (name, kind) => {
    expect(kind.kind).toBe(name)
    expect(kind.title).not.toBe('')
    expect(kind.about).not.toBe('')
    expect(new Set(kind.form.map(({ field }) => field)).size).toBe(kind.form.length)
  })

  const examples = kinds.flatMap(([name, kind]) => kind.examples.map((example): [string, Benefit] => [name, example]))
  it.each(examples)('%s has an example that is accepted as it stands: %o', (name, example) => {
    expect(benefit.parse(example)).toEqual(example)
    expect(example.kind).toBe(name)
  })

  it('has an example', () => {
    expect(new Set(examples.map(([name]) => name))).toEqual(new Set(Object.keys(benefitKinds)))
  })

  const shapes = Object.values(z.toJSONSchema(benefit, { io: 'input' }).$defs ?? {})
  it.each(kinds)('%s tells readers of the API what it is for, with its examples', (name, { about, examples }) => {
    const shape = shapes.find(({ properties }) => Object(properties?.kind).const === name)
    expect([shape?.description, shape?.examples]).toEqual([about, examples])
  })

  const filters = examples.flatMap(([, example]) =>
    kindOf(example)
      .expressions(example)
      .map(expression => ({ example, ...expression })),
  )
  it.each(filters)('$example.kind names the place of its CEL: $field', ({ example, field, source, gives }) => {
    const found = field.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], example)
    expect(found).toBe(source)
    if (gives === 'bool') expect(compileCondition(source, 'line').ok).toBe(true)
  })
})

describe('what customers may know of a benefit', () => {
  const sources = Object.values(benefitKinds).flatMap(({ examples }) =>
    (examples as readonly Benefit[]).flatMap(example =>
      kindOf(example)
        .expressions(example)
        .map(({ source }): [string, Benefit] => [source, example]),
    ),
  )
  it.each(sources)('is a benefit without %s', (source, example) => {
    const shown = shownBenefit(example)
    expect(JSON.stringify(shown)).not.toContain(JSON.stringify(source))
    expect(benefit.parse(shown)).toEqual(shown)
  })

  it('is all of its figures', () => {
    expect(
      shownBenefit({
        kind: 'buyXGetY',
        buy: { quantity: 2, lines: "line.sku == 'A'" },
        get: { quantity: 1, percent: 50 },
      }),
    ).toEqual({ kind: 'buyXGetY', buy: { quantity: 2, lines: '…' }, get: { quantity: 1, percent: 50 } })
  })
})

describe('whatever the basket', () => {
  const filter = fc.constantFrom(undefined, "'a'", "'b'", "'a' 'b'", "'b' 'c'", "'none'")
  const few = fc.integer({ min: 1, max: 3 })
  const some = fc.option(few, { nil: undefined })
  const money = fc.oneof(fc.nat(30), fc.nat(2 ** 40))
  const percents = fc.integer({ min: 1, max: 1_000_000 }).map(units => units / 10_000)
  const positive = money.map(amount => amount + 1)
  const capOf = fc.option(
    money.map(amount => ({ amount, ...eur })),
    { nil: undefined },
  )
  const kind = <K extends string>(kind: K, fields: Record<string, fc.Arbitrary<unknown>>) =>
    fc.record({ kind: fc.constant(kind), ...fields })
  const currency = fc.constant('EUR')
  const tierList = fc
    .tuple(
      fc.boolean(),
      fc.uniqueArray(positive, { minLength: 1, maxLength: 4 }),
      fc.array(percents, { minLength: 4, maxLength: 4 }),
    )
    .map(([inPercent, spends, gives]) => {
      const rising = gives.toSorted((a, b) => a - b)
      return spends
        .toSorted((a, b) => a - b)
        .map((spend, at) => ({
          spend,
          ...(inPercent ? { percent: rising[at]! } : { amount: Math.ceil(rising[at]! * 10) }),
        }))
    })
  const anyBenefit = fc
    .oneof(
      kind('percentOff', { percent: percents, lines: filter, max: capOf }),
      kind('amountOff', { amount: positive, currency, lines: filter }),
      kind('amountOff', { amount: positive, currency, lines: filter, each: fc.constant('unit'), maxUnits: some }),
      kind('fixedPrice', { price: money, currency, lines: filter, maxUnits: some }),
      kind('fixedPrice', { price: money, currency, lines: filter, each: fc.constant('line') }),
      kind('tieredSpend', { tiers: tierList, currency, lines: filter }),
      kind('buyXGetY', {
        buy: fc.record({ quantity: few, lines: filter }),
        get: fc.record({
          quantity: few,
          lines: filter,
          percent: fc.option(percents, { nil: undefined }),
          pick: fc.constantFrom(undefined, 'cheapest', 'dearest'),
        }),
        times: some,
      }),
      kind('bundle', {
        items: fc.array(fc.record({ lines: filter, quantity: few }), { minLength: 2, maxLength: 3 }),
        price: money,
        currency,
        times: some,
      }),
      kind('freeItem', { items: fc.constant([{ sku: 'MUG' }]) }),
      kind('freeShipping', { upTo: capOf }),
      kind('shippingOff', { percent: percents }),
      kind('giveOffer', { offer: fc.constant('off_01kjm6jm000000000000000000') }),
      kind('entitlement', { entitlement: fc.constant('upgrade'), title: fc.constant('Suite') }),
    )
    .map(body => benefit.parse(body))
  const sku = fc.constantFrom('a', 'b', 'c')
  const run = fc.record({ count: few, price: money, taken: fc.boolean() }).map(run => ({ ...run, left: run.price }))
  const anyLines = fc.array(fc.record({ sku, runs: fc.array(run, { minLength: 1, maxLength: 2 }) }), { maxLength: 4 })

  const shipping = 490
  const lookedAt = (lines: readonly Line[], benefit: Benefit) => {
    const basket = basketOf(lines, benefit, { shipping })
    return { basket, effect: kindOf(benefit).apply(benefit, basket) ?? {} }
  }
  /** What comes off, capped as the decision does. */
  const saved = (lines: readonly Line[], benefit: Benefit): number => {
    const { basket, effect } = lookedAt(lines, benefit)
    const cost = ({ over }: Off) =>
      'units' in over
        ? over.units.reduce((sum, { line, run, count }) => sum + lines[line]!.runs[run]!.left * count, 0)
        : over.lines.reduce((sum, line) => sum + basket.left(line), 0)
    return (effect.off ?? []).reduce((sum, off) => sum + Math.min(off.amount, cost(off)), effect.shipping ?? 0)
  }
  const totalOf = (lines: readonly Line[]): number =>
    lines.flatMap(({ runs }) => runs).reduce((sum, { count, left }) => sum + count * left, 0)

  it('whole cents come off units that are there, each unit once, and never more than is left of them', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(anyBenefit, anyLines, (benefit, lines) => {
        const { basket, effect } = lookedAt(lines, benefit)
        const left = lines.map(({ runs }) => runs.map(({ count }) => count))
        for (const { amount, over } of effect.off ?? []) {
          seen.add(benefit.kind)
          expect(Number.isSafeInteger(amount)).toBe(true)
          expect(amount).toBeGreaterThanOrEqual(0)
          if ('lines' in over) continue
          for (const { line, run, count } of over.units) {
            expect(count).toBeGreaterThan(0)
            left[line]![run]! -= count
            expect(left[line]![run]).toBeGreaterThanOrEqual(0)
          }
          const cost = over.units.reduce((sum, { line, run, count }) => sum + lines[line]!.runs[run]!.left * count, 0)
          expect(amount).toBeLessThanOrEqual(cost)
        }
        expect(saved(lines, benefit)).toBeLessThanOrEqual(totalOf(lines) + shipping)
        expect(effect.shipping ?? 0).toBeLessThanOrEqual(basket.shipping)
        const takes = new Map((effect.takes ?? []).map(pick => [`${pick.line}/${pick.run}`, pick]))
        expect(takes.size).toBe(effect.takes?.length ?? 0)
        for (const { line, run, count } of takes.values()) {
          expect(lines[line]!.runs[run]!.taken).toBe(false)
          expect(count).toBeLessThanOrEqual(lines[line]!.runs[run]!.count)
        }
        if (effect.takes)
          for (const { over } of effect.off ?? [])
            for (const { line, run, count } of 'units' in over ? over.units : [])
              expect(takes.get(`${line}/${run}`)?.count).toBeGreaterThanOrEqual(count)
      }),
      // So many that each kind takes something off at least once, whatever the seed.
      { numRuns: 3000 },
    )
    expect([...seen].sort()).toEqual(['amountOff', 'bundle', 'buyXGetY', 'fixedPrice', 'percentOff', 'tieredSpend'])
  })

  it('a kind that shrinks takes no more off when prices fall or another offer takes units', () => {
    const fall = fc.array(fc.record({ off: money, taken: fc.boolean() }), { minLength: 8, maxLength: 8 })
    let more = 0
    fc.assert(
      fc.property(anyBenefit, anyLines, fall, (benefit, lines, falls) => {
        if (!kindOf(benefit).shrinks(benefit)) return
        const cheaper = lines.map(({ sku, runs }, line) => ({
          sku,
          runs: runs.map((run, at) => {
            const { off, taken } = falls[line * 2 + at]!
            const left = Math.max(0, run.left - off)
            return { ...run, price: left, left, taken: run.taken || taken }
          }),
        }))
        const [before, after] = [saved(lines, benefit), saved(cheaper, benefit)]
        expect(after).toBeLessThanOrEqual(before)
        if (after < before) more += 1
      }),
      { numRuns: 1000 },
    )
    expect(more).toBeGreaterThan(50)
  })

  it('a kind of the total leaves the same of the same total, and no less of a higher one', () => {
    let compared = 0
    fc.assert(
      fc.property(anyBenefit, anyLines, anyLines, (benefit, one, other) => {
        if (!kindOf(benefit).ofTotal(benefit)) return
        compared += 1
        const [low, high] = [one, other].sort((a, b) => totalOf(a) - totalOf(b)) as [typeof one, typeof one]
        expect(totalOf(low) - saved(low, benefit)).toBeLessThanOrEqual(totalOf(high) - saved(high, benefit))
        const joined = [{ sku: 'a', runs: [{ count: 1, price: totalOf(low), left: totalOf(low), taken: false }] }]
        expect(saved(joined, benefit)).toBe(saved(low, benefit))
      }),
      { numRuns: 500 },
    )
    expect(compared).toBeGreaterThan(50)
  })

  it('with "buy 2, get 1 free" paying twice saves no more than paying once', () => {
    fc.assert(
      fc.property(few, few, anyLines, anyLines, (buy, get, one, other) => {
        const offered = benefit.parse({ kind: 'buyXGetY', buy: { quantity: buy }, get: { quantity: get } })
        expect(saved([...one, ...other], offered)).toBeGreaterThanOrEqual(saved(one, offered) + saved(other, offered))
      }),
    )
  })

  it('no other way to fill bundles saves more', () => {
    const units = fc.array(fc.record({ sku, price: fc.nat(30) }), { maxLength: 6 })
    const items = fc.array(fc.record({ lines: filter, quantity: fc.integer({ min: 1, max: 2 }) }), {
      minLength: 2,
      maxLength: 3,
    })
    let formed = 0
    fc.assert(
      fc.property(units, items, fc.nat(60), (units, items, price) => {
        const places = items.flatMap(({ lines, quantity }) => Array<string | undefined>(quantity).fill(lines))
        /** Every way to fill the places from here, and then perhaps another bundle. */
        const most = (free: readonly (typeof units)[number][], place: number): number => {
          if (place === places.length) return Math.max(0, most(free, 0)) - price
          const found = free.flatMap((unit, at) =>
            places[place] === undefined || places[place].includes(`'${unit.sku}'`)
              ? [unit.price + most(free.toSpliced(at, 1), place + 1)]
              : [],
          )
          return Math.max(Number.NEGATIVE_INFINITY, ...found)
        }
        const offered = benefit.parse({ kind: 'bundle', items, price, ...eur })
        const lines = units.map(({ sku, price }) => ({ sku, runs: [{ count: 1, price, left: price, taken: false }] }))
        const best = Math.max(0, most(units, 0))
        if (best > 0) formed += 1
        expect(saved(lines, offered)).toBe(best)
      }),
      { numRuns: 300 },
    )
    expect(formed).toBeGreaterThan(30)
  })

  it('any percentage that is saved is one we calculate', () => {
    const anyPercent = fc.double({ min: 0, max: 100, noNaN: true })
    fc.assert(
      fc.property(fc.oneof(anyPercent, percents), percent => {
        expect(benefit.safeParse({ kind: 'percentOff', percent }).success).toBe(percent > 0 && isPercent(percent))
      }),
    )
  })
})
