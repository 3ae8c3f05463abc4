import { describe, expect, test } from 'vitest'
import { type Around, basketOf, type Line, linesOf } from './basket-of.ts'
import type { Effect, Off } from './benefit-kind.ts'
import { type Benefit, benefit, kindOf } from './index.ts'

/** What a benefit does, in words: '450 off 1 latte; takes 3 latte'. */
const told = (effect: Effect | undefined, lines: readonly Line[]): string => {
  const units = (picks: readonly { line: number; count: number }[]) =>
    picks.map(({ line, count }) => `${count} ${lines[line]!.sku}`).join(' + ')
  const over = ({ over }: Off) =>
    'units' in over ? units(over.units) : over.lines.map(line => lines[line]!.sku).join(' + ')
  const said = [
    ...(effect?.off ?? []).map(off => `${off.amount} off ${over(off)}`.trimEnd()),
    ...(effect?.takes ? [`takes ${units(effect.takes)}`] : []),
    ...(effect?.shipping ? [`${effect.shipping} off shipping`] : []),
    ...(effect?.gives ?? []).map(given => `gives ${JSON.stringify(given)}`),
  ]
  return said.join('; ') || 'nothing'
}

const sees = (benefit: Benefit, basket: string, around?: Around): string => {
  const lines = basket === '' ? [] : linesOf(basket)
  return told(kindOf(benefit).apply(benefit, basketOf(lines, benefit, around)), lines)
}

const made =
  (kind: string, given: object) =>
  (fields: object = {}): Benefit =>
    benefit.parse({ kind, ...given, ...fields })
const eur = { currency: 'EUR' }
const percentOff = made('percentOff', { percent: 20 })
const amountOff = made('amountOff', { amount: 100, ...eur })
const fixedPrice = made('fixedPrice', { price: 250, ...eur })
const tieredSpend = made('tieredSpend', {
  tiers: [
    { spend: 5000, amount: 500 },
    { spend: 10000, amount: 1500 },
  ],
  ...eur,
})
const buyXGetY = (buy: object | number, get: object | number, fields: object = {}): Benefit =>
  benefit.parse({
    kind: 'buyXGetY',
    buy: typeof buy === 'number' ? { quantity: buy } : buy,
    get: typeof get === 'number' ? { quantity: get } : get,
    ...fields,
  })
const bundle = (items: readonly [number, string?][], price: number, fields: object = {}): Benefit =>
  benefit.parse({
    kind: 'bundle',
    items: items.map(([quantity, lines]) => ({ quantity, lines })),
    price,
    ...eur,
    ...fields,
  })
const freeItem = made('freeItem', {
  items: [
    { sku: 'MUG', name: 'Mug' },
    { sku: 'TOTE', stock: 5 },
  ],
})
const freeShipping = made('freeShipping', {})
const shippingOff = made('shippingOff', {})
const giveOffer = made('giveOffer', { offer: 'off_01kjm6jm000000000000000000' })
const entitlement = made('entitlement', { entitlement: 'upgrade', title: 'Suite' })

const latte = "line.sku == 'latte'"
const cake = "line.sku == 'cake'"
const latteOrCake = "line.sku in ['latte', 'cake']"
const max = { amount: 150, ...eur }
const huge = Number.MAX_SAFE_INTEGER

describe('a percentage off', () => {
  test.each([
    ['everything', percentOff(), '1 latte 900, 1 bread 380', '256 off latte + bread'],
    ['chosen items', percentOff({ lines: latte }), '1 latte 900, 1 bread 380', '180 off latte'],
    ['at most 1.50', percentOff({ max }), '1 latte 900, 1 bread 380', '150 off latte + bread'],
    ['below its cap', percentOff({ max }), '1 latte 500', '100 off latte'],
    ['with a cap of nothing', percentOff({ max: { ...max, amount: 0 } }), '1 latte 900', '0 off latte'],
    ['all of it', percentOff({ percent: 100 }), '1 latte 900', '900 off latte'],
    ['half a cent to the even one', percentOff({ percent: 10 }), '1 tea 25', '2 off tea'],
    ['rounded once over all lines', percentOff({ percent: 10 }), '1 tea 25, 1 gum 25', '5 off tea + gum'],
    ['of the price the offer reckons with', percentOff(), '1 latte 900 now 500', '180 off latte'],
    ['of what costs nothing', percentOff(), '3 bag 0', '0 off bag'],
    ['of as much as can be', percentOff({ percent: 99.9999 }), `1 yacht ${huge}`, '9007190247541736 off yacht'],
    ['of an empty basket', percentOff(), '', '0 off'],
  ])('%s', (_name, benefit, basket, effect) => expect(sees(benefit, basket)).toBe(effect))
})

