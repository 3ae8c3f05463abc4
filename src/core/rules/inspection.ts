import { contactChannels } from '../workspaces/contact.ts'
import type { Ast } from './cel.ts'
import { factTypes, ruleFunctions, type Scope, scopes, type VariableName, variables } from './facts.ts'
import { historyFunction, mostDays } from './history.ts'
import { isWindow, makeReads, type Reads } from './reads.ts'
import { suggestion } from './suggestion.ts'

/** A mistake in the text of an expression; thrown inside the compilation only, which turns it into a refusal. */
export class Mistake extends Error {
  readonly offset: number
  readonly suggestion: string | undefined
  constructor(offset: number, message: string, meant?: string) {
    super(message)
    this.offset = offset
    this.suggestion = meant
  }
}

/**
 * What an expression costs at worst, in steps of roughly 0.1 µs. A comprehension is its body times the largest list it can
 * meet; membership and list equality are as long as the list. 250,000 steps are about 25 ms, half of what may hold a batch.
 */
const maxCost = 250_000
/** An operation that can fail costs as if it did: making the library's error takes 2 µs, even without a stack. */
const failureCost = 25
const linesAtMost = 1_000
/** A list inside traits, attributes or properties; events are limited to 32 KB, so longer ones are rare and bounded. */
const freeListLength = 100
/** A year of days, of each of a few holders. */
const historyCost = 100

const methods = ['size', 'startsWith', 'endsWith', 'contains', 'lowerAscii', 'upperAscii', 'trim', 'substring']
const comprehensions = ['exists', 'all', 'exists_one', 'filter', 'map']
const functions = ['has', 'size', 'int', 'double', 'string', ...Object.keys(ruleFunctions)]
const operators = ['==', '!=', '<', '<=', '>', '>=', 'in', '+', '-', '*', '/', '%', '&&', '||']
const comparisons = ['==', '!=', '<', '<=', '>', '>=']
const fallible = ['int', 'double', 'daysSince', 'birthdayWithin', 'substring', '/', '%']
const clocks = /^(timestamp|duration|now|date|time|get(Date|Day|FullYear|Hours|Milliseconds|Minutes|Month|Seconds)\w*)$/

/** Names that are written out, because they must be known before any order comes: which argument, and how it looks. */
const writtenOut: Readonly<
  Record<string, { readonly noun: 'collection' | 'segment'; readonly argument: number; readonly example: string }>
> = {
  inCollection: { noun: 'collection', argument: 1, example: "inCollection(line.sku, 'breakfast')" },
  inSegment: { noun: 'segment', argument: 0, example: "inSegment('vip')" },
}
const daysAtMost = 366n

const fieldsOf = (type: string): Readonly<Record<string, { readonly type: string }>> | undefined =>
  Object.hasOwn(factTypes, type) ? factTypes[type as keyof typeof factTypes] : undefined

/** What we know of an expression without running it: its schema type, or 'dyn' for "ask the library", and its length. */
type Shape = { readonly type: string; readonly size: number }

const shapeOf = (type: string): Shape => {
  if (type === 'list<Line>') return { type, size: linesAtMost }
  return { type, size: type === 'dyn' || type.startsWith('map') || type.startsWith('list') ? freeListLength : 1 }
}
const free = shapeOf('dyn')
const scalar: Shape = { type: 'scalar', size: 1 }

type Names = ReadonlyMap<string, Shape>

/** What an expression asks for, known without running it. */
export type Inspection = {
  readonly collections: readonly string[]
  readonly segments: readonly string[]
  /** Whether it may ask for `order.total` or the `total` of a line, which change as discounts are applied. */
  readonly readsRunning: boolean
  /** Whether it asks for anything of the order. */
  readonly readsOrder: boolean
  /** Whether it asks for anything of the person, through `inSegment` or `birthdayWithin` too. */
  readonly readsPerson: boolean
  /** What of the person, and when the clock alone can change the answer. */
  readonly reads: Reads
}

/**
 * Walks a parsed expression before the library's type checker does: knows every name (with a suggestion for the others),
 * allows only what an expression needs, adds up the cost, notes what is asked for. What is allowed is listed, so that a new
 * version of the library adds nothing by itself.
 */
