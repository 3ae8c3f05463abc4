import type { Result } from '../kernel/refusal.ts'
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
  /** How much more would make this part true; only for `order.subtotal` and `order.quantity`. */
  readonly missing?: { readonly subtotal?: number; readonly quantity?: number }
  readonly error?: string
}

const measures = ['subtotal', 'quantity'] as const

const missingIn = (ast: Ast, facts: CelFacts): FalsePart['missing'] => {
  const turned = ast.op === '<=' || ast.op === '<'
  if (!turned && ast.op !== '>=' && ast.op !== '>') return undefined
  const [measured, bound] = turned ? [ast.args[1], ast.args[0]] : [ast.args[0], ast.args[1]]
  if (measured.op !== '.' || measured.args[0].op !== 'id' || measured.args[0].args !== 'order') return undefined
  const measure = measures.find(name => name === measured.args[1])
  if (measure === undefined || bound.op !== 'value' || typeof bound.args !== 'bigint') return undefined
  const needed = bound.args + (ast.op === '>' || ast.op === '<' ? 1n : 0n)
  return { [measure]: Number(needed - (facts.order as Record<typeof measure, bigint>)[measure]) }
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
 * Why a condition is false: its false parts in the order they are written, and what is missing where that is a number.
 * Empty if the condition is true.
 *
 *     explainFalse(condition, facts)   // [{ part: 'order.subtotal >= 2000', missing: { subtotal: 1100 } }]
 */
export const explainFalse = (condition: Condition, facts: CelFacts): readonly FalsePart[] =>
  partsOf(condition).flatMap(part => {
    const { value, error } = evaluateCondition(part, facts)
    if (value) return []
    const missing = error === undefined ? missingIn(part.ast, facts) : undefined
    return [{ part: part.source, ...(missing && { missing }), ...(error !== undefined && { error }) }]
  })