describe('an amount off', () => {
  const each = { each: 'unit' }
  test.each([
    ['the order', amountOff(), '1 latte 900, 1 bread 380', '100 off latte + bread'],
    ['chosen items', amountOff({ lines: latte }), '1 latte 900, 1 bread 380', '100 off latte'],
    ['each unit', amountOff(each), '2 latte 450, 1 bread 380', '200 off 2 latte; 100 off 1 bread'],
    ['each chosen unit', amountOff({ ...each, lines: latte }), '2 latte 450, 1 bread 380', '200 off 2 latte'],
    ['each unit, never more than it still costs', amountOff(each), '2 tea 200 now 60', '120 off 2 tea'],
    [
      'at most 2 units, the dearest',
      amountOff({ ...each, maxUnits: 2 }),
      '5 tea 200, 1 latte 450',
      '100 off 1 latte; 100 off 1 tea',
    ],
    ['each unit, also those that others took', amountOff(each), '1 latte 450 taken', '100 off 1 latte'],
    ['each unit of what costs nothing', amountOff(each), '3 bag 0', '0 off 3 bag'],
    ['as much as can be', amountOff({ ...each, amount: huge }), `1 yacht ${huge}`, `${huge} off 1 yacht`],
  ])('%s', (_name, benefit, basket, effect) => expect(sees(benefit, basket)).toBe(effect))

  test('by an expression, and nothing where it cannot be evaluated', () => {
    const calculated = amountOff({ amount: 'order.subtotal / 10' })
    expect(sees(calculated, '1 latte 900', { amount: field => (field === 'amount' ? 90 : undefined) })).toBe(
      '90 off latte',
    )
    expect(sees(calculated, '1 latte 900', { amount: () => undefined })).toBe('nothing')
  })
})

describe('a fixed price', () => {
  test.each([
    ['of each unit', fixedPrice(), '2 latte 450, 1 bread 380', '400 off 2 latte; 130 off 1 bread'],
    ['of chosen units', fixedPrice({ lines: latte }), '2 latte 450, 1 bread 380', '400 off 2 latte'],
    ['never raises a price', fixedPrice(), '2 tea 200, 1 latte 450', '200 off 1 latte'],
    ['from what it still costs', fixedPrice(), '1 latte 450 now 300', '50 off 1 latte'],
    ['of nothing', fixedPrice({ price: 0 }), '2 latte 450', '900 off 2 latte'],
    ['of at most 1 unit, the dearest', fixedPrice({ maxUnits: 1 }), '5 tea 300, 2 latte 450', '200 off 1 latte'],
    ['of at most 2 units, those it helps', fixedPrice({ maxUnits: 2 }), '5 gum 100, 1 latte 450', '200 off 1 latte'],
    [
      'of a whole line',
      fixedPrice({ each: 'line' }),
      '2 latte 450, 1 tea 200, 1 bread 380',
      '650 off latte; 130 off bread',
    ],
    ['of a unit that another offer took', fixedPrice(), '1 latte 450 taken', '200 off 1 latte'],
    ['far below', fixedPrice({ price: 1 }), `1 yacht ${huge}`, `${huge - 1} off 1 yacht`],
  ])('%s', (_name, benefit, basket, effect) => expect(sees(benefit, basket)).toBe(effect))
})

describe('spend and save', () => {
  const percents = tieredSpend({
    tiers: [
      { spend: 1000, percent: 5 },
      { spend: 2000, percent: 10 },
    ],
  })
  test.each([
    ['one cent short', tieredSpend(), '1 hat 4999', 'nothing'],
    ['the first tier, to the cent', tieredSpend(), '1 hat 5000', '500 off hat'],
    ['just below the second', tieredSpend(), '1 hat 9999', '500 off hat'],
    ['the second tier, which does not add to the first', tieredSpend(), '1 hat 6000, 1 bag 4000', '1500 off hat + bag'],
    ['only chosen items count', tieredSpend({ lines: "line.sku == 'hat'" }), '1 hat 6000, 1 bag 9000', '500 off hat'],
    ['the price that the offer reckons with counts', tieredSpend(), '1 hat 10000 now 9000', '1500 off hat'],
    ['a percentage', percents, '1 hat 1500', '75 off hat'],
    ['a higher percentage', percents, '1 hat 2005', '200 off hat'],
    ['what costs nothing', tieredSpend(), '9 bag 0', 'nothing'],
    ['an empty basket', tieredSpend(), '', 'nothing'],
  ])('%s', (_name, benefit, basket, effect) => expect(sees(benefit, basket)).toBe(effect))
})