export const inspect = (ast: Ast, scope: Scope): Inspection => {
  const named = { collection: new Set<string>(), segment: new Set<string>() }
  let readsRunning = false
  let readsOrder = false
  let readsPerson = false
  const reads = makeReads()
  let cost = 0

  const spend = (steps: number, node: Ast): void => {
    cost += steps
    if (cost > maxCost) {
      throw new Mistake(node.pos, 'The expression is too costly: it asks too much of each item of a list.')
    }
  }

  const unknown = (offset: number, written: string, known: readonly string[], prefix = ''): Mistake => {
    const meant = suggestion(written, known)
    const sentence = `\`${prefix}${written}\` is not known`
    return meant === undefined
      ? new Mistake(offset, `${sentence}. Known are: ${known.join(', ')}.`)
      : new Mistake(offset, `${sentence}: did you mean \`${prefix}${meant}\`?`, prefix + meant)
  }

  const callable = (offset: number, name: string, known: readonly string[]): void => {
    if (known.includes(name)) return
    if (clocks.test(name)) {
      throw new Mistake(
        offset,
        `\`${name}\` is not available, because it would not know the offer’s time zone: use \`local.date\`, \`local.hour\`, \`local.weekday\` or \`daysSince(…)\`.`,
      )
    }
    if (name === 'matches') {
      throw new Mistake(
        offset,
        'Patterns are not available, because some take for ever: use `startsWith`, `endsWith` or `contains`.',
      )
    }
    throw unknown(offset, name, known)
  }

  /** `field` is undefined where it is computed; of a value of unknown type, which may be a line, the worst is assumed. */
  const noteField = (type: string, field: unknown, object: Ast): void => {
    reads.field(type, field, object)
    if ((type === 'Order' || type === 'Line' || type === 'dyn') && (field === undefined || field === 'total')) {
      readsRunning = true
    }
  }

  const noteConsent = (node: Ast, args: readonly Ast[]): void => {
    const notWritten = args.find(it => it.op !== 'value' || typeof it.args !== 'string')
    if (notWritten || args.length === 0) {
      throw new Mistake(
        (notWritten ?? node).start,
        "Write the channel and the purpose out, as in `consented('email', 'marketing')`: whoever is asked for permission must know what for.",
      )
    }
    const [channel] = args as [Ast, ...Ast[]]
    if (!contactChannels.some(it => it === channel.args)) {
      throw unknown(channel.start + 1, channel.args as string, contactChannels)
    }
  }

  const noteCall = (node: Ast, name: string, args: readonly Ast[]): void => {
    const written = Object.hasOwn(writtenOut, name) ? writtenOut[name] : undefined
    if (written) {
      const { noun, argument, example } = written
      const literal = args[argument]
      if (literal?.op !== 'value' || typeof literal.args !== 'string') {
        throw new Mistake(
          (literal ?? node).start,
          `Write the name of the ${noun} out, as in \`${example}\`: it must be known before any order comes.`,
        )
      }
      named[noun].add(literal.args)
    }
    const ofHistory = historyFunction(name)
    if (ofHistory) {
      const { takes } = ofHistory
      const days = args[takes === undefined ? 0 : 1]
      if (takes !== undefined && (args[0]?.op !== 'value' || typeof args[0].args !== 'string')) {
        throw new Mistake(
          (args[0] ?? node).start,
          `Write the ${takes} out, as in \`${name}('…', 30)\`: it must be known before anything is counted.`,
        )
      }
      if (days && !isWindow(days)) {
        throw new Mistake(
          days.start,
          `Write the days out, from 1 to ${mostDays}, as in \`${name}(${takes === undefined ? '' : "'…', "}30)\`; without them it is ever.`,
        )
      }
    }
    if (name === 'consented') noteConsent(node, args)
    reads.call(name, args)
    if (ofHistory || name === 'inSegment' || name === 'consented' || name === 'birthdayWithin') readsPerson = true
    if (name !== 'birthdayWithin') return
    for (const days of args) {
      if (days.op === 'value' && typeof days.args === 'bigint' && days.args <= daysAtMost) continue
      throw new Mistake(
        days.start,
        `Write the days out, from 0 to ${daysAtMost}: \`birthdayWithin(3, 7)\` is from 3 days before to 7 days after.`,
      )
    }
  }

  /** CEL compares 5000 with 50.00, and a condition that means 50 euros would hold from 50 cents on. */
  const noDecimal = (number: Shape, written: Ast): void => {
    if (number.type !== 'int' || written.op !== 'value' || typeof written.args !== 'number') return
    throw new Mistake(
      written.start,
      'This is compared with a whole number, and money is in minor units: 50.00 is written `5000`.',
    )
  }

  const walk = (node: Ast, names: Names, times: number, nested: boolean): Shape => {
    spend(times, node)
    const inner = (child: Ast): Shape => walk(child, names, times, nested)
    switch (node.op) {
      case 'value':
        if (node.args !== null && typeof node.args === 'object') {
          throw new Mistake(node.pos, 'Numbers are written plain, without `u`; bytes are not available.')
        }
        if (typeof node.args === 'bigint' && node.args > Number.MAX_SAFE_INTEGER) {
          throw new Mistake(node.pos, 'The number is too large; 9007199254740991 is the most.')
        }
        return scalar
      case 'id': {
        const shape = names.get(node.args)
        if (shape?.type === 'Order') readsOrder = true
        if (shape?.type === 'Person') readsPerson = true
        if (shape) reads.name(shape.type)
        if (shape === free) spend(times * failureCost, node)
        if (shape) return shape
        if (Object.hasOwn(variables, node.args)) {
          const where = Object.keys(scopes).filter(name =>
            (scopes[name as Scope] as readonly VariableName[]).includes(node.args as VariableName),
          )
          throw new Mistake(
            node.pos,
            `\`${node.args}\` is known only in conditions about: ${where.join(', ')}. This one is about: ${scope}.${
              node.args === 'line' ? ' To ask about any line write `order.lines.exists(item, item.sku == …)`.' : ''
            }`,
          )
        }
        throw unknown(node.pos, node.args, [...names.keys()])
      }
      case '.': {
        const [object, field] = node.args
        const { type } = inner(object)
        noteField(type, field, object)
        const fields = fieldsOf(type)
        if (!fields) {
          spend(times * failureCost, node)
          return free
        }
        if (Object.hasOwn(fields, field)) return shapeOf(fields[field]!.type)
        throw unknown(node.pos, field, Object.keys(fields), `${node.input.slice(object.start, object.end)}.`)
      }
      case '[]': {
        const [list, index] = node.args
        const { type } = inner(list)
        inner(index)
        noteField(type, index.op === 'value' ? index.args : undefined, list)
        spend(times * failureCost, node)
        return shapeOf(type === 'list<Line>' ? 'Line' : type === 'list<string>' ? 'string' : 'dyn')
      }
      case 'call': {
        const [name, args] = node.args
        callable(node.start, name, functions)
        if (fallible.includes(name)) spend(times * failureCost, node)
        if (historyFunction(name)) spend(times * historyCost, node)
        args.forEach(inner)
        noteCall(node, name, args)
        return scalar
      }
      case 'rcall': {
        const [name, receiver, args] = node.args
        const list = inner(receiver)
        const offset = node.input.indexOf(name, receiver.end)
        if (!comprehensions.includes(name)) {
          callable(offset, name, [...methods, ...comprehensions])
          if (fallible.includes(name)) spend(times * failureCost, node)
          args.forEach(inner)
          return scalar
        }
        if (nested) throw new Mistake(offset, `\`${name}\` stands inside another one; one level is the most.`)
        const variable = args[0]
        if (variable?.op !== 'id' || args.length < 2) {
          throw new Mistake(offset, `\`${name}\` needs a name first, as in \`order.lines.${name}(item, …)\`.`)
        }
        const item = list.type === 'list<Line>' ? shapeOf('Line') : list.type === 'list<string>' ? scalar : free
        const bodies = args
          .slice(1)
          .map(body => walk(body, new Map([...names, [variable.args, item]]), times * list.size, true))
        if (name === 'filter') return list
        return name === 'map'
          ? { type: 'dyn', size: list.size * Math.max(1, ...bodies.map(body => body.size)) }
          : scalar
      }
      case 'list': {
        const members = node.args.map(inner)
        return { type: 'dyn', size: members.reduce((size, member) => size + member.size, 0) }
      }
      case '!_':
      case '-_':
        inner(node.args)
        return scalar
      case '?:': {
        const [left, right] = [inner(node.args[0]), inner(node.args[1]), inner(node.args[2])].slice(1) as [Shape, Shape]
        return { type: left.type === right.type ? left.type : 'dyn', size: Math.max(left.size, right.size) }
      }
      case 'map':
        throw new Mistake(node.pos, 'Maps cannot be written in an expression.')
      default: {
        if (!operators.includes(node.op)) throw new Mistake(node.pos, `\`${node.op}\` is not available.`)
        const [a, b] = node.args as [Ast, Ast]
        const [left, right] = [inner(a), inner(b)]
        if (comparisons.includes(node.op)) {
          reads.comparison(node.op, a, b)
          noDecimal(left, b)
          noDecimal(right, a)
        }
        if (fallible.includes(node.op)) spend(times * failureCost, node)
        if (node.op === 'in') spend(times * right.size, node)
        if (node.op === '==' || node.op === '!=') spend(times * Math.min(left.size, right.size), node)
        if (node.op !== '+' || (left.size === 1 && right.size === 1)) return scalar
        spend(times * (left.size + right.size), node)
        return { type: 'dyn', size: left.size + right.size }
      }
    }
  }

  walk(ast, new Map(scopes[scope].map(name => [name, shapeOf(variables[name].type)])), 1, false)
  return {
    collections: [...named.collection],
    segments: [...named.segment],
    readsRunning,
    readsOrder,
    readsPerson,
    reads: reads.result(),
  }
}
