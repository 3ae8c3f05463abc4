import { expect, it } from 'vitest'
import { firstBasket } from './sample-basket.ts'

const draft = { name: 'A', trigger: { on: 'basket' } } as const

it('a basket to begin with is one that the draft is about, with enough of it', () => {
  const lines = "line.category == 'tea'"
  const three = { kind: 'buyXGetY', buy: { quantity: 2, lines }, get: { quantity: 1 } } as const
  expect(firstBasket({ ...draft, benefit: three, channels: { redeem: ['store'] } }, 'EUR')).toMatchObject({
    channel: 'store',
    lines: [{ category: 'tea', quantity: 3, unitPrice: 450 }, { category: 'pastry' }],
  })
  const off = { kind: 'percentOff', percent: 10, lines: "line.sku == 'MUG'" } as const
  expect(firstBasket({ ...draft, benefit: off }, 'EUR')).toMatchObject({
    channel: 'web',
    lines: [{ sku: 'MUG', quantity: 2 }, {}],
  })
})