describe('buy some, get some of the same', () => {
  const twoGetOne = buyXGetY(2, 1)
  test.each([
    ['two are too few', twoGetOne, '2 latte 450', 'nothing'],
    ['the third is free', twoGetOne, '3 latte 450', '450 off 1 latte; takes 3 latte'],
    [
      'the cheapest of three is free',
      twoGetOne,
      '1 latte 450, 1 tea 200, 1 mocha 500',
      '200 off 1 tea; takes 1 tea + 1 mocha + 1 latte',
    ],
    ['the fourth and fifth wait for a sixth', twoGetOne, '5 latte 450', '450 off 1 latte; takes 3 latte'],
    [
      'cheap ones that fill no group do not become the free one',
      twoGetOne,
      '3 latte 450, 2 gum 10',
      '450 off 1 latte; takes 3 latte',
    ],
    [
      'groups go from the dearest down',
      twoGetOne,
      '1 a 900, 1 b 800, 1 c 700, 1 d 300, 1 e 200, 1 f 100',
      '800 off 1 c + 1 f; takes 1 c + 1 f + 1 a + 1 b + 1 d + 1 e',
    ],
    [
      'a line that spans groups',
      twoGetOne,
      '7 latte 450, 2 tea 200',
      '1100 off 2 latte + 1 tea; takes 7 latte + 2 tea',
    ],
    [
      'the dearest',
      buyXGetY(2, { quantity: 1, pick: 'dearest' }),
      '2 latte 450, 1 tea 200',
      '450 off 1 latte; takes 2 latte + 1 tea',
    ],
    [
      'at half price, rounded once to the even cent',
      buyXGetY(1, { quantity: 1, percent: 50 }),
      '4 tea 25',
      '25 off 2 tea; takes 4 tea',
    ],
    ['at most once', buyXGetY(1, 1, { times: 1 }), '6 latte 450', '450 off 1 latte; takes 2 latte'],
    ['buy 3 get 2', buyXGetY(3, 2), '10 tea 200', '800 off 4 tea; takes 10 tea'],
    ['only chosen items', buyXGetY({ quantity: 1, lines: latte }, 1), '1 latte 450, 4 tea 200', 'nothing'],
    [
      'the same filter twice is the same',
      buyXGetY({ quantity: 2, lines: latte }, { quantity: 1, lines: latte }),
      '3 latte 450, 1 latte 200',
      '450 off 1 latte; takes 3 latte',
    ],
    [
      'units of another offer do not count',
      twoGetOne,
      '2 latte 450 taken + 2 latte 450, 2 tea 200',
      '200 off 1 tea; takes 1 tea + 2 latte',
    ],
    ['ties go by line order', buyXGetY(1, 1), '1 latte 450, 1 mocha 450', '450 off 1 mocha; takes 1 mocha + 1 latte'],
    ['a free bag is given for free', twoGetOne, '2 latte 450, 1 bag 0', '0 off 1 bag; takes 1 bag + 2 latte'],
    [
      'the price that the offer reckons with counts',
      buyXGetY(1, { quantity: 1, percent: 50 }),
      '1 latte 450 now 100, 1 tea 200 now 150',
      '100 off 1 tea; takes 1 tea + 1 latte',
    ],
    ['as many as an order has', buyXGetY(5000, 5000), '10000 gum 1', '5000 off 5000 gum; takes 10000 gum'],
  ])('%s', (_name, benefit, basket, effect) => expect(sees(benefit, basket)).toBe(effect))
})

