import type { Result } from '../kernel/refusal.ts'
import { formatInstant, parseInstant } from '../kernel/time.ts'
import type { Ast, CelFacts } from './cel.ts'
import { compileExpression, type Expression, runExpression } from './expression.ts'
import type { Scope } from './facts.ts'

export type Condition = Expression<'bool'>

/**
 * Checks a condition when it is saved, as `compileExpression` does.
 *
 *     compileCondition('order.subtotl >= 2000', 'order')
 *     // refusal condition_invalid: …line 1, column 7: `order.subtotl` is not known: did you mean `order.subtotal`?
 */
export const compileCondition = (source: string, scope: Scope): Result<Condition> =>
  compileExpression(source, scope, 'bool')

export type Verdict = { readonly value: boolean; readonly error?: string }

const yes: Verdict = { value: true }
const nope: Verdict = { value: false }

/**
 * Answers a condition; never throws. A run-time error means false, and says what failed where, in words of the condition
 * only: facts are personal and errors end in logs and answers.
 *
 *     evaluateCondition(condition, toCelFacts(facts))   // { value: false, error: 'no_such_key in `line.attributes.color`' }
 */
export const evaluateCondition = (condition: Condition, facts: CelFacts): Verdict => {
  const result = runExpression(condition, facts)
  if (result.error !== undefined) return { value: false, error: result.error }
  if (result.value === true) return yes
  return result.value === false ? nope : { value: false, error: 'not true or false' }
}

/** The collections an expression refers to: of `inCollection(line.sku, 'breakfast')` it is ['breakfast']. */
export const collectionsIn = (expression: Expression): readonly string[] => expression.collections

/** The segments an expression refers to: of `inSegment('vip') && person.known` it is ['vip']. */
export const segmentsIn = (expression: Expression): readonly string[] => expression.segments

/** Undefined if the text is no condition by itself, as `a) && (b` is not. */
const stripParentheses = (source: string, scope: Scope): Condition | undefined => {
  const text = source.trim()
  const inside = text.startsWith('(') && text.endsWith(')') ? stripParentheses(text.slice(1, -1), scope) : undefined
  if (inside) return inside
  const compiled = compileCondition(text, scope)
  return compiled.ok ? compiled.value : undefined
}

/**
 * Cuts a condition at its outermost `&&`. The text is cut, not the syntax tree written out again: the library's serializer
 * drops parentheses (`a - (b - c)`), and people should see what they wrote. A piece that cannot be cut stays whole.
 */
const conjunctsOf = (condition: Condition): readonly Condition[] => {
  const { ast, source, scope } = condition
  if (ast.op !== '&&') return [condition]
  const [left, right] = ast.args
  const gap = source.slice(left.end, right.start)
  if (gap.includes('//')) return [condition]
  const cut = left.end + gap.indexOf('&&')
  const [first, second] = [source.slice(0, cut), source.slice(cut + 2)].map(text => stripParentheses(text, scope))
  return first && second ? [...conjunctsOf(first), ...conjunctsOf(second)] : [condition]
}

const conjuncts = new WeakMap<Condition, readonly Condition[]>()

export type FalsePart = {
  readonly part: string
  /** What would make this part true, where that is told by a look at it. */
  readonly missing?: Missing
  readonly error?: string
}

/** How much more of an amount, an item such as no line is, the first date, or the hours and weekdays at which it is true. */
export type Missing = {
  readonly subtotal?: number
  readonly quantity?: number
  readonly total?: number
  readonly item?: string
  readonly date?: string
  readonly hour?: readonly number[]
  readonly weekday?: readonly number[]
}

const amounts = ['subtotal', 'quantity', 'total'] as const
const clock = { hour: [0, 23], weekday: [1, 7] } as const

const turned: Readonly<Record<string, string>> = { '>=': '<=', '>': '<', '<=': '>=', '<': '>', '==': '==' }

/** 'order.subtotal' for such a node; undefined for anything but a field of a variable. */
const fieldOf = (node: Ast): string | undefined =>
  node.op === '.' && node.args[0].op === 'id' ? `${node.args[0].args}.${node.args[1]}` : undefined

/** The values that are written out in a node; none where it is something else. */
const writtenIn = (node: Ast): readonly unknown[] =>
  node.op === 'value' ? [node.args] : node.op === 'list' ? node.args.flatMap(writtenIn) : []

