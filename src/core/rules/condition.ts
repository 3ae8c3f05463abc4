import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { type Ast, type CelFacts, parseCel, readCelError } from './cel.ts'
import type { Scope } from './facts.ts'
import { inspect, Mistake } from './inspection.ts'
import { ruleRefusals } from './refusals.ts'

export const maxConditionLength = 2_000

export type Condition = {
  readonly source: string
  readonly scope: Scope
  readonly collections: readonly string[]
  readonly ast: Ast
  /** Runs it, and throws what the library throws: ask `evaluateCondition`. */
  readonly run: (facts: CelFacts) => unknown
}

/** What people write who know another language, and what CEL calls it. */
const otherLanguages: Readonly<Record<string, string>> = { '=': '==', and: '&&', or: '||' }

const wordAt = (source: string, offset: number): string => /^(\w+|=)/.exec(source.slice(offset))?.[0] ?? ''

const toMistake = (source: string, error: unknown): Mistake => {
  if (error instanceof Mistake) return error
  const { code, summary, offset = 0 } = readCelError(error)
  const meant = otherLanguages[wordAt(source, offset).toLowerCase()]
  if (meant !== undefined) {
    return new Mistake(offset, `\`${wordAt(source, offset)}\` is not known: did you mean \`${meant}\`?`, meant)
  }
  if (code === 'no_such_overload' || code === 'no_matching_overload') {
    return new Mistake(
      offset,
      `The types do not fit: ${summary.replace(/^.*no (such|matching) overload(:| for) /, '')}.`,
    )
  }
  if (summary === 'Unexpected token: EOF') return new Mistake(offset, 'The condition ends too early.')
  return new Mistake(offset, /[.?!]$/.test(summary) ? summary : `${summary}.`)
}

/** Parses and checks, or throws a mistake. */
const compile = (source: string, scope: Scope): Condition => {
  if (source.length > maxConditionLength) {
    throw new Mistake(maxConditionLength, `The condition is longer than ${maxConditionLength} characters.`)
  }
  const run = parseCel(source, scope)
  const { collections } = inspect(run.ast, scope)
  const checked = run.check()
  if (!checked.valid) throw checked.error ?? new Mistake(0, 'The condition cannot be read.')
  if (checked.type === 'dyn') {
    throw new Mistake(0, 'The condition must be true or false: compare it, as in `person.traits.vip == true`.')
  }
  if (checked.type !== 'bool') {
    throw new Mistake(0, `The condition must be true or false, this one is of type ${checked.type}.`)
  }
  return { source, scope, collections, ast: run.ast, run }
}

/**
 * Checks a condition when it is saved: names, types, cost. The refusal says where the mistake is (line and column from 1,
 * offset from 0 in UTF-16 units) and what was probably meant.
 *
 *     compileCondition('order.subtotl >= 2000', 'order')
 *     // refusal condition_invalid: …line 1, column 7: `order.subtotl` is not known: did you mean `order.subtotal`?
 */
export const compileCondition = (source: string, scope: Scope): Result<Condition> => {
  try {
    return ok(compile(source, scope))
  } catch (error) {
    const mistake = toMistake(source, error)
    const before = source.slice(0, mistake.offset).split('\n')
    return no(
      refuse(ruleRefusals.condition_invalid, {
        source,
        line: before.length,
        column: before.at(-1)!.length + 1,
        offset: mistake.offset,
        mistake: mistake.message,
        ...(mistake.suggestion === undefined ? {} : { suggestion: mistake.suggestion }),
      }),
    )
  }
}

export type Verdict = { readonly value: boolean; readonly error?: string }

/** V8's setting for the whole program; other engines ignore it. */
const stacks = Error as ErrorConstructor & { stackTraceLimit?: number }

const yes: Verdict = { value: true }
const nope: Verdict = { value: false }

/**
 * Answers a condition; never throws. A run-time error means false, and says what failed where, in words of the condition
 * only: facts are personal and errors end in logs and answers.
 *
 *     evaluateCondition(condition, toCelFacts(facts))   // { value: false, error: 'no_such_key in `line.attributes.color`' }
 */
export const evaluateCondition = (condition: Condition, facts: CelFacts): Verdict => {
  // An error inside a list is made once per item, and most of its price is the stack that nobody reads.
  const stackTraceLimit = stacks.stackTraceLimit
  stacks.stackTraceLimit = 0
  try {
    const value = condition.run(facts)
    if (value === true) return yes
    return value === false ? nope : { value: false, error: 'not true or false' }
  } catch (error) {
    const { code, place } = readCelError(error)
    return { value: false, error: `${code} in \`${condition.source.slice(place?.start, place?.end)}\`` }
  } finally {
    stacks.stackTraceLimit = stackTraceLimit
  }
}

/** The collections a condition refers to: of `inCollection(line.sku, 'breakfast')` it is ['breakfast']. */
export const collectionsIn = (condition: Condition): readonly string[] => condition.collections

const stripParentheses = (source: string, scope: Scope): Condition => {
  const text = source.trim()
  if (text.startsWith('(') && text.endsWith(')')) {
    try {
      // `(a) && (b)` also begins and ends so, but what is inside does not parse.
      return stripParentheses(text.slice(1, -1), scope)
    } catch {
      return compile(text, scope)
    }
  }
  return compile(text, scope)
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
  try {
    return [source.slice(0, cut), source.slice(cut + 2)].flatMap(text => conjunctsOf(stripParentheses(text, scope)))
  } catch {
    return [condition]
  }
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

/**
 * Why a condition is false: its false parts in the order they are written, and what is missing where that is a number.
 * Empty if the condition is true.
 *
 *     explainFalse(condition, facts)   // [{ part: 'order.subtotal >= 2000', missing: { subtotal: 1100 } }]
 */
export const explainFalse = (condition: Condition, facts: CelFacts): readonly FalsePart[] => {
  let parts = conjuncts.get(condition)
  if (!parts) {
    parts = conjunctsOf(condition)
    conjuncts.set(condition, parts)
  }
  return parts.flatMap(part => {
    const { value, error } = evaluateCondition(part, facts)
    if (value) return []
    const missing = error === undefined ? missingIn(part.ast, facts) : undefined
    return [{ part: part.source, ...(missing && { missing }), ...(error !== undefined && { error }) }]
  })
}