describe('buy some, get some of others', () => {
  const bought = { quantity: 1, lines: latte }
  const got = { quantity: 1, lines: cake }
  const any = { quantity: 1, lines: latteOrCake }
  const toAny = { quantity: 2, lines: latteOrCake }
  test.each([
    [
      'a latte, a cake free',
      buyXGetY(bought, got),
      '1 latte 450, 1 cake 300',
      '300 off 1 cake; takes 1 cake + 1 latte',
    ],
    ['no cake, nothing', buyXGetY(bought, got), '3 latte 450, 1 tea 200', 'nothing'],
    ['one cake, once', buyXGetY(bought, got), '4 latte 450, 1 cake 300', '300 off 1 cake; takes 1 cake + 1 latte'],
    [
      'what is paid is not got',
      buyXGetY(bought, any),
      '1 latte 450, 1 cake 500',
      '500 off 1 cake; takes 1 cake + 1 latte',
    ],
    ['no latte, nothing', buyXGetY(bought, got), '3 cake 300', 'nothing'],
    [
      'the cheapest cake',
      buyXGetY(bought, got),
      '1 latte 450, 1 cake 400, 1 cake 300',
      '300 off 1 cake; takes 1 cake + 1 latte',
    ],
    [
      'the dearest cake',
      buyXGetY(bought, { ...got, pick: 'dearest' }),
      '1 latte 450, 1 cake 300, 1 cake 400',
      '400 off 1 cake; takes 1 cake + 1 latte',
    ],
    [
      'two lattes, two cakes',
      buyXGetY(bought, got),
      '3 latte 450, 2 cake 300',
      '600 off 2 cake; takes 2 cake + 2 latte',
    ],
    [
      'the dearest lattes are paid',
      buyXGetY(bought, got),
      '1 latte 400, 1 latte 450, 1 cake 300',
      '300 off 1 cake; takes 1 cake + 1 latte',
    ],
    [
      'at most once',
      buyXGetY(bought, got, { times: 1 }),
      '3 latte 450, 2 cake 300',
      '300 off 1 cake; takes 1 cake + 1 latte',
    ],
    [
      'a third off',
      buyXGetY(bought, { ...got, percent: 33.3333 }),
      '1 latte 450, 1 cake 300',
      '100 off 1 cake; takes 1 cake + 1 latte',
    ],
    ['taken cakes do not count', buyXGetY(bought, got), '1 latte 450, 1 cake 300 taken', 'nothing'],
    [
      'a latte pays, so that both cakes stay to be got',
      buyXGetY(any, { ...got, quantity: 2 }),
      '1 latte 450, 2 cake 300',
      '600 off 2 cake; takes 2 cake + 1 latte',
    ],
    ['a cake pays where there are only cakes', buyXGetY(any, got), '2 cake 300', '300 off 1 cake; takes 2 cake'],
    [
      'the dear cake pays for the cheap one',
      buyXGetY(any, got),
      '1 cake 300, 1 cake 400',
      '300 off 1 cake; takes 1 cake + 1 cake',
    ],
    [
      'the cheap cake pays for the dear one',
      buyXGetY(any, { ...got, pick: 'dearest' }),
      '1 cake 300, 1 cake 400',
      '400 off 1 cake; takes 1 cake + 1 cake',
    ],
    [
      'anything is got for two lattes',
      buyXGetY({ quantity: 2, lines: latte }, { ...any, pick: 'dearest' }),
      '3 latte 450, 1 cake 300',
      '450 off 1 latte; takes 3 latte',
    ],
    ['one unit is not paid and got', buyXGetY(toAny, any), '2 cake 300', 'nothing'],
    ['of everything, a cake', buyXGetY(1, got), '1 tea 200, 1 cake 300', '300 off 1 cake; takes 1 cake + 1 tea'],
  ])('%s', (_name, benefit, basket, effect) => expect(sees(benefit, basket)).toBe(effect))

  test('the dearest lattes are paid and the cheap one stays for other offers', () => {
    const benefit = buyXGetY(bought, got)
    const effect = kindOf(benefit).apply(benefit, basketOf(linesOf('1 latte 400, 1 latte 450, 1 cake 300'), benefit))
    expect(effect?.takes).toEqual([
      { line: 2, run: 0, count: 1 },
      { line: 1, run: 0, count: 1 },
    ])
  })
})

