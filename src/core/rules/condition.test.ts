import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { forCampaign, forLine, toCelFacts, withRunning } from './cel.ts'
import {
  type Condition,
  collectionsIn,
  compileCondition,
  evaluateCondition,
  explainFalse,
  holdsWithoutOrder,
  segmentsIn,
} from './condition.ts'
import { compileExpression, type Expression, evaluateExpression } from './expression.ts'
import { type Facts, factTypes, localFacts, nobody, ruleFunctions, type Scope, scopes } from './facts.ts'

const compiled = (source: string, scope: Scope = 'order'): Condition => {
  const result = compileCondition(source, scope)
  if (!result.ok) throw new Error(result.refusal.message)
  return result.value
}

const amount = (source: string, scope: Scope = 'order'): Expression<'int'> => {
  const result = compileExpression(source, scope, 'int')
  if (!result.ok) throw new Error(result.refusal.message)
  return result.value
}

const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
const { collections, ...example } = JSON.parse(/```json\n([\s\S]*?)```/.exec(readme)![1]!) as Omit<
  Facts,
  'inCollection'
> & { collections: Record<string, string[]> }
const facts: Facts = { ...example, inCollection: (sku, name) => collections[name]?.includes(sku) ?? false }
const celFacts = toCelFacts(facts)
const celLine = forLine(celFacts, 0)

const ask = (source: string, scope: Scope = 'order', about = celFacts) =>
  evaluateCondition(compiled(source, scope), about)

describe('the example of the README', () => {
  const rows = [...readme.matchAll(/^\| (order|line|event|request) +\| `([^`]+)` +\| ([^\d].*?) +\|$/gm)]
  it('has its rows', () => expect(rows).toHaveLength(13))

  test.each(rows.map(row => row.slice(1) as [Scope, string, string]))('%s: %s is %s', (scope, source, answer) => {
    const about = scope === 'line' ? celLine : celFacts
    const condition = compiled(source, scope)
    const { value, error } = evaluateCondition(condition, about)
    const [missing] = explainFalse(condition, about).filter(part => part.missing)
    const words = [
      String(value),
      error !== undefined && `error \`\`${error} \`\``,
      missing && `missing \`${JSON.stringify(missing.missing)}\` in \`${missing.part}\``,
    ]
    expect(words.filter(Boolean).join(', ')).toBe(answer)
  })
})

