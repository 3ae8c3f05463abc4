import type { Ast } from './cel.ts'
import type { Condition } from './condition.ts'

/** What of the facts has keys, and how they begin. */
const keyed: Readonly<Record<string, string>> = {
  'line.sku': 'sku',
  'line.category': 'category',
  channel: 'channel',
  'order.channel': 'channel',
  location: 'location',
  'order.location': 'location',
  'order.currency': 'currency',
  'local.weekday': 'weekday',
}
const keyedLists: Readonly<Record<string, string>> = {
  'person.identifiers': 'identifier',
  'person.segments': 'segment',
}
const ofAnyLine = ['exists', 'exists_one']

/** At least one of these must be there. */
type Alternatives = readonly string[]

/** 'line.sku' for such a node, also where `item` is the name of a line; undefined for what is no plain fact. */
const pathOf = (node: Ast, item: string | undefined): string | undefined => {
  if (node.op === 'id') return node.args === item ? 'line' : node.args
  if (node.op !== '.') return undefined
  const object = pathOf(node.args[0], item)
  return object === undefined ? undefined : `${object}.${node.args[1]}`
}

/**
 * `sku:LATTE` for a text or a whole number. The empty text is also what is left out, of which nobody makes a key.
 */
const keyOf = (prefix: string, { op, args }: Ast): string | undefined =>
  op === 'value' && args !== '' && (typeof args === 'string' || typeof args === 'bigint')
    ? `${prefix}:${args}`
    : undefined

const alternativesOf = (prefix: string | undefined, values: readonly Ast[]): readonly Alternatives[] => {
  if (prefix === undefined || values.length === 0) return []
  const keys = values.flatMap(value => keyOf(prefix, value) ?? [])
  return keys.length === values.length ? [[...new Set(keys)]] : []
}

const own = (table: Readonly<Record<string, string>>, path: string | undefined): string | undefined =>
  path !== undefined && Object.hasOwn(table, path) ? table[path] : undefined

const shortest = (sets: readonly Alternatives[]): Alternatives | undefined =>
  sets.reduce<Alternatives | undefined>((best, set) => (best && best.length <= set.length ? best : set), undefined)

/** `item` is the name of a line inside `order.lines.exists(item, …)`. */
const setsOf = (node: Ast, item?: string): readonly Alternatives[] => {
  switch (node.op) {
    case '&&':
      return node.args.flatMap(side => setsOf(side, item))
    case '||': {
      // An error on one side leaves the other to decide, so a true one is still true by one of the sides.
      const [left, right] = node.args.map(side => shortest(setsOf(side, item)))
      return left && right ? [[...new Set([...left, ...right])]] : []
    }
    case '==': {
      const [left, right] = node.args
      const prefix = own(keyed, pathOf(left, item))
      return prefix === undefined
        ? alternativesOf(own(keyed, pathOf(right, item)), [left])
        : alternativesOf(prefix, [right])
    }
    case 'in': {
      const [member, list] = node.args
      return list.op === 'list'
        ? alternativesOf(own(keyed, pathOf(member, item)), list.args)
        : alternativesOf(own(keyedLists, pathOf(list, item)), [member])
    }
    case '.':
      return pathOf(node, item) === 'person.known' ? [['person']] : []
    case 'call': {
      const [name, [first, second]] = node.args
      if (name === 'inSegment') return alternativesOf('segment', [first!])
      return name === 'inCollection' && pathOf(first!, item) === 'line.sku'
        ? alternativesOf('collection', [second!])
        : []
    }
    case 'rcall': {
      const [name, list, [variable, body, ...more]] = node.args
      if (!ofAnyLine.includes(name) || pathOf(list, item) !== 'order.lines' || more.length > 0) return []
      return variable?.op === 'id' && body ? setsOf(body, variable.args) : []
    }
    default:
      return []
  }
}

/**
 * What must be there for a condition to be true: of each set at least one key. An index of offers by these keys leaves out
 * those that cannot match, unasked. What is not understood gives no set, which is slower and never wrong.
 *
 * Keys of an order are `sku:`, `category:` and `collection:` of any line, `channel:`, `location:`, `currency:`, `weekday:` (1
 * to 7, in the offer's time zone), `identifier:` (its type) and `segment:` of the person, and `person` for a known one. Empty
 * texts have no key.
 *
 *     necessaryKeys(condition)   // [['channel:web', 'channel:app'], ['sku:LATTE']] for
 *     // "channel in ['web', 'app'] && order.lines.exists(item, item.sku == 'LATTE') && order.subtotal > 500"
 */
export const necessaryKeys = (condition: Condition): readonly Alternatives[] => setsOf(condition.ast)