describe('a bundle', () => {
  const menu = bundle(
    [
      [1, latte],
      [1, cake],
    ],
    600,
  )
  const three = bundle([[3]], 1000)
  test.each([
    ['latte and cake for 6.00', menu, '1 latte 450, 1 cake 300', '150 off 1 latte + 1 cake; takes 1 latte + 1 cake'],
    ['twice', menu, '2 latte 450, 3 cake 300', '300 off 2 latte + 2 cake; takes 2 latte + 2 cake'],
    [
      'at most once',
      bundle(
        [
          [1, latte],
          [1, cake],
        ],
        600,
        { times: 1 },
      ),
      '2 latte 450, 3 cake 300',
      '150 off 1 latte + 1 cake; takes 1 latte + 1 cake',
    ],
    ['no cake, no bundle', menu, '2 latte 450', 'nothing'],
    ['not where it costs as much as its parts', menu, '1 latte 350, 1 cake 250', 'nothing'],
    ['not where it costs more', menu, '1 latte 200, 1 cake 200', 'nothing'],
    [
      'the second would cost more',
      menu,
      '1 latte 450, 1 cake 300, 1 latte 310, 1 cake 280',
      '150 off 1 latte + 1 cake; takes 1 latte + 1 cake',
    ],
    ['3 for 10.00', three, '2 hat 450, 2 cap 400', '300 off 2 hat + 1 cap; takes 2 hat + 1 cap'],
    ['3 for nothing', bundle([[3]], 0), '3 hat 450', '1350 off 3 hat; takes 3 hat'],
    ['units of another offer do not count', three, '3 hat 450 taken + 2 hat 450', 'nothing'],
    [
      'what is left to pay counts',
      menu,
      '1 latte 450 now 200, 1 latte 400, 1 cake 300 now 250',
      '50 off 1 latte + 1 cake; takes 1 latte + 1 cake',
    ],
    ['only as many as save something', bundle([[2]], 500), '2 hat 450, 6 gum 10', '400 off 2 hat; takes 2 hat'],
    [
      'items that share units in a chain do not push out one that shares none',
      bundle(
        [
          [1, "'a'"],
          [1, "'a' 'b'"],
          [1, "'b' 'c'"],
          [1, "'c'"],
          [1, "'d'"],
        ],
        0,
      ),
      '2 a 900, 1 b 900, 2 c 900, 1 d 100',
      '3700 off 2 a + 1 b + 1 c + 1 d; takes 2 a + 1 b + 1 c + 1 d',
    ],
    [
      'one unit is not two items',
      bundle(
        [
          [1, latte],
          [1, latteOrCake],
        ],
        100,
      ),
      '1 latte 450',
      'nothing',
    ],
    [
      'a latte that fits both leaves the cake its only place',
      bundle(
        [
          [1, latteOrCake],
          [1, latte],
        ],
        600,
      ),
      '1 latte 450, 1 cake 300',
      '150 off 1 latte + 1 cake; takes 1 latte + 1 cake',
    ],
    [
      'the dearest that still leave every item one',
      bundle(
        [
          [1, latteOrCake],
          [1, cake],
        ],
        600,
      ),
      '1 latte 200, 1 cake 500, 1 cake 400',
      '300 off 1 cake + 1 cake; takes 1 cake + 1 cake',
    ],
    [
      'a dear latte too many stays outside',
      bundle(
        [
          [1, latteOrCake],
          [1, cake],
        ],
        600,
      ),
      '2 latte 450, 1 cake 300',
      '150 off 1 latte + 1 cake; takes 1 latte + 1 cake',
    ],
    [
      'as much as can be',
      bundle([[2]], 1),
      `1 yacht ${huge - 5}, 1 gum 5`,
      `${huge - 1} off 1 yacht + 1 gum; takes 1 yacht + 1 gum`,
    ],
    ['as many as an order has', bundle([[2]], 1), '10000 gum 1', '5000 off 10000 gum; takes 10000 gum'],
  ])('%s', (_name, benefit, basket, effect) => expect(sees(benefit, basket)).toBe(effect))
})

describe('a free item', () => {
  const stock = (stock: Record<string, number>) => (sku: string) => stock[sku] ?? Number.POSITIVE_INFINITY
  const mug = 'gives {"what":"gift","sku":"MUG","name":"Mug","quantity":1}'
  const tote = 'gives {"what":"gift","sku":"TOTE","quantity":1}'
  test.each<[string, Benefit, Around, string]>([
    ['the first unasked', freeItem(), {}, mug],
    ['the chosen one', freeItem(), { choice: 'TOTE' }, tote],
    ['the first where the choice is none of them', freeItem(), { choice: 'YACHT' }, mug],
    ['the first there is', freeItem(), { stock: stock({ MUG: 0 }) }, tote],
    ['another where the chosen one is out of stock', freeItem(), { choice: 'TOTE', stock: stock({ TOTE: 0 }) }, mug],
    ['the last one', freeItem(), { stock: stock({ MUG: 1 }) }, mug],
    ['nothing where nothing is there', freeItem(), { stock: () => 0 }, 'nothing'],
    ['two of one', freeItem({ quantity: 2 }), {}, mug.replace(':1}', ':2}')],
    ['not two where there is one', freeItem({ quantity: 2 }), { stock: () => 1 }, 'nothing'],
  ])('%s', (_name, benefit, around, effect) => expect(sees(benefit, '1 latte 450', around)).toBe(effect))

  test('says what is limited', () => {
    const benefit = freeItem()
    expect(kindOf(benefit).stock?.(benefit)).toEqual({ TOTE: 5 })
  })
})

describe('shipping', () => {
  test.each<[string, Benefit, number, string]>([
    ['free', freeShipping(), 490, '490 off shipping'],
    ['free up to 3.00', freeShipping({ upTo: { amount: 300, ...eur } }), 490, '300 off shipping'],
    ['free below its cap', freeShipping({ upTo: { amount: 900, ...eur } }), 490, '490 off shipping'],
    ['free where it is free already', freeShipping(), 0, 'nothing'],
    ['half', shippingOff({ percent: 50 }), 490, '245 off shipping'],
    ['half a cent to the even one', shippingOff({ percent: 50 }), 5, '2 off shipping'],
    ['2.00 off', shippingOff({ amount: 200, ...eur }), 490, '200 off shipping'],
    ['2.00 off what costs less', shippingOff({ amount: 200, ...eur }), 90, '90 off shipping'],
  ])('%s', (_name, benefit, shipping, effect) => expect(sees(benefit, '1 latte 450', { shipping })).toBe(effect))
})