describe('the amounts of the README', () => {
  const rows = [...readme.matchAll(/^\| (order|line) +\| `([^`]+)` +\| (\d+) +\|$/gm)]
  it('has its rows', () => expect(rows).toHaveLength(4))

  test.each(rows.map(row => row.slice(1) as [Scope, string, string]))('%s: %s is %s', (scope, source, answer) => {
    const running = withRunning(celFacts, 720, [720])
    const about = scope === 'line' ? forLine(running, 0) : running
    expect(evaluateExpression(amount(source, scope), about)).toEqual({ value: Number(answer) })
  })
})

describe('every documented example', () => {
  const examples = [...Object.values(factTypes).flatMap(type => Object.values(type)), ...Object.values(ruleFunctions)]
  test.each(examples.map(each => each.example))('%s is a condition of some scope', source => {
    const accepted = (Object.keys(scopes) as Scope[]).filter(scope => compileCondition(source, scope).ok)
    expect(accepted).not.toEqual([])
  })
})

describe('a condition', () => {
  test.each<[string, boolean]>([
    ['order.subtotal * 2 == 1800', true],
    ['order.subtotal / 100 * 100 == 900', true],
    ['order.lines.filter(item, item.quantity > 1).size() == 1', true],
    ["order.lines.map(item, item.sku) == ['LATTE']", true],
    ["order.lines.all(item, item.category == 'coffee')", true],
    ["order.lines.exists_one(item, item.sku == 'LATTE')", true],
    ["order.lines[0].sku.lowerAscii() == 'latte'", true],
    ["'email' in person.identifiers && !('phone' in person.identifiers)", true],
    ["person.traits.plan == 'gold'", true],
    ["has(person.traits.plan) ? person.traits.plan == 'silver' : true", false],
    ["campaign.name == 'Spring' && location == 'store-12'", true],
    ["person.orders.lastAt > '2026-01-31'", true],
    ['between(order.subtotal, 900, 900)', true],
    ['between(order.subtotal, 901, 2000)', false],
    ["inCollection('LATTE', 'lunch')", false],
    ["inSegment('vip') && !inSegment('VIP')", true],
    ["'vip' in person.segments && 'card' in order.tenders", true],
    ["person.orders.averageValue == 1550 && person.birthday == '1990-03-04'", true],
    ['order.total == 900 && order.lines.all(item, item.total == 900)', true],
    ["order.lines.exists(person, inSegment('vip') && birthdayWithin(3, 0))", true],
    // The name of an iteration cannot hide what our functions read.
    ["order.lines.exists(local, daysSince('2026-02-28') == 1)", true],
  ])('%s is %s', (source, value) => {
    expect(ask(source)).toEqual({ value })
  })

  it('sees the facts that are left out as empty', () => {
    const empty = toCelFacts({
      person: nobody,
      campaign: { id: 'cmp_1', name: '' },
      channel: 'web',
      local: localFacts(0, 'UTC'),
      inCollection: () => false,
    })
    const newer =
      'order.total == 0 && order.tenders.size() == 0 && person.segments.size() == 0 && person.orders.averageValue == 0 && ' +
      "person.birthday == '' && !inSegment('vip') && !birthdayWithin(366, 366)"
    expect(ask(newer, 'order', empty)).toEqual({ value: true })
    expect(ask("moment == ''", 'request', empty)).toEqual({ value: true })
    const source =
      "order.id == '' && order.subtotal == 0 && order.lines.size() == 0 && location == '' && person.id == '' && " +
      "!person.known && person.orders.lastAt == '' && !has(person.traits.plan) && local.date == '1970-01-01'"
    expect(ask(source, 'order', empty)).toEqual({ value: true })
    expect(ask("line.sku == '' && line.name == ''", 'line', empty)).toEqual({ value: true })
    expect(ask("event.name == '' && event.properties.size() == 0", 'event', empty)).toEqual({ value: true })
  })

  it('is asked about each line, and for each campaign', () => {
    const two = toCelFacts({
      ...facts,
      order: { ...facts.order!, lines: [...facts.order!.lines, { ...facts.order!.lines[0]!, sku: 'TEA' }] },
    })
    const latte = compiled("line.sku == 'LATTE' && order.lines.size() == 2", 'line')
    expect([0, 1].map(index => evaluateCondition(latte, forLine(two, index)).value)).toEqual([true, false])
    expect(() => forLine(two, 2)).toThrow(RangeError)
    expect(ask("campaign.id == 'cmp_2'", 'order', forCampaign(two, { id: 'cmp_2', name: 'Summer' })).value).toBe(true)
  })

  it('reads numbers, lists and odd keys of properties as JSON has them', () => {
    const about = toCelFacts({
      ...facts,
      event: {
        id: 'evt-1',
        name: 'Reviewed',
        properties: { rating: 4, score: 4.5, tags: ['a', 1, null], constructor: 'x', nested: { hasOwnProperty: 1 } },
      },
    })
    const source =
      "event.properties.rating * 2 == 8 && event.properties.score > 4.4 && 'a' in event.properties.tags && " +
      "event.properties.constructor == 'x' && event.properties.nested.hasOwnProperty == 1 && " +
      'event.properties.tags[2] == null && !has(event.properties.toString)'
    expect(ask(source, 'event', about)).toEqual({ value: true })
  })

  test.each<[string, string]>([
    ["order.subtotal > 100 && person.traits.vip == 'yes'", 'no_such_key in `person.traits.vip`'],
    ['order.subtotal / order.shipping > 1', 'division_by_zero in `order.subtotal / order.shipping`'],
    ["daysSince('') > 1", "invalid_argument in `''`"],
    ['order.lines[1].quantity == 2', 'index_out_of_bounds in `order.lines[1]`'],
    ['person.traits.plan > 5', 'no_such_overload in `person.traits.plan > 5`'],
    ['person.traits.plan && true', 'invalid_logical_operand in `person.traits.plan`'],
    [
      'inCollection(person.traits.plan, "breakfast") || person.traits.plan * 2 == 4',
      'no_such_overload in `person.traits.plan * 2`',
    ],
  ])('%s is false with the error %s', (source, error) => {
    expect(ask(source)).toEqual({ value: false, error })
  })

  test.each<[string, boolean]>([
    ['person.traits.vip == true && order.subtotal > 5000', false],
    ['person.traits.vip == true || order.subtotal > 100', true],
    ['order.lines.exists(item, item.attributes.color == 1 || item.quantity == 2)', true],
  ])('%s is %s in spite of the error in it', (source, value) => {
    expect(ask(source)).toEqual({ value })
  })

  it('leaves the stack traces of others alone', () => {
    const before = Error.stackTraceLimit
    ask('person.traits.vip == 1')
    expect([Error.stackTraceLimit, before > 0]).toEqual([before, true])
  })

  it('of a broken fact is an error, no crash', () => {
    const broken = toCelFacts({
      ...facts,
      order: { ...facts.order!, subtotal: 0.5 },
      inCollection: () => {
        throw new Error('collection of ana@example.com is gone')
      },
    })
    expect(ask('order.subtotal == 1', 'order', broken)).toEqual({
      value: false,
      error: 'failure in `order.subtotal == 1`',
    })
    expect(ask("inCollection('a', 'b')", 'order', broken)).toEqual({
      value: false,
      error: "failure in `inCollection('a', 'b')`",
    })
  })
})

describe('what is refused when saved', () => {
  const clock = 'is not available, because it would not know the offer’s time zone: use `local.date`'
  test.each<[Scope, string, number, string, string?]>([
    ['order', 'order.subtotl >= 2000', 7, 'did you mean `order.subtotal`?', 'order.subtotal'],
    ['order', 'order.totl >= 2000', 7, 'did you mean `order.total`?', 'order.total'],
    ['order', 'has(order.totl)', 11, 'did you mean `order.total`?', 'order.total'],
    ['order', "order.lines[0].ske == 'a'", 16, 'did you mean `order.lines[0].sku`?', 'order.lines[0].sku'],
    ['order', 'order.lines.exists(i, i.quantty > 1)', 25, 'did you mean `i.quantity`?', 'i.quantity'],
    ['order', 'ordr.subtotal >= 2000', 1, 'did you mean `order`?', 'order'],
    ['order', 'order.xyzzy == 1', 7, 'Known are: id, currency, subtotal'],
    ['order', "line.sku == 'x'", 1, 'To ask about any line write `order.lines.exists(item, item.sku == …)`'],
    ['event', "event.name == '' && order.id == ''", 21, '`order` is known only in conditions about: order, line.'],
    ['line', "inColection(line.sku, 'x')", 1, 'did you mean `inCollection`?', 'inCollection'],
    ['line', 'inCollection(line.sku, line.category)', 24, 'Write the name of the collection out'],
    ['order', 'inSegment(channel)', 11, 'Write the name of the segment out, as in `inSegment('],
    ['order', 'inSegment()', 1, 'Write the name of the segment out'],
    ['order', 'inSegmnt("vip")', 1, 'did you mean `inSegment`?', 'inSegment'],
    ['order', 'birthdayWithin(-3, 3)', 16, 'Write the days out, from 0 to 366'],
    ['order', 'birthdayWithin(3, order.quantity)', 19, 'Write the days out'],
    ['order', 'birthdayWithin(3, 367)', 19, 'Write the days out'],
    ['order', 'birthdayWithin(3)', 1, 'birthdayWithin'],
    ['request', "moment == 'call' && order.id == ''", 21, '`order` is known only in conditions about: order, line.'],
    ['order', "moment == 'call'", 1, 'known only in conditions about: request. This one is about: order.'],
    ['line', "inCollection(line.quantity, 'x')", 19, "inCollection takes a string, not 'int'"],
    ['order', 'daysSince(order.subtotal) > 1', 17, "daysSince takes a string, not 'int'"],
    ['order', "order.id.startWith('x')", 10, 'did you mean `startsWith`?', 'startsWith'],
    ['order', 'order.subtotal = 5', 16, 'did you mean `==`?', '=='],
    ['order', 'person.known and order.subtotal > 4', 14, 'did you mean `&&`?', '&&'],
    [
      'order',
      "order.subtotal >= '5'",
      1,
      'The types do not fit: int >= string. Numbers are written without quotes, texts with.',
    ],
    ['order', 'order.subtotal * 1.1 > 3.0', 1, 'The types do not fit: int * double. Money is whole: a tenth is `/ 10`'],
    ['order', 'order.subtotal >= 50.00', 19, 'money is in minor units: 50.00 is written `5000`'],
    ['line', '9.5 < line.unitPrice', 1, 'money is in minor units: 50.00 is written `5000`'],
    ['order', 'order.subtotal >> 5', 17, '`>` is not expected here.'],
    ['order', "between(order.subtotal, 1, 'a')", 1, "The types do not fit: 'between(int, int, string)'."],
    ['order', 'order.subtotal', 1, 'must be true or false, this one is of type int'],
    ['order', 'person.traits.vip', 1, 'compare it, as in `person.traits.vip == true`'],
    ['order', 'order.subtotal >', 17, 'ends too early'],
    ['order', '', 1, 'ends too early'],
    ['order', "order.id == 'x", 13, 'Unterminated string.'],
    ['order', "timestamp('2026-01-01T00:00:00Z') == null", 1, `\`timestamp\` ${clock}`],
    ['order', "order.subtotal > 1 && duration('1h') == null", 23, `\`duration\` ${clock}`],
    ['order', 'order.id.getHours() == 3', 10, `\`getHours\` ${clock}`],
    ['order', "order.id.matches('(a+)+$')", 10, 'Patterns are not available'],
    ['order', 'order.lines.exists(a, order.lines.exists(b, a.sku == b.sku))', 35, 'one level is the most'],
    ['order', 'order.lines.exists(a, a in order.lines)', 23, 'too costly'],
    ['order', 'order.lines.map(l, order.lines + order.lines).size() > 1', 20, 'too costly'],
    ['order', `order.lines.exists(l, ${Array(9).fill('l.attributes.a == 1').join('||')})`, 183, 'too costly'],
    ['order', `order.lines.exists(l, ${Array(9).fill('int(l.sku) == 1').join('||')})`, 142, 'too costly'],
    ['order', 'order.lines.exists(l)', 13, '`exists` needs a name first'],
    ['order', 'order.lines.exists(1, true)', 20, 'invalid predicate iteration variable'],
    ['order', "cel.bind(x, 'a', x + x) == 'aa'", 1, '`cel` is not known'],
    ['order', "{'a': 1}['a'] == 1", 1, 'Maps cannot be written'],
    ['order', "b'x' == b'y'", 1, 'bytes are not available'],
    ['order', '1u == 1u', 1, 'without `u`'],
    ['order', 'type(order) == type(order)', 1, '`type` is not known'],
    ['order', 'order.subtotal > 9007199254740992', 18, 'too large'],
    ['order', `'${'x'.repeat(2000)}' == ''`, 2001, 'longer than 2000 characters'],
    ['order', `${'('.repeat(900)}true${')'.repeat(900)}`, 51, 'maxDepth'],
    ['order', Array(300).fill('true').join('||'), 1, 'maxAstNodes'],
  ])('%s: %s at column %i: %s', (scope, source, column, mistake, meant) => {
    const result = compileCondition(source, scope)
    if (result.ok) throw new Error('was accepted')
    const { code, message, details } = result.refusal
    expect(code).toBe('condition_invalid')
    expect(message).toContain(mistake)
    expect(details).toMatchObject({ source, line: 1, column, offset: column - 1 })
    expect(details.suggestion).toBe(meant)
  })

  it('has its line and column', () => {
    const result = compileCondition('person.known &&\n  order.subtotl > 1', 'order')
    expect(result).toMatchObject({ ok: false, refusal: { details: { line: 2, column: 9, offset: 24 } } })
  })
})

