import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js'
import { dayNumber } from '../kernel/time.ts'
import { isBirthdayWithin } from './birthday.ts'
import {
  type Fact,
  type Facts,
  factTypes,
  type ObjectTypeName,
  type Scope,
  scopes,
  type VariableName,
  variables,
} from './facts.ts'
import { askHistory, type HistoryFunctionName, historyFunctions } from './history.ts'

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
  readonly $person: Facts['person']
  /** The order before any discount, from which each running state of it is made. */
  readonly $order: TypedFacts
  readonly $line: number | undefined
}

type RawFacts = Readonly<Record<string, unknown>>
type Changes = { readonly total: number | undefined; readonly lines?: readonly TypedFacts[] }

/** One value of JSON as CEL sees it: whole numbers are int, others double, objects are maps. */
const fromJson = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(member => fromJson(member) ?? null)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return new Map(members.map(([key, member]) => [key, fromJson(member)]))
}

/** `declare`, because a field that is defined before it is set takes 1.3 µs in a class that has several subclasses. */
class TypedFacts {
  declare readonly raw: RawFacts
  /** What is read instead of `raw`: prices that changed since. */
  declare readonly changed: Changes | undefined
  /** What was converted before: lists and maps are converted when first asked for, and once. */
  declare kept: Record<string, unknown> | undefined
  constructor(raw: RawFacts, changed?: Changes, kept?: Record<string, unknown>) {
    this.raw = raw
    this.changed = changed
    this.kept = kept
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
      return raw =>
        ((raw ?? []) as readonly (RawFacts | TypedFacts)[]).map(line =>
          line instanceof TypedFacts ? line : new classes.Line(line),
        )
    default:
      return raw => new classes[type as ObjectTypeName]((raw ?? {}) as RawFacts)
  }
}

const scalars: readonly string[] = ['string', 'int', 'bool', 'list<string>']

