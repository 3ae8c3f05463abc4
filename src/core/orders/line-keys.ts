import type { Condition } from '../rules/condition.ts'
import { necessaryKeys } from '../rules/necessary-keys.ts'
import type { OrderLine } from './schema.ts'

const keysOf = new WeakMap<Condition, readonly (readonly string[])[]>()

const aboutLines = /^(sku|category|collection):/

/** Whether a line has what a filter cannot do without, as far as that can be told by a look: spares asking CEL about most lines. */
export const mayLineMatch = (
  filter: Condition,
  { sku, category }: OrderLine,
  inCollection: (sku: string, collection: string) => boolean,
): boolean => {
  let sets = keysOf.get(filter)
  if (!sets) {
    sets = necessaryKeys(filter).filter(keys => keys.every(key => aboutLines.test(key)))
    keysOf.set(filter, sets)
  }
  const has = (key: string): boolean => {
    const split = key.indexOf(':')
    const [kind, value] = [key.slice(0, split), key.slice(split + 1)]
    return kind === 'sku' ? sku === value : kind === 'category' ? (category ?? '') === value : inCollection(sku, value)
  }
  return sets.every(keys => keys.some(has))
}