test('the segments a condition needs are known without running it', () => {
  expect(segmentsIn(compiled("inSegment('b') || !inSegment('a') && inSegment('b')"))).toEqual(['b', 'a'])
  expect(segmentsIn(compiled("'vip' in person.segments"))).toEqual([])
})

test('the collections a condition needs are known without running it', () => {
  const source =
    "inCollection(line.sku, 'b') || inCollection(line.sku, 'a') && inCollection(line.name, 'b') || line.sku == 'c'"
  expect(collectionsIn(compiled(source, 'line'))).toEqual(['b', 'a'])
  expect(collectionsIn(compiled('true'))).toEqual([])
})

describe('why a condition is false', () => {
  test.each<[string, unknown]>([
    ['order.subtotal >= 2000', [{ part: 'order.subtotal >= 2000', missing: { subtotal: 1100 } }]],
    ['order.subtotal > 2000', [{ part: 'order.subtotal > 2000', missing: { subtotal: 1101 } }]],
    ['2000 <= order.subtotal', [{ part: '2000 <= order.subtotal', missing: { subtotal: 1100 } }]],
    ['2000 < order.subtotal', [{ part: '2000 < order.subtotal', missing: { subtotal: 1101 } }]],
    ['order.quantity >= 3 && person.known', [{ part: 'order.quantity >= 3', missing: { quantity: 1 } }]],
    ['order.subtotal < 900', [{ part: 'order.subtotal < 900' }]],
    ['order.total >= 1000', [{ part: 'order.total >= 1000', missing: { total: 100 } }]],
    [
      "order.lines.exists(item, item.sku == 'MUG')",
      [{ part: "order.lines.exists(item, item.sku == 'MUG')", missing: { item: "item.sku == 'MUG'" } }],
    ],
    [
      "person.known && (order.lines.exists(it, it.category == 'tea' && it.quantity > 1))",
      [
        {
          part: "order.lines.exists(it, it.category == 'tea' && it.quantity > 1)",
          missing: { item: "it.category == 'tea' && it.quantity > 1" },
        },
      ],
    ],
    ["order.lines.all(item, item.sku == 'MUG')", [{ part: "order.lines.all(item, item.sku == 'MUG')" }]],
    ["local.date >= '2099-03-05'", [{ part: "local.date >= '2099-03-05'", missing: { date: '2099-03-05' } }]],
    ["local.date > '2099-02-28'", [{ part: "local.date > '2099-02-28'", missing: { date: '2099-03-01' } }]],
    ["'2099-03-05' == local.date", [{ part: "'2099-03-05' == local.date", missing: { date: '2099-03-05' } }]],
    ["local.date == '2020-03-05'", [{ part: "local.date == '2020-03-05'" }]],
    ["local.date <= '2020-03-05'", [{ part: "local.date <= '2020-03-05'" }]],
    ["local.date >= 'soon'", [{ part: "local.date >= 'soon'" }]],
    ['order.shipping > 0', [{ part: 'order.shipping > 0' }]],
    [
      "person.known && (order.subtotal >= 2000 && (channel == 'web')) && (order.quantity == 2)",
      [{ part: 'order.subtotal >= 2000', missing: { subtotal: 1100 } }, { part: "channel == 'web'" }],
    ],
    ["(channel == 'web' || order.id == '&&') && true", [{ part: "channel == 'web' || order.id == '&&'" }]],
    ['order.subtotal - (order.subtotal - 1) > 5 && true', [{ part: 'order.subtotal - (order.subtotal - 1) > 5' }]],
    [
      "person.traits.vip == true && channel == 'store'",
      [{ part: 'person.traits.vip == true', error: 'no_such_key in `person.traits.vip`' }],
    ],
    ["channel == 'web' // && location == ''\n && true", [{ part: "channel == 'web' // && location == ''\n && true" }]],
    ['person.known && order.subtotal >= 900', []],
    ['person.known && inSegment("none")', [{ part: 'inSegment("none")' }]],
  ])('%s: %j', (source, parts) => {
    expect(explainFalse(compiled(source), celFacts)).toEqual(parts)
  })

  test.each<[string, unknown]>([
    ['local.weekday in [6, 7]', { weekday: [6, 7] }],
    ['local.weekday >= 6', { weekday: [6, 7] }],
    ['local.weekday == 3', { weekday: [3] }],
    ['5 < local.weekday', { weekday: [6, 7] }],
    ['between(local.hour, 17, 18)', { hour: [17, 18] }],
    ['local.hour < 2', { hour: [0, 1] }],
    ['local.hour <= 2', { hour: [0, 1, 2] }],
    ['local.hour > 30', undefined],
    ['local.weekday in [order.quantity]', undefined],
    ['local.hour == local.weekday', undefined],
  ])('by the clock, which says 10:00 on a Monday: %s lacks %j', (source, missing) => {
    const monday = toCelFacts({ ...facts, local: localFacts(Date.UTC(2026, 2, 2, 10), 'UTC') })
    expect(explainFalse(compiled(source), monday)).toEqual([
      { part: source, ...(missing !== undefined && { missing }) },
    ])
  })
})

