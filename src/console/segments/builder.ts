/**
 * The conditions that the builder can show: rules that are all true, or of which one is. It writes them as CEL, and reads what it would
 * have written; anything else stays text.
 */

export const numberFacts = {
  orders: { days: true },
  spend: { days: true, money: true },
  averageValue: { days: true, money: true },
  ordersIn: { of: 'channel', days: true },
  spendIn: { of: 'channel', days: true, money: true },
  ordersOf: { of: 'category', days: true },
  unitsOf: { of: 'category', days: true },
  spendOf: { of: 'category', days: true, money: true },
  returns: { days: true },
  events: { of: 'event', days: true },
  offersReceived: { days: true },
  offersUsed: { days: true },
  offersIgnored: { days: true },
  points: { of: 'programme', days: false },
} as const satisfies Record<string, { readonly of?: Of; readonly days: boolean; readonly money?: true }>

/** What has to be named. */
type Of = 'channel' | 'category' | 'event' | 'programme'

export const yesNoFacts = ['segment', 'consent', 'birthday', 'identifier', 'tier', 'mostlyOn', 'trait'] as const

export type NumberFact = keyof typeof numberFacts
export type YesNoFact = (typeof yesNoFacts)[number]

export const operators = ['>=', '<=', '==', '>', '<', '!='] as const
export type Operator = (typeof operators)[number]

export type NumberRule = {
  readonly fact: NumberFact
  /** Of a channel, a category, an event or a programme. */
  readonly of: string
  /** Undefined: ever. */
  readonly days: number | undefined
  readonly operator: Operator
  /** Of money in minor units. */
  readonly value: number
}

/** `of` and `more` are what the fact needs: a channel and a purpose, days before and after, a programme and a tier, a trait and its value. */
export type YesNoRule = {
  readonly fact: YesNoFact
  readonly of: string
  readonly more: string
  readonly is: boolean
}

export type Rule = NumberRule | YesNoRule
export type Rules = { readonly join: 'all' | 'any'; readonly rules: readonly Rule[] }

