import { decimalsOf } from '../../../faces/format.ts'
import type { TrialBasket } from '../../../sdk/index.ts'
import { naming, readConditions } from '../../parts/condition-rows.ts'
import type { Draft } from './offer-draft.ts'

/** So many of the small units make one that people count in; rupiah are counted in ten thousands. */
export const unitOf = (currency: string): number => 10 ** decimalsOf(currency) * (currency === 'IDR' ? 10_000 : 1)

const lineFacts = [
  { id: 'category', label: '', value: 'text', operators: naming('line.category') },
  { id: 'sku', label: '', value: 'text', operators: naming('line.sku') },
] as const

/** The first filter over lines that stands anywhere in a benefit. */
const filterIn = (part: unknown): string | undefined => {
  if (typeof part !== 'object' || part === null) return undefined
  for (const [key, value] of Object.entries(part)) {
    const found = key === 'lines' && typeof value === 'string' ? value : filterIn(value)
    if (found !== undefined) return found
  }
  return undefined
}

/** So many units that "buy 2, get 1" has something to get. */
const neededBy = (benefit: Draft['benefit']): number =>
  benefit.kind === 'buyXGetY' ? benefit.buy.quantity + benefit.get.quantity : 2

/** Stands for somebody who is named and not known yet: personal offers can be tried without looking for anybody. */
export const somebodyNew = 'userId:somebody-new'

/** A basket that the draft is likely to be about: what its filter asks for, on a channel of its own. */
export const firstBasket = ({ benefit, channels }: Draft, currency: string): TrialBasket => {
  const [row] = readConditions(filterIn(benefit), lineFacts)?.rows ?? []
  const asked = typeof row?.value === 'object' ? row.value[0] : row?.value
  const text = typeof asked === 'string' ? asked : undefined
  const unit = unitOf(currency)
  return {
    channel: channels?.redeem?.[0] ?? 'web',
    person: somebodyNew,
    lines: [
      {
        id: '1',
        sku: row?.field === 'sku' && text !== undefined ? text : 'LATTE',
        category: row?.field === 'category' && text !== undefined ? text : 'coffee',
        quantity: neededBy(benefit),
        unitPrice: Math.round(4.5 * unit),
      },
      { id: '2', sku: 'CAKE', category: 'pastry', quantity: 1, unitPrice: 12 * unit },
    ],
    shipping: 5 * unit,
  }
}
