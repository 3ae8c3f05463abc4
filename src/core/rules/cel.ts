import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js'
import { dayNumber } from '../kernel/time.ts'
import {
  type Facts,
  factTypes,
  type ObjectTypeName,
  type Scope,
  scopes,
  type VariableName,
  variables,
} from './facts.ts'

/**
 * The only file that knows the CEL library. Facts reach it as instances of classes made from the schema, with integers as
 * bigint and free-form maps as `Map` (the library takes a plain object with a key 'constructor' for an unknown type).
 */
export type Ast = ASTNode

/** Facts as CEL reads them. Reading is lazy, so do not change the facts underneath. */
export type CelFacts = { readonly [V in VariableName]: unknown } & {
  // Not CEL names, so that no variable of a comprehension can shadow them.
  readonly $inCollection: Facts['inCollection']
  readonly $today: string
}

type RawFacts = Readonly<Record<string, unknown>>

/** One value of JSON as CEL sees it: whole numbers are int, others double, objects are maps. */
const fromJson = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(member => fromJson(member) ?? null)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return new Map(members.map(([key, member]) => [key, fromJson(member)]))
}

class TypedFacts {
  readonly raw: RawFacts
  /** What was converted before: lists and maps are converted when first asked for, and once. */
  kept: Record<string, unknown> | undefined
  constructor(raw: RawFacts) {
    this.raw = raw
  }
}

const reader = (type: string): ((raw: unknown) => unknown) => {
  switch (type) {
    case 'string':
      return raw => raw ?? ''
    case 'int':
      // Throws for a fraction, which makes the condition an error rather than a guess.
      return raw => BigInt((raw as number | undefined) ?? 0)
    case 'bool':
      return raw => raw ?? false
    case 'list<string>':
      return raw => raw ?? []
    case 'map<string, dyn>':
      return raw => fromJson(raw ?? {})
    case 'list<Line>':
      return raw => ((raw ?? []) as readonly RawFacts[]).map(line => new classes.Line(line))
    default:
      return raw => new classes[type as ObjectTypeName]((raw ?? {}) as RawFacts)
  }
}

const scalars: readonly string[] = ['string', 'int', 'bool', 'list<string>']

const makeClass = (name: ObjectTypeName): typeof TypedFacts => {
  const made = class extends TypedFacts {}
  for (const [field, { type }] of Object.entries(factTypes[name])) {
    const read = reader(type)
    const get = scalars.includes(type)
      ? function (this: TypedFacts) {
          return read(this.raw[field])
        }
      : function (this: TypedFacts) {
          this.kept ??= {}
          this.kept[field] ??= read(this.raw[field])
          return this.kept[field]
        }
    Object.defineProperty(made.prototype, field, { get })
  }
  return made
}

const typeNames = Object.keys(factTypes) as ObjectTypeName[]
const classes = Object.fromEntries(typeNames.map(name => [name, makeClass(name)])) as Record<
  ObjectTypeName,
  typeof TypedFacts
>

const noOrder = new classes.Order({})
const noLine = new classes.Line({})
const noEvent = new classes.Event({})

/** Converts the facts of one decision; do it once and ask many conditions. */
export const toCelFacts = (facts: Facts): CelFacts => ({
  order: facts.order ? new classes.Order(facts.order) : noOrder,
  line: noLine,
  person: new classes.Person(facts.person),
  campaign: new classes.Campaign(facts.campaign),
  channel: facts.channel,
  location: facts.location ?? '',
  local: new classes.Local(facts.local),
  event: facts.event ? new classes.Event(facts.event) : noEvent,
  $inCollection: facts.inCollection,
  $today: facts.local.date,
})

/** The same facts seen from line `index` of the order; for conditions about a line. */
export const forLine = (facts: CelFacts, index: number): CelFacts => {
  const line = (facts.order as { readonly lines: readonly unknown[] }).lines[index]
  if (line === undefined) throw new RangeError(`the order has no line ${index}`)
  return { ...facts, line }
}