export const isNumberRule = (rule: Rule): rule is NumberRule => Object.hasOwn(numberFacts, rule.fact)

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
const unquoted = (text: string): string => text.slice(1, -1).replaceAll(/\\(['\\])/g, '$1')

const writeNumber = ({ fact, of, days, operator, value }: NumberRule): string => {
  if (fact === 'points') return `person.points.${of} ${operator} ${value}`
  const named = 'of' in numberFacts[fact] ? [quoted(of)] : []
  const within = days === undefined ? [] : [String(days)]
  return `${fact}(${[...named, ...within].join(', ')}) ${operator} ${value}`
}

const writeYesNo = ({ fact, of, more, is }: YesNoRule): string => {
  const not = is ? '' : '!'
  const equals = is ? '==' : '!='
  switch (fact) {
    case 'segment':
      return `${not}inSegment(${quoted(of)})`
    case 'consent':
      return `${not}consented(${quoted(of)}, ${quoted(more)})`
    case 'birthday':
      return `${not}birthdayWithin(${of}, ${more})`
    case 'identifier':
      return `${not}(${quoted(of)} in person.identifiers)`
    case 'tier':
      return `person.tiers.${of} ${equals} ${quoted(more)}`
    case 'mostlyOn':
      return `person.preferredChannel ${equals} ${quoted(of)}`
    case 'trait':
      return `${not}(has(person.traits.${of}) && person.traits.${of} == ${quoted(more)})`
  }
}

const name = /^[A-Za-z_]\w*$/

/** Whether everything that the rule needs is there. */
export const isWhole = (rule: Rule): boolean => {
  if (isNumberRule(rule)) {
    if (rule.fact === 'points') return name.test(rule.of)
    return !('of' in numberFacts[rule.fact]) || rule.of !== ''
  }
  if (rule.fact === 'birthday') return [rule.of, rule.more].every(days => /^\d{1,3}$/.test(days))
  if (rule.fact === 'tier' || rule.fact === 'trait') return name.test(rule.of) && rule.more !== ''
  return rule.of !== '' && (rule.fact !== 'consent' || rule.more !== '')
}

/**
 * Rules as CEL; those that are not whole yet are left out.
 *
 *     writeRules({ join: 'all', rules: [{ fact: 'orders', of: '', days: 30, operator: '>=', value: 2 }] })   // 'orders(30) >= 2'
 */
export const writeRules = ({ join, rules }: Rules): string =>
  rules
    .filter(isWhole)
    .map(rule => (isNumberRule(rule) ? writeNumber(rule) : writeYesNo(rule)))
    .join(join === 'all' ? ' && ' : ' || ')

const text = `'(?:[^'\\\\]|\\\\['\\\\])*'`
const callPattern = new RegExp(`^(\\w+)\\((${text})?(?:,? *(\\d{1,3}))?\\) *(>=|<=|==|!=|>|<) *(-?\\d{1,15})$`)
const pointsPattern = /^person\.points\.([A-Za-z_]\w*) *(>=|<=|==|!=|>|<) *(-?\d{1,15})$/

const readNumber = (clause: string): NumberRule | undefined => {
  const points = pointsPattern.exec(clause)
  if (points) {
    const [, of = '', operator, value] = points
    return { fact: 'points', of, days: undefined, operator: operator as Operator, value: Number(value) }
  }
  const [, called = '', named, days, operator, value] = callPattern.exec(clause) ?? []
  const fact = (Object.keys(numberFacts) as NumberFact[]).find(it => it === called && it !== 'points')
  if (fact === undefined || (named !== undefined) !== 'of' in numberFacts[fact]) return undefined
  return {
    fact,
    of: named === undefined ? '' : unquoted(named),
    days: days === undefined ? undefined : Number(days),
    operator: operator as Operator,
    value: Number(value),
  }
}

type YesNoPattern = { readonly fact: YesNoFact; readonly pattern: RegExp }

const yesNoPatterns: readonly YesNoPattern[] = [
  { fact: 'segment', pattern: new RegExp(`^inSegment\\((${text})\\)$`) },
  { fact: 'consent', pattern: new RegExp(`^consented\\((${text}), *(${text})\\)$`) },
  { fact: 'birthday', pattern: /^birthdayWithin\((\d{1,3}), *(\d{1,3})\)$/ },
  { fact: 'identifier', pattern: new RegExp(`^(${text}) in person\\.identifiers$`) },
  { fact: 'trait', pattern: new RegExp(`^has\\(person\\.traits\\.(\\w+)\\) && person\\.traits\\.\\1 == (${text})$`) },
]
const comparedPatterns: readonly YesNoPattern[] = [
  { fact: 'tier', pattern: new RegExp(`^person\\.tiers\\.(\\w+) *(==|!=) *(${text})$`) },
  { fact: 'mostlyOn', pattern: new RegExp(`^person\\.preferredChannel *(==|!=) *(${text})$`) },
]

const plain = (part: string | undefined): string =>
  part === undefined ? '' : part.startsWith("'") ? unquoted(part) : part

const readYesNo = (clause: string): YesNoRule | undefined => {
  for (const { fact, pattern } of comparedPatterns) {
    const found = pattern.exec(clause)
    if (!found) continue
    const is = found.includes('==')
    const [, first, second, third] = found
    return fact === 'tier'
      ? { fact, of: first ?? '', more: plain(third), is }
      : { fact, of: plain(second), more: '', is }
  }
  const is = !clause.startsWith('!')
  const inner = withoutBrackets(is ? clause : clause.slice(1).trim())
  for (const { fact, pattern } of yesNoPatterns) {
    const [, of, more] = pattern.exec(inner) ?? []
    if (of !== undefined) return { fact, of: plain(of), more: plain(more), is }
  }
  return undefined
}

const tokens = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|&&|\|\||[()]|[^'"&|()]+|[&|]/g

/** The parts between the signs that stand in no brackets, and which signs these are; undefined where brackets do not close. */
const partsOf = (cel: string): { readonly parts: readonly string[]; readonly signs: readonly string[] } | undefined => {
  const parts = ['']
  const signs: string[] = []
  let depth = 0
  for (const [token] of cel.matchAll(tokens)) {
    if (token === '(') depth += 1
    if (token === ')') depth -= 1
    if (depth < 0) return undefined
    if (depth === 0 && (token === '&&' || token === '||')) {
      signs.push(token)
      parts.push('')
    } else parts[parts.length - 1] += token
  }
  return depth === 0 ? { parts: parts.map(part => part.trim()), signs } : undefined
}

/** `((a) && (b))` is `(a) && (b)`: brackets go that stand around the whole of it. */
const withoutBrackets = (cel: string): string => {
  if (!cel.startsWith('(') || !cel.endsWith(')')) return cel
  const inner = cel.slice(1, -1).trim()
  return partsOf(inner) === undefined ? cel : withoutBrackets(inner)
}

/**
 * What CEL says, where the builder can show it.
 *
 *     readRules("orders(30) >= 2 && !inSegment('vip')")   // { join: 'all', rules: [ … ] }
 *     readRules('person.returns == 0 || local.month == 12')   // undefined
 */
export const readRules = (cel: string): Rules | undefined => {
  if (cel.trim() === '') return { join: 'all', rules: [] }
  const whole = withoutBrackets(cel.trim())
  // A trait alone is two conditions that belong together.
  const alone = readYesNo(whole)
  if (alone) return { join: 'all', rules: [alone] }
  const split = partsOf(whole)
  if (!split || new Set(split.signs).size > 1) return undefined
  const rules = split.parts.map(part => readNumber(withoutBrackets(part)) ?? readYesNo(part))
  if (!rules.every(rule => rule !== undefined)) return undefined
  return { join: split.signs[0] === '||' ? 'any' : 'all', rules }
}