const makeClass = (name: ObjectTypeName): typeof TypedFacts => {
  const made = class extends TypedFacts {}
  for (const [field, fact] of Object.entries<Fact>(factTypes[name])) {
    const { type, otherwise } = fact
    const read = reader(type)
    const given = ({ raw, changed }: TypedFacts) =>
      read(changed?.[field as keyof Changes] ?? raw[field] ?? otherwise?.(raw))
    const get = scalars.includes(type)
      ? function (this: TypedFacts) {
          return given(this)
        }
      : function (this: TypedFacts) {
          this.kept ??= {}
          this.kept[field] ??= given(this)
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
export const toCelFacts = (facts: Facts): CelFacts => {
  const order = facts.order ? new classes.Order(facts.order) : noOrder
  return {
    order,
    line: noLine,
    person: new classes.Person(facts.person),
    campaign: new classes.Campaign(facts.campaign),
    channel: facts.channel,
    location: facts.location ?? '',
    local: new classes.Local(facts.local),
    event: facts.event ? new classes.Event(facts.event) : noEvent,
    moment: facts.moment ?? '',
    $inCollection: facts.inCollection,
    $today: facts.local.date,
    $person: facts.person,
    $order: order,
    $line: undefined,
  }
}

const linesOf = (order: unknown): readonly TypedFacts[] => (order as { readonly lines: readonly TypedFacts[] }).lines

/** The same facts seen from line `index` of the order; for conditions about a line. */
export const forLine = (facts: CelFacts, index: number): CelFacts => {
  const line = linesOf(facts.order)[index]
  if (line === undefined) throw new RangeError(`the order has no line ${index}`)
  return { ...facts, line, $line: index }
}

/** What changed of an order. A class, because a getter in a literal takes half a microsecond to make. */
class RunningPrices {
  readonly total: number
  readonly #order: TypedFacts
  readonly #lineTotals: readonly number[]
  constructor(order: TypedFacts, total: number, lineTotals: readonly number[]) {
    this.#order = order
    this.total = total
    this.#lineTotals = lineTotals
  }
  get lines(): readonly TypedFacts[] {
    // What was converted of a line does not depend on its price.
    return linesOf(this.#order).map(
      (line, index) => new classes.Line(line.raw, { total: this.#lineTotals[index] }, line.kept),
    )
  }
}

/**
 * The same facts after some discounts: `order.total` is `total`, and `total` of each line its member of `lineTotals`. The
 * facts given stay as they are. Lines are made only when a condition asks for them.
 *
 *     withRunning(facts, 720, [720])   // an order of 900 after 20 % off
 */
export const withRunning = (facts: CelFacts, total: number, lineTotals: readonly number[]): CelFacts => {
  const { $order, $line } = facts
  const { length } = ($order.raw.lines ?? []) as readonly unknown[]
  if (length !== lineTotals.length) throw new RangeError(`${lineTotals.length} totals for ${length} lines`)
  const order = new classes.Order($order.raw, new RunningPrices($order, total, lineTotals))
  const running: CelFacts = { ...facts, order, line: noLine }
  return $line === undefined ? running : forLine(running, $line)
}

/** The same facts for an offer of another campaign. */
export const forCampaign = (facts: CelFacts, campaign: Facts['campaign']): CelFacts => ({
  ...facts,
  campaign: new classes.Campaign(campaign),
})

// What the library hands to a macro and its hooks; it types them as any.
type Call = { readonly ast: Ast; readonly args: readonly [Ast, ...Ast[]] }
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
  ({ args }: Call) => {
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

/** The same for a function whose arguments are written out, which `inspect` has made sure of. */
const literalMacro =
  <V extends string | bigint>(answer: (values: readonly V[], context: Context) => boolean | undefined) =>
  ({ ast, args }: Call) => ({
    async: false,
    typeCheck: (checker: Checker) => checker.getType('bool'),
    evaluate(evaluator: Evaluator, _macro: unknown, context: Context) {
      const values = args.map(each => each.args as V)
      const value = answer(values, context)
      if (value === undefined) throw evaluator.createError('invalid_argument', 'not a date', ast)
      return value
    },
  })

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
base.registerFunction(
  'inSegment(ast): bool',
  literalMacro<string>(([segment], context) =>
    ((context.getValue('$person') as Facts['person']).segments ?? []).includes(segment!),
  ),
)
base.registerFunction(
  'consented(ast, ast): bool',
  literalMacro<string>(([channel, purpose], context) =>
    ((context.getValue('$person') as Facts['person']).consents ?? []).includes(`${channel}/${purpose}`),
  ),
)
base.registerFunction(
  'birthdayWithin(ast, ast): bool',
  literalMacro<bigint>(([daysBefore, daysAfter], context) => {
    const { birthday = '' } = context.getValue('$person') as Facts['person']
    if (birthday === '') return false
    return isBirthdayWithin(birthday, context.getValue('$today') as string, Number(daysBefore), Number(daysAfter))
  }),
)

/** `events('Product Viewed', 7)`: the arguments are written out, so they are read once, when the expression is. */
const historyMacro = (name: HistoryFunctionName, args: readonly Ast[]) => {
  const given = args.map(({ args: value }) => (typeof value === 'bigint' ? Number(value) : (value as string)))
  return {
    async: false,
    typeCheck: (checker: Checker) => checker.getType('int'),
    evaluate(_evaluator: Evaluator, _macro: unknown, context: Context) {
      const { history } = context.getValue('$person') as Facts['person']
      return BigInt(askHistory(name, given, history, dayNumber(context.getValue('$today') as string) ?? 0))
    },
  }
}
const historyNames = Object.keys(historyFunctions) as HistoryFunctionName[]
for (const name of historyNames) {
  const takes = 'takes' in historyFunctions[name]
  for (const parameters of takes ? ['ast', 'ast, ast'] : ['ast'])
    base.registerFunction(`${name}(${parameters}): int`, ({ args }: Call) => historyMacro(name, args))
}

/** The library makes macros of functions with arguments only: those without are made the same by hand. */
const expandBare = (node: unknown): void => {
  if (Array.isArray(node)) for (const each of node) expandBare(each)
  if (typeof node !== 'object' || node === null) return
  const { op, args, setMeta } = node as { op?: string; args?: unknown; setMeta?: (key: string, value: unknown) => void }
  if (op === undefined || setMeta === undefined) return
  expandBare(args)
  if (op !== 'call') return
  const [name, given] = args as [string, readonly Ast[]]
  if (given.length > 0 || !historyNames.includes(name as HistoryFunctionName)) return
  setMeta.call(node, 'macro', historyMacro(name as HistoryFunctionName, []))
  setMeta.call(node, 'async', false)
}

const environmentOf = (scope: Scope): Environment => {
  const environment = base.clone()
  for (const name of scopes[scope]) environment.registerVariable(name, variables[name].type)
  return environment
}
const environments = Object.fromEntries(
  (Object.keys(scopes) as Scope[]).map(scope => [scope, environmentOf(scope)]),
) as Record<Scope, Environment>

/** Parses, and throws where the grammar is broken. Call `.check()` on the result before running it. */
export const parseCel = (source: string, scope: Scope): ParseResult => {
  const parsed = environments[scope].parse(source)
  expandBare(parsed.ast)
  return parsed
}

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
    return { code: 'failure', summary: 'The expression cannot be read.' }
  }
  return { code, summary, offset: range?.start, place: node }
}