/** The same facts for an offer of another campaign. */
export const forCampaign = (facts: CelFacts, campaign: Facts['campaign']): CelFacts => ({
  ...facts,
  campaign: new classes.Campaign(campaign),
})

// What the library hands to a macro's hooks; it types them as any.
type Type = { readonly name: string }
type Checker = {
  check(node: Ast, context: unknown): Type
  getType(name: string): Type
  createError(code: string, message: string, node: Ast): Error
}
type Evaluator = { run(node: Ast, context: unknown): unknown; createError: Checker['createError'] }
type Context = { getValue(key: keyof CelFacts): unknown }

/**
 * A function that needs the facts is a macro: only macros are given the context they run in, and the alternative (facts in
 * a module variable during the evaluation) would be a hidden argument.
 */
const stringMacro =
  (name: string, returns: string, answer: (text: string, rest: readonly Ast[], context: Context) => unknown) =>
  ({ args }: { readonly args: readonly [Ast, ...Ast[]] }) => {
    const [subject, ...rest] = args
    return {
      async: false,
      typeCheck(checker: Checker, _macro: unknown, context: unknown) {
        const type = checker.check(subject, context).name
        if (type === 'string' || type === 'dyn') return checker.getType(returns)
        throw checker.createError('no_matching_overload', `${name} takes a string, not '${type}'`, subject)
      },
      evaluate(evaluator: Evaluator, _macro: unknown, context: Context) {
        const text = evaluator.run(subject, context)
        if (typeof text !== 'string') throw evaluator.createError('no_matching_overload', 'not a string', subject)
        const value = answer(text, rest, context)
        if (value === undefined) throw evaluator.createError('invalid_argument', 'not a date', subject)
        return value
      },
    }
  }

const base = new Environment({ limits: { maxAstNodes: 500, maxDepth: 50, maxListElements: 400 } })
for (const name of typeNames) {
  const fields = Object.fromEntries(Object.entries(factTypes[name]).map(([field, { type }]) => [field, type]))
  base.registerType(name, { ctor: classes[name], fields })
}
for (const type of ['int', 'double']) {
  const within = (value: bigint | number, low: bigint | number, high: bigint | number) => low <= value && value <= high
  base.registerFunction(`between(${type}, ${type}, ${type}): bool`, within, { async: false })
}
base.registerFunction(
  'inCollection(ast, ast): bool',
  stringMacro('inCollection', 'bool', (sku, [collection], context) =>
    (context.getValue('$inCollection') as Facts['inCollection'])(sku, collection?.args as string),
  ),
)
base.registerFunction(
  'daysSince(ast): int',
  stringMacro('daysSince', 'int', (date, _rest, context) => {
    const [then, today] = [dayNumber(date), dayNumber(context.getValue('$today') as string)]
    return then === undefined || today === undefined ? undefined : BigInt(today - then)
  }),
)

const environmentOf = (scope: Scope): Environment => {
  const environment = base.clone()
  for (const name of scopes[scope]) environment.registerVariable(name, variables[name].type)
  return environment
}
const environments = { order: environmentOf('order'), line: environmentOf('line'), event: environmentOf('event') }

/** Parses, and throws where the grammar is broken. Call `.check()` on the result before running it. */
export const parseCel = (source: string, scope: Scope): ParseResult => environments[scope].parse(source)

/** What an error of the library says: `offset` is where it points to, `place` the whole expression that failed. */
export const readCelError = (
  error: unknown,
): { code: string; summary: string; offset?: number; place?: { readonly start: number; readonly end: number } } => {
  const { code, summary, range, node } = error as {
    code?: unknown
    summary?: unknown
    range?: { readonly start: number }
    node?: { readonly start: number; readonly end: number }
  }
  if (typeof code !== 'string' || typeof summary !== 'string') {
    return { code: 'failure', summary: 'The condition cannot be read.' }
  }
  return { code, summary, offset: range?.start, place: node }
}