/** Of `2000 <= order.subtotal` it is order.subtotal, >= and 2000; undefined for what compares no field. */
const comparisonIn = (
  ast: Ast,
): { readonly field: string; readonly by: string; readonly with: readonly unknown[] } | undefined => {
  if (ast.op === 'call' && ast.args[0] === 'between') {
    const [subject, ...range] = ast.args[1]
    const field = subject && fieldOf(subject)
    return field === undefined ? undefined : { field, by: 'between', with: range.flatMap(writtenIn) }
  }
  if (ast.op !== 'in' && !Object.hasOwn(turned, ast.op)) return undefined
  const [left, right] = ast.args as [Ast, Ast]
  const [subject, other] = [fieldOf(left), fieldOf(right)]
  if (subject !== undefined) return { field: subject, by: ast.op, with: writtenIn(right) }
  return other === undefined || ast.op === 'in'
    ? undefined
    : { field: other, by: turned[ast.op]!, with: writtenIn(left) }
}

const isWithin = (time: number, by: string, [first = Number.NaN, last = Number.NaN, ...more]: readonly number[]) => {
  switch (by) {
    case '>=':
      return time >= first
    case '>':
      return time > first
    case '<=':
      return time <= first
    case '<':
      return time < first
    case 'between':
      return first <= time && time <= last
    default:
      return [first, last, ...more].includes(time)
  }
}

const missingIn = ({ ast, source }: Condition, facts: CelFacts): Missing | undefined => {
  if (ast.op === 'rcall') {
    const [name, list, [, item]] = ast.args
    const isOfLines = name === 'exists' && fieldOf(list) === 'order.lines' && item !== undefined
    return isOfLines ? { item: source.slice(item.start, item.end) } : undefined
  }
  const { field, by, with: values } = comparisonIn(ast) ?? { field: '', by: '', with: [] }
  const [bound] = values
  const isFrom = by === '>=' || by === '>'
  const amount = amounts.find(it => field === `order.${it}`)
  if (amount && isFrom && typeof bound === 'bigint') {
    const needed = bound + (by === '>' ? 1n : 0n)
    return { [amount]: Number(needed - (facts.order as Record<typeof amount, bigint>)[amount]) }
  }
  if (field === 'local.date' && (isFrom || by === '==') && typeof bound === 'string') {
    const midnight = parseInstant(`${bound}T00:00:00Z`)
    if (midnight === undefined) return undefined
    const date = formatInstant(by === '>' ? midnight + 86_400_000 : midnight).slice(0, 10)
    // What was is not missing any more: it will not come again.
    return date > facts.$today ? { date } : undefined
  }
  for (const unit of ['hour', 'weekday'] as const) {
    if (field !== `local.${unit}`) continue
    const [first, last] = clock[unit]
    const times = Array.from({ length: last - first + 1 }, (_, index) => first + index)
    const open = times.filter(time => isWithin(time, by, values.map(Number)))
    return open.length > 0 ? { [unit]: open } : undefined
  }
  return undefined
}

const partsOf = (condition: Condition): readonly Condition[] => {
  const known = conjuncts.get(condition)
  if (known) return known
  const parts = conjunctsOf(condition)
  conjuncts.set(condition, parts)
  return parts
}

/**
 * Whether everything that a condition asks besides the order is true: all that can be said while there is no order.
 *
 *     holdsWithoutOrder(condition, facts)   // true for "order.subtotal >= 2000 && channel == 'web'" on the web
 */
export const holdsWithoutOrder = (condition: Condition, facts: CelFacts): boolean =>
  partsOf(condition).every(part => part.readsOrder || evaluateCondition(part, facts).value)

/**
 * Why a condition is false: its false parts in the order they are written, and what is missing of each.
 * Empty if the condition is true.
 *
 *     explainFalse(condition, facts)   // [{ part: 'order.subtotal >= 2000', missing: { subtotal: 1100 } }]
 */
export const explainFalse = (condition: Condition, facts: CelFacts): readonly FalsePart[] =>
  partsOf(condition).flatMap(part => {
    const { value, error } = evaluateCondition(part, facts)
    if (value) return []
    const missing = error === undefined ? missingIn(part, facts) : undefined
    return [{ part: part.source, ...(missing && { missing }), ...(error !== undefined && { error }) }]
  })