test.each<[string, Benefit, string]>([
  ['a coupon', giveOffer(), '"what":"offer","offer":"off_01kjm6jm000000000000000000","quantity":1'],
  ['three coupons', giveOffer({ quantity: 3 }), '"what":"offer","offer":"off_01kjm6jm000000000000000000","quantity":3'],
  ['an upgrade', entitlement(), '"what":"entitlement","entitlement":"upgrade","title":"Suite"'],
  ['for a year', entitlement({ days: 365 }), '"what":"entitlement","entitlement":"upgrade","title":"Suite","days":365'],
])('%s is given, with or without a basket', (_name, benefit, given) => {
  expect(sees(benefit, '')).toBe(`gives {${given}}`)
  expect(sees(benefit, '1 latte 450')).toBe(`gives {${given}}`)
  expect(kindOf(benefit).moments).toEqual(['order', 'event', 'request'])
  expect(kindOf(benefit).givesGrants).toBe(true)
  expect(kindOf(benefit).issues?.(benefit)).toEqual(benefit.kind === 'giveOffer' ? [benefit.offer] : undefined)
})

describe('what the search for the best combination may count on', () => {
  const others = buyXGetY({ quantity: 1, lines: latte }, { quantity: 1, lines: cake })
  test.each<[string, Benefit, boolean]>([
    ['a percentage', percentOff(), true],
    ['an amount off units', amountOff({ each: 'unit', maxUnits: 1 }), true],
    ['not an amount that CEL calculates', amountOff({ amount: '1000 - order.subtotal' }), false],
    ['the same items got', buyXGetY(2, 1), true],
    ['not other items got', others, false],
    ['tiers that rise', tieredSpend(), true],
  ])('less basket gives no more: %s', (_name, benefit, shrinks) => {
    expect(kindOf(benefit).shrinks(benefit)).toBe(shrinks)
  })

  test('other items do not, because a dearer cake is got when the cheap one is taken', () => {
    expect(sees(others, '1 latte 450, 1 cake 300, 1 cake 400')).toMatch(/^300 off/)
    expect(sees(others, '1 latte 450, 1 cake 300 taken, 1 cake 400')).toMatch(/^400 off/)
  })

  test.each<[string, Benefit, boolean]>([
    ['a percentage of everything', percentOff(), true],
    ['not one of chosen items', percentOff({ lines: latte }), false],
    ['an amount off everything', amountOff(), true],
    ['not off each unit', amountOff({ each: 'unit' }), false],
    ['not a fixed price', fixedPrice(), false],
    ['not tiers: 49.99 stays 49.99 where 50.00 becomes 45.00', tieredSpend(), false],
    ['gifts, which take nothing off', freeItem(), true],
    ['not shipping', freeShipping(), false],
  ])('the total alone says what is left, and more of it leaves no less: %s', (_name, benefit, ofTotal) => {
    expect(kindOf(benefit).ofTotal(benefit)).toBe(ofTotal)
  })
})

test.each<[Benefit, string, string | undefined]>([
  [percentOff(), 'order', undefined],
  [percentOff({ max }), 'order', 'EUR'],
  [percentOff({ lines: latte }), 'line', undefined],
  [amountOff(), 'order', 'EUR'],
  [amountOff({ lines: latte }), 'line', 'EUR'],
  [amountOff({ each: 'unit' }), 'unit', 'EUR'],
  [fixedPrice(), 'unit', 'EUR'],
  [fixedPrice({ each: 'line' }), 'line', 'EUR'],
  [tieredSpend(), 'order', 'EUR'],
  [tieredSpend({ lines: latte }), 'line', 'EUR'],
  [buyXGetY(2, 1), 'unit', undefined],
  [bundle([[3]], 1000), 'unit', 'EUR'],
  [freeShipping(), 'shipping', undefined],
  [freeShipping({ upTo: { amount: 500, ...eur } }), 'shipping', 'EUR'],
  [shippingOff({ percent: 50 }), 'shipping', undefined],
  [shippingOff({ amount: 200, ...eur }), 'shipping', 'EUR'],
  [freeItem(), 'extra', undefined],
  [giveOffer(), 'extra', undefined],
  [entitlement(), 'extra', undefined],
])('%o applies at the stage %s, to orders in %s', (benefit, stage, currency) => {
  expect(kindOf(benefit).stage(benefit)).toBe(stage)
  expect(kindOf(benefit).currency(benefit)).toBe(currency)
})

