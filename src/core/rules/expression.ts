import { no, ok, type Result, refuse } from '../kernel/refusal.ts'
import { type Ast, type CelFacts, parseCel, readCelError } from './cel.ts'
import type { Scope } from './facts.ts'
import { type Inspection, inspect, Mistake } from './inspection.ts'
import { ruleRefusals } from './refusals.ts'

export const maxExpressionLength = 2_000

/** What an expression ends in: a condition in true or false, an amount in a whole number, a value in one of these, a number or a text. */
type Gives = 'bool' | 'int' | 'value'

export type Expression<G extends Gives = Gives> = Inspection & {
  readonly source: string
  readonly scope: Scope
  readonly gives: G
  readonly ast: Ast
  /** Runs it, and throws what the library throws: ask `evaluateCondition` or `evaluateExpression`. */
  readonly run: (facts: CelFacts) => unknown
}

/** What people write who know another language, and what CEL calls it. */
const otherLanguages: Readonly<Record<string, string>> = { '=': '==', and: '&&', or: '||' }

const wordAt = (source: string, offset: number): string => /^(\w+|=)/.exec(source.slice(offset))?.[0] ?? ''

/** What to do about the commonest ways in which types do not fit: 'int * double', 'int == string'. */
const typesHint = (types: string): string => {
  if (!/^\w+ \S+ \w+$/.test(types) || !types.includes('int')) return ''
  if (types.includes('double')) return ' Money is whole: a tenth is `/ 10`, and 50.00 is `5000`.'
  return types.includes('string') ? ' Numbers are written without quotes, texts with.' : ''
}

const toMistake = (source: string, error: unknown): Mistake => {
  if (error instanceof Mistake) return error
  const { code, summary, offset = 0 } = readCelError(error)
  const meant = otherLanguages[wordAt(source, offset).toLowerCase()]
  if (meant !== undefined) {
    return new Mistake(offset, `\`${wordAt(source, offset)}\` is not known: did you mean \`${meant}\`?`, meant)
  }
  if (code === 'no_such_overload' || code === 'no_matching_overload') {
    const types = summary.replace(/^.*no (such|matching) overload(:| for) /, '')
    return new Mistake(offset, `The types do not fit: ${types}.${typesHint(types)}`)
  }
  if (summary === 'Unexpected token: EOF') return new Mistake(offset, 'The expression ends too early.')
  if (summary.startsWith('Unexpected token: ')) {
    return new Mistake(offset, `\`${/^(\w+|\S)/.exec(source.slice(offset))?.[0]}\` is not expected here.`)
  }
  return new Mistake(offset, /[.?!]$/.test(summary) ? summary : `${summary}.`)
}

const demands: Readonly<Record<Gives, { readonly rule: string; readonly hint: string }>> = {
  bool: { rule: 'A condition must be true or false', hint: 'compare it, as in `person.traits.vip == true`' },
  int: { rule: 'An amount must be a whole number', hint: 'use `int(…)`, as in `int(person.traits.level) * 100`' },
  value: {
    rule: 'A computed trait must be true or false, a number or a text',
    hint: 'use `int(…)`, `string(…)` or a comparison, as in `int(person.traits.level)`',
  },
}
const values: readonly string[] = ['bool', 'int', 'double', 'string']

/** Parses and checks, or throws a mistake. */
const compile = <G extends Gives>(source: string, scope: Scope, gives: G): Expression<G> => {
  if (source.length > maxExpressionLength) {
    throw new Mistake(maxExpressionLength, `The expression is longer than ${maxExpressionLength} characters.`)
  }
  const run = parseCel(source, scope)
  const inspection = inspect(run.ast, scope)
  const { valid, type, error } = run.check()
  if (!valid) throw error ?? new Mistake(0, 'The expression cannot be read.')
  const { rule, hint } = demands[gives]
  if (type === 'dyn') throw new Mistake(0, `${rule}, and it is not known what this one is: ${hint}.`)
  if (gives === 'value' ? !values.includes(type ?? '') : type !== gives)
    throw new Mistake(0, `${rule}, this one is of type ${type}.`)
  return { ...inspection, source, scope, gives, ast: run.ast, run }
}

/**
 * Checks an expression when it is saved: names, types, cost. The refusal says where the mistake is (line and column from
 * 1, offset from 0 in UTF-16 units) and what was probably meant.
 *
 *     compileExpression('order.subtotal / 10', 'order', 'int')
 *     compileExpression('order.subtotal * 0.1', 'order', 'int')   // refusal condition_invalid: …do not fit: int * double.
 */
export const compileExpression = <G extends Gives>(source: string, scope: Scope, gives: G): Result<Expression<G>> => {
  try {
    return ok(compile(source, scope, gives))
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

/** V8's setting for the whole program; other engines ignore it. */
const stacks = Error as ErrorConstructor & { stackTraceLimit?: number }

/**
 * Runs an expression and never throws. An error says what failed where, in words of the expression only: facts are
 * personal and errors end in logs and answers.
 *
 *     runExpression(expression, facts)   // { error: 'no_such_key in `line.attributes.color`' }
 */
export const runExpression = (
  expression: Expression,
  facts: CelFacts,
): { readonly value: unknown; readonly error?: undefined } | { readonly error: string } => {
  // An error inside a list is made once per item, and most of its price is the stack that nobody reads.
  const stackTraceLimit = stacks.stackTraceLimit
  stacks.stackTraceLimit = 0
  try {
    return { value: expression.run(facts) }
  } catch (error) {
    const { code, place } = readCelError(error)
    return { error: `${code} in \`${expression.source.slice(place?.start, place?.end)}\`` }
  } finally {
    stacks.stackTraceLimit = stackTraceLimit
  }
}

/**
 * Works out an amount; never throws. CEL divides towards zero and counts in 64 bits, so a result that is no safe integer is
 * an error too.
 *
 *     evaluateExpression(tenth, toCelFacts(facts))   // { value: 90 } for 'order.subtotal / 10' of an order of 900
 */
export const evaluateExpression = (
  expression: Expression<'int'>,
  facts: CelFacts,
): { readonly value: number; readonly error?: undefined } | { readonly error: string } => {
  const result = runExpression(expression, facts)
  if (result.error !== undefined) return result
  const value = typeof result.value === 'bigint' ? Number(result.value) : undefined
  return Number.isSafeInteger(value) ? { value: value! } : { error: 'not a safe whole number' }
}
