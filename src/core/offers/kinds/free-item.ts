import { z } from 'zod'
import { MAX_SAFE, name } from '../../kernel/schema.ts'
import { type BenefitKind, nothingApart } from './benefit-kind.ts'

const schema = z
  .strictObject({
    kind: z.literal('freeItem'),
    items: z
      .array(
        z.strictObject({
          sku: z.string().trim().min(1).max(128),
          name: name.optional().meta({ description: 'What customers read; the SKU where left out' }),
          stock: z
            .int()
            .min(0)
            .max(MAX_SAFE)
            .optional()
            .meta({ description: 'How many there are; no limit where left out' }),
        }),
      )
      .min(1)
      .max(20),
    quantity: z.int().min(1).max(100).optional().meta({ description: 'How many of the item; 1 where left out' }),
  })
  .superRefine(({ items }, context) =>
    items.forEach(({ sku }, at) => {
      if (items.findIndex(other => other.sku === sku) < at)
        context.addIssue({
          code: 'custom',
          path: ['items', at, 'sku'],
          message: 'is in the list already',
          params: { code: 'listed_twice' },
        })
    }),
  )
  .meta({ id: 'FreeItem' })

export type FreeItem = z.output<typeof schema>

/**
 * A gift that comes on top of the basket and is no line of it. The customer's choice where there are enough of it, else the first item
 * that there are enough of: an order is not refused over a gift. A gift cannot be divided: when the offer does not hold any more, none
 * of it stays.
 */
export const freeItem: BenefitKind<FreeItem> = {
  kind: 'freeItem',
  schema,
  title: 'Free item',
  about: 'A gift or sample, of the customer’s choice where there are several',
  form: [
    {
      field: 'items',
      label: 'Gifts',
      input: 'items',
      help: 'What there is to choose from; the first is given unasked',
    },
    { field: 'quantity', label: 'How many', input: 'number', help: 'Of the one item; 1 where left empty' },
  ],
  examples: [
    { kind: 'freeItem', items: [{ sku: 'MUG', name: 'Mug', stock: 100 }, { sku: 'TOTE' }] },
    { kind: 'freeItem', items: [{ sku: 'SAMPLE', name: 'Sample' }], quantity: 2 },
  ],
  sentence: ({ items, quantity }) => {
    const names = items.map(({ sku, name }) => name ?? sku)
    const what = names.length > 3 ? `one of ${names.length}` : names.join(' or ')
    return `Free gift: ${quantity && quantity > 1 ? `${quantity} × ` : ''}${what}`
  },
  currency: () => undefined,
  expressions: () => [],
  moments: ['order'],
  stage: () => 'extra',
  shrinks: () => true,
  ofTotal: () => true,
  stock: ({ items }) =>
    Object.fromEntries(items.flatMap(({ sku, stock }) => (stock === undefined ? [] : [[sku, stock]]))),
  apply: ({ items, quantity = 1 }, basket) => {
    const enough = items.filter(({ sku }) => basket.stock(sku) >= quantity)
    const item = enough.find(({ sku }) => sku === basket.choice) ?? enough[0]
    return item && { gives: [{ what: 'gift', sku: item.sku, ...(item.name ? { name: item.name } : {}), quantity }] }
  },
  undo: nothingApart,
}
