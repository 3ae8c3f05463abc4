import { expect, it } from 'vitest'
import { type SmallWorld, smallWorld } from '../../../test/small-world.ts'
import { orderPut } from '../orders/schema.ts'

const card = 'loyaltyCard:4711'
const ana = 'email:ana@example.com'
const lines = [{ id: '1', sku: 'LATTE', quantity: 1, unitPrice: 400 }]
const bought = { person: card, identifiers: [ana], state: 'placed', lines }
const areOne = (shop: SmallWorld) => shop.holder(card).personId === shop.holder(ana).personId

it('a card at the till and an e-mail for the receipt are one person once the order is placed', () => {
  const shop = smallWorld()
  shop.put('A', { ...bought, state: 'open' })
  expect(areOne(shop)).toBe(false)
  shop.put('A', bought, { dryRun: true })
  expect(areOne(shop)).toBe(false)
  expect(shop.put('A', bought).answer?.state).toBe('placed')
  expect(areOne(shop)).toBe(true)
  expect([...shop.world().links.values()]).toMatchObject([{ source: 'order', cause: 'A', verified: true }])
})

it('this order is decided for whom it names, the next for both', () => {
  const offer = {
    trigger: { on: 'code' },
    benefit: { kind: 'amountOff', amount: 100, currency: 'EUR' },
    limits: { perPerson: 1 },
  }
  const shop = smallWorld({ offers: { offer }, codes: { ONCE: ['offer'] } })
  shop.put('A', { person: ana, state: 'placed', codes: ['ONCE'], lines })
  expect(shop.put('B', { ...bought, codes: ['ONCE'] }).answer?.applied).toHaveLength(1)
  expect(shop.put('C', { ...bought, codes: ['ONCE'] }).answer?.refused).toMatchObject([
    { reason: { code: 'limit_reached' } },
  ])
})

it('an order that is refused links nobody', () => {
  const shop = smallWorld()
  expect(shop.put('A', { ...bought, expectTotal: 1 }).refusal).toBe('total_changed')
  expect(shop.world().links.size).toBe(0)
})

it.each([
  ['not-an-address', 'identifier_invalid'],
  ['email:nobody', 'identifier_invalid'],
  ['per_00000000000000000000000000', 'person_not_found'],
])('%s among the identifiers is refused: %s', (identifier, refusal) => {
  const shop = smallWorld()
  expect(shop.put('A', { ...bought, identifiers: [identifier] }).refusal).toBe(refusal)
  expect(shop.world().orders.size).toBe(0)
})

it('an address that is nobody’s is not linked', () => {
  const shop = smallWorld()
  shop.put('A', { ...bought, identifiers: ['email:info@shop.example'] })
  expect([...shop.world().identifiers.keys()]).toEqual([card])
})

it('identifiers without a person are refused, and so are more than five', () => {
  const { person: _, ...nobody } = bought
  const mistakes = (body: object) => orderPut.safeParse(body).error?.issues.map(it => it.path.join('/'))
  expect(mistakes(bought)).toBeUndefined()
  expect(mistakes(nobody)).toEqual(['identifiers'])
  expect(mistakes({ ...bought, identifiers: Array.from({ length: 6 }, (_, index) => `email:${index}@x.y`) })).toEqual([
    'identifiers',
  ])
})