describe('while there is no order, a condition', () => {
  const { order: _order, ...withoutOrder } = example
  const noOrder = toCelFacts({ ...withoutOrder, inCollection: () => false })
  test.each([
    ['order.subtotal >= 2000', true],
    ["order.subtotal >= 2000 && channel == 'store'", true],
    ["order.subtotal >= 2000 && channel == 'web'", false],
    ["(order.lines.exists(item, item.sku == 'A') || channel == 'web') && person.known", true],
    ["channel == 'web' || person.orders.count > 1000", false],
    ['person.traits.nobodySaidSo == true', false],
    ['order.lines[0].unitPrice > 5', true],
  ])('holds as far as it is not about the order: %s is %s', (source, holds) => {
    expect(holdsWithoutOrder(compiled(source), noOrder)).toBe(holds)
  })
})

describe('an accepted condition', () => {
  const number = fc.constantFrom('0', '1', '2000', '-3', 'order.subtotal', 'order.total', 'person.orders.averageValue')
  const text = fc.constantFrom(
    "'web'",
    "''",
    'channel',
    'order.id',
    'local.date',
    'person.orders.lastAt',
    "'2026-01-31'",
  )
  const free = fc.constantFrom('person.traits.a', 'person.traits.b', 'order.lines[0].attributes.a', 'null')
  const { condition: wellTyped } = fc.letrec<{ condition: string; sum: string }>(tie => ({
    sum: fc.oneof(
      { depthSize: 'small' },
      number,
      fc.tuple(tie('sum'), fc.constantFrom('+', '-', '*', '/', '%'), tie('sum')).map(parts => `(${parts.join(' ')})`),
      text.map(each => `daysSince(${each})`),
      text.map(each => `size(${each})`),
      text.map(each => `int(${each})`),
    ),
    condition: fc.oneof(
      { depthSize: 'medium' },
      fc.tuple(tie('sum'), fc.constantFrom('==', '!=', '<', '<=', '>', '>='), tie('sum')).map(parts => parts.join(' ')),
      fc.tuple(text, fc.constantFrom('==', '!=', '<', '>='), text).map(parts => parts.join(' ')),
      fc.tuple(free, fc.constantFrom('==', '!='), fc.oneof(number, text, free)).map(parts => parts.join(' ')),
      fc.tuple(free, fc.constantFrom('<', '>='), number).map(parts => parts.join(' ')),
      text.map(each => `inCollection(${each}, 'breakfast')`),
      fc.constantFrom("inSegment('vip')", 'birthdayWithin(3, 3)', "'card' in order.tenders"),
      fc.tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition')).map(parts => `(${parts.join(' ')})`),
      fc.tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition')).map(parts => parts.join(' ')),
      tie('condition').map(each => `!(${each})`),
      fc
        .tuple(tie('condition'), tie('condition'), tie('condition'))
        .map(([test, yes, no]) => `((${test}) ? (${yes}) : (${no}))`),
    ),
  }))
  const words =
    "order line person event local channel . . . subtotal lines traits sku a ( ) ( ) [ ] , && || ! == != < > + - * / % in ? : 1 0 2.5 9007199254740991 'x' '' null true has size exists all map filter int string double daysSince between inCollection inSegment birthdayWithin total substring { } \" 1u b'x' \n //"
  const garbage = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(fc.constantFrom(...words.split(' ')), { maxLength: 14 }).map(parts => parts.join(' ')),
    fc.array(fc.constantFrom(...words.split(' ')), { maxLength: 8 }).map(parts => parts.join('')),
  )
  const broken = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<T> =>
    fc.oneof({ weight: 5, arbitrary: good }, { weight: 1, arbitrary: fc.anything() as fc.Arbitrary<T> })
  const count = broken(fc.oneof(fc.nat(3000), fc.maxSafeNat()))
  const map = broken(fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), fc.anything()))
  const string = broken(fc.constantFrom('', 'web', 'LATTE', '2026-01-31'))
  const line = broken(
    fc.record({ id: string, sku: string, quantity: count, unitPrice: count, subtotal: count, attributes: map }),
  )
  const anyFacts: fc.Arbitrary<Facts> = fc.record({
    order: fc.record({
      id: string,
      currency: string,
      subtotal: count,
      quantity: count,
      shipping: count,
      channel: string,
      tenders: broken(fc.array(string, { maxLength: 2 })),
      lines: broken(fc.array(line, { maxLength: 3 })),
    }),
    person: fc.record({
      known: broken(fc.boolean()),
      identifiers: broken(fc.array(string, { maxLength: 2 })),
      orders: broken(fc.record({ count, spend: count, lastAt: string })),
      segments: broken(fc.array(string, { maxLength: 2 })),
      birthday: string,
      traits: map,
    }),
    campaign: fc.record({ id: string, name: string }),
    channel: string,
    local: fc.constant(facts.local),
    inCollection: fc.constant(facts.inCollection),
  })

  const endsWell = (condition: Condition, given: Facts): 'true' | 'false' | 'error' => {
    const about = toCelFacts(given)
    const verdict = evaluateCondition(condition, about)
    expect(typeof verdict.value).toBe('boolean')
    if (verdict.error !== undefined) expect(verdict).toEqual({ value: false, error: expect.any(String) })
    // The parts say the same as the whole.
    expect(explainFalse(condition, about).length === 0).toBe(verdict.value)
    return verdict.error === undefined ? (String(verdict.value) as 'true' | 'false') : 'error'
  }

  it('ends in true, false or an error, whatever the facts', () => {
    const seen = { true: 0, false: 0, error: 0, refused: 0 }
    fc.assert(
      fc.property(wellTyped, anyFacts, (source, given) => {
        const result = compileCondition(source, 'order')
        seen[result.ok ? endsWell(result.value, given) : 'refused']++
      }),
      { numRuns: 1500 },
    )
    // Otherwise the property says nothing.
    expect(Object.values(seen).every(times => times > 30)).toBe(true)
  })

  it('also when the text is garbage, which is refused with its place', () => {
    const seen = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(garbage, anyFacts, (source, given) => {
        const result = compileCondition(source, 'order')
        seen[result.ok ? 'accepted' : 'refused']++
        if (result.ok) {
          endsWell(result.value, given)
          return
        }
        const { offset, line, column } = result.refusal.details as Record<string, number>
        expect(offset! >= 0 && offset! <= source.length).toBe(true)
        const start =
          source
            .split('\n')
            .slice(0, line! - 1)
            .join('\n').length + (line! > 1 ? 1 : 0)
        expect(start + column! - 1).toBe(offset)
      }),
      { numRuns: 2000 },
    )
    expect(seen.refused).toBeGreaterThan(500)
  })
})