test.each<[Benefit, string]>([
  [percentOff(), '20 % off'],
  [percentOff({ percent: 12.5, lines: 'true' }), '12.5 % off chosen items'],
  [percentOff({ max }), '20 % off, at most 1.50 EUR'],
  [amountOff(), '1.00 EUR off'],
  [amountOff({ amount: 500, currency: 'JPY', lines: 'true' }), '500 JPY off chosen items'],
  [amountOff({ amount: 1250, currency: 'KWD' }), '1.250 KWD off'],
  [amountOff({ amount: 'order.subtotal / 10' }), 'A calculated amount off'],
  [amountOff({ each: 'unit' }), '1.00 EUR off each item'],
  [amountOff({ each: 'unit', lines: latte, maxUnits: 3 }), '1.00 EUR off each chosen item, at most 3'],
  [fixedPrice(), 'Everything for 2.50 EUR each'],
  [fixedPrice({ lines: latte, maxUnits: 2 }), 'Chosen items for 2.50 EUR each, at most 2'],
  [fixedPrice({ price: 300, currency: 'JPY', lines: latte, each: 'line' }), 'Chosen items for 300 JPY a line'],
  [tieredSpend(), 'Spend 50.00 EUR get 5.00 EUR off, 100.00 get 15.00'],
  [tieredSpend({ lines: latte }), 'Spend 50.00 EUR on chosen items get 5.00 EUR off, 100.00 get 15.00'],
  [
    tieredSpend({
      tiers: [
        { spend: 5000, percent: 5 },
        { spend: 9000, percent: 7.5 },
      ],
      currency: 'KWD',
    }),
    'Spend 5.000 KWD get 5 % off, 9.000 get 7.5 %',
  ],
  [buyXGetY(2, 1), 'Buy 2, get 1 free'],
  [buyXGetY(2, { quantity: 1, percent: 50 }, { times: 3 }), 'Buy 2, get 1 at 50 % off, at most 3 times'],
  [
    buyXGetY({ quantity: 1, lines: latte }, { quantity: 2, lines: cake }, { times: 1 }),
    'Buy 1 chosen item, get 2 other items free, once',
  ],
  [bundle([[3, latte]], 1000), '3 for 10.00 EUR'],
  [
    bundle(
      [
        [1, latte],
        [2, cake],
      ],
      500,
      { currency: 'JPY', times: 2 },
    ),
    '3 together for 500 JPY, at most 2 times',
  ],
  [freeItem(), 'Free gift: Mug or TOTE'],
  [freeItem({ items: [{ sku: 'MUG', name: 'Mug' }], quantity: 2 }), 'Free gift: 2 × Mug'],
  [freeItem({ items: ['A', 'B', 'C', 'D'].map(sku => ({ sku })) }), 'Free gift: one of 4'],
  [freeShipping(), 'Free shipping'],
  [freeShipping({ upTo: { amount: 500, ...eur } }), 'Free shipping up to 5.00 EUR'],
  [shippingOff({ percent: 50 }), '50 % off shipping'],
  [shippingOff({ amount: 200, currency: 'KWD' }), '0.200 KWD off shipping'],
  [giveOffer(), 'A coupon for later'],
  [giveOffer({ quantity: 3 }), '3 coupons for later'],
  [entitlement(), 'Free upgrade: Suite'],
  [entitlement({ entitlement: 'membership', title: 'Gold', days: 1 }), 'Membership: Gold, for 1 day'],
  [
    entitlement({ entitlement: 'experience', title: 'Roastery tour', days: 90 }),
    'Experience: Roastery tour, for 90 days',
  ],
])('%o reads "%s"', (benefit, sentence) => {
  expect(kindOf(benefit).sentence(benefit)).toBe(sentence)
})

