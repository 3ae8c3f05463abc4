import { type Ast, type CelFacts, parseCel } from './cel.ts'
import { type Condition, evaluateCondition } from './condition.ts'
import { compileExpression } from './expression.ts'
import { ruleFunctions, type Scope } from './facts.ts'

/** A part of a condition with what it came to, and how deep it lies in those above it. */
export type Part = {
  readonly part: string
  readonly depth: number
  readonly is: 'all' | 'any' | 'not' | 'part'
  readonly value: boolean
  readonly error?: string
  readonly reads?: readonly { readonly what: string; readonly value: unknown }[]
}

const mostReads = 20

/** Values as JSON has them. */
const toJson = (value: unknown): unknown => {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, member]) => [String(key), toJson(member)]))
  if (Array.isArray(value)) return value.map(toJson)
  return typeof value === 'object' && value !== null ? '…' : value
}

const isNode = (value: unknown): value is Ast => typeof value === 'object' && value !== null && 'op' in value

const childrenOf = ({ args }: Ast): readonly Ast[] => {
  const nodes = (value: unknown): readonly Ast[] =>
    isNode(value) ? [value] : Array.isArray(value) ? value.flatMap(nodes) : []
  return nodes(args)
}

/** Whether a node is a path of fields from `person` or `local`. */
const isPath = (node: Ast): boolean =>
  node.op === '.' ? isPath(node.args[0]) : node.op === 'id' && (node.args === 'person' || node.args === 'local')

const isFact = (node: Ast): boolean =>
  (node.op === '.' && isPath(node)) ||
  (node.op === 'call' && Object.hasOwn(ruleFunctions, node.args[0]) && node.args[0] !== 'between')

/** The largest nodes that are something we know about somebody. */
const factsIn = (node: Ast): readonly Ast[] =>
  isFact(node) ? [node] : node.op === 'call' && node.args[0] === 'has' ? [] : childrenOf(node).flatMap(factsIn)

/** Brackets that a text lacks before it and after it, outside of quoted texts. */
const lackingIn = (text: string): { readonly before: number; readonly after: number } => {
  let [depth, lowest] = [0, 0]
  for (const [token] of text.matchAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[()]/g)) {
    if (token === '(') depth += 1
    else if (token === ')') depth -= 1
    lowest = Math.min(lowest, depth)
  }
  return { before: -lowest, after: depth - lowest }
}

/** The text of a node. The grammar leaves out the brackets around its first and its last part, so these are taken in again. */
const textOf = ({ input, start, end }: Ast): string => {
  let [from, to] = [start, end]
  const { before, after } = lackingIn(input.slice(from, to))
  for (let left = before; left > 0; left -= 1) from = Math.max(0, input.lastIndexOf('(', from - 1))
  for (let left = after; left > 0; left -= 1) to = input.indexOf(')', to) + 1 || input.length
  return input.slice(from, to)
}

const valueIn = (what: string, scope: Scope, facts: CelFacts): unknown => {
  try {
    return toJson(parseCel(what, scope)(facts)) ?? null
  } catch {
    return null
  }
}

const readsIn = (node: Ast, scope: Scope, facts: CelFacts): Part['reads'] => {
  const names = [...new Set(factsIn(node).map(textOf))].slice(0, mostReads)
  return names.map(what => ({ what, value: valueIn(what, scope, facts) }))
}

const joins: Readonly<Record<string, Part['is']>> = { '&&': 'all', '||': 'any' }

/** `a && b && c` is three parts, however it is bracketed by the grammar. */
const sidesOf = (node: Ast, op: string): readonly Ast[] =>
  node.op === op ? (node.args as readonly Ast[]).flatMap(side => sidesOf(side, op)) : [node]

/**
 * Why a condition is true or false: each part that `&&`, `||` and `!` join, in the order they are written, under the part it belongs to,
 * with what was read and what it was. Parts that did not matter are told as well.
 *
 *     explainParts(condition, facts)
 *     // [{ part: 'orders(30) >= 2 && person.known', depth: 0, is: 'all', value: false },
 *     //  { part: 'orders(30) >= 2', depth: 1, is: 'part', value: false, reads: [{ what: 'orders(30)', value: 1 }] }, …]
 */
export const explainParts = (condition: Condition, facts: CelFacts): readonly Part[] => {
  const { scope } = condition
  const explain = (node: Ast, depth: number): readonly Part[] => {
    const part = textOf(node)
    const compiled = compileExpression(part, scope, 'bool')
    const { value, error } = compiled.ok ? evaluateCondition(compiled.value, facts) : { value: false, error: undefined }
    const head = { part, depth, value, ...(error !== undefined && { error }) }
    const is = joins[node.op]
    if (is) return [{ ...head, is }, ...sidesOf(node, node.op).flatMap(side => explain(side, depth + 1))]
    if (node.op === '!_') return [{ ...head, is: 'not' }, ...explain(node.args, depth + 1)]
    return [{ ...head, is: 'part', reads: readsIn(node, scope, facts) }]
  }
  return explain(condition.ast, 0)
}