describe('a benefit is refused when it is saved', () => {
  const tiers = (...tiers: object[]) => ({ kind: 'tieredSpend', tiers, ...eur })
  const items = (...items: object[]) => ({ kind: 'bundle', items, price: 100, ...eur })
  test.each([
    ['no percent at all', { kind: 'percentOff', percent: 0 }, 'percent'],
    ['more than all', { kind: 'percentOff', percent: 100.01 }, 'percent'],
    ['five decimals', { kind: 'percentOff', percent: 33.33333 }, 'percent'],
    [
      'a fifth decimal far behind, which broke every order it met',
      { kind: 'percentOff', percent: 12.34560000001 },
      'percent',
    ],
    ['a percentage too small to calculate with', { kind: 'percentOff', percent: 1e-11 }, 'percent'],
    ['an amount of nothing', { kind: 'amountOff', amount: 0, ...eur }, 'amount'],
    ['half a cent', { kind: 'amountOff', amount: 0.5, ...eur }, 'amount'],
    ['an amount without its currency', { kind: 'amountOff', amount: 100 }, 'currency'],
    ['a field that nobody knows', { kind: 'amountOff', amount: 100, ...eur, limit: 5 }, ''],
    ['units of an amount off the order', { kind: 'amountOff', amount: 100, ...eur, maxUnits: 2 }, 'maxUnits'],
    ['a kind that nobody knows', { kind: 'freeBeer' }, 'kind'],
    ['a price below nothing', { kind: 'fixedPrice', price: -1, ...eur }, 'price'],
    ['units of the price of a line', { kind: 'fixedPrice', price: 1, ...eur, each: 'line', maxUnits: 2 }, 'maxUnits'],
    ['no tier', tiers(), 'tiers'],
    ['a tier for nothing', tiers({ spend: 0, amount: 1 }), 'tiers/0/spend'],
    ['a tier that gives nothing', tiers({ spend: 1 }), 'tiers/0/percent'],
    ['a tier that gives both', tiers({ spend: 1, amount: 1, percent: 1 }), 'tiers/0/percent'],
    ['an amount, then a percent', tiers({ spend: 1, amount: 1 }, { spend: 2, percent: 1 }), 'tiers/1/amount'],
    ['a percent, then an amount', tiers({ spend: 1, percent: 1 }, { spend: 2, amount: 1 }), 'tiers/1/percent'],
    ['the same spend twice', tiers({ spend: 5, amount: 1 }, { spend: 5, amount: 2 }), 'tiers/1/spend'],
    ['more spend that gives less', tiers({ spend: 5, amount: 2 }, { spend: 6, amount: 1 }), 'tiers/1/amount'],
    ['more spend at a lower percent', tiers({ spend: 5, percent: 2 }, { spend: 6, percent: 1 }), 'tiers/1/percent'],
    ['nothing bought', { kind: 'buyXGetY', buy: { quantity: 0 }, get: { quantity: 1 } }, 'buy/quantity'],
    ['nothing got', { kind: 'buyXGetY', buy: { quantity: 1 }, get: { quantity: 1, percent: 0 } }, 'get/percent'],
    ['a bundle of one', items({ quantity: 1 }), 'items'],
    ['a bundle of nothing', items(), 'items'],
    ['a gift twice', { kind: 'freeItem', items: [{ sku: 'A' }, { sku: 'B' }, { sku: 'A' }] }, 'items/2/sku'],
    ['no gift', { kind: 'freeItem', items: [] }, 'items'],
    ['shipping off by nothing', { kind: 'shippingOff' }, 'percent'],
    ['shipping off twice', { kind: 'shippingOff', percent: 5, amount: 5, ...eur }, 'amount'],
    ['shipping off by an amount of what', { kind: 'shippingOff', amount: 5 }, 'currency'],
    ['a percentage in euros', { kind: 'shippingOff', percent: 5, ...eur }, 'currency'],
    ['an offer that is none', { kind: 'giveOffer', offer: 'SUMMER' }, 'offer'],
    ['an entitlement without a title', { kind: 'entitlement', entitlement: 'upgrade', title: ' ' }, 'title'],
  ])('%s', (_name, body, where) => {
    const parsed = benefit.safeParse(body)
    expect(parsed.error?.issues.map(({ path }) => path.join('/'))).toEqual([where])
  })
})

describe('when goods come back and the offer does not hold', () => {
  const gift = { what: 'gift', sku: 'MUG', quantity: 1 } as const
  test.each<[string, Benefit, number, number, number, number]>([
    ['a third of the goods keeps a third of the shipping', freeShipping(), 500, 2000, 6000, 167],
    ['all keep all', freeShipping(), 500, 6000, 6000, 500],
    ['none keep nothing', freeShipping(), 500, 0, 6000, 0],
    ['half a cent to the even one', shippingOff({ percent: 50 }), 5, 1, 2, 2],
    ['half a cent to the even one above', shippingOff({ percent: 50 }), 7, 1, 2, 4],
    ['goods for nothing keep nothing', freeShipping(), 500, 0, 0, 0],
    ['as much as can be', freeShipping(), huge, huge - 1, huge, huge - 1],
  ])('%s', (_name, benefit, shipping, kept, all, stays) => {
    expect(kindOf(benefit).undo(benefit, { shipping, gives: [] }, { kept, all })).toEqual({
      shipping: stays,
      gives: [],
    })
  })

  test.each([freeItem(), giveOffer(), entitlement()])('a gift cannot be divided: of %o nothing stays', benefit => {
    expect(kindOf(benefit).undo(benefit, { shipping: 0, gives: [gift] }, { kept: 5999, all: 6000 }).gives).toEqual([])
  })
})
