import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCelFacts } from './cel.ts'
import { compileCondition, evaluateCondition } from './condition.ts'
import { explainParts } from './explain-parts.ts'
import { localFacts } from './facts.ts'

const facts = toCelFacts({
  person: {
    known: true,
    identifiers: ['email', 'phone'],
    orders: { count: 3, spend: 9000 },
    segments: ['vip'],
    traits: { plan: 'gold)', score: 7 },
  },
  campaign: { id: '', name: '' },
  channel: '',
  local: localFacts(Date.UTC(2026, 2, 2, 10), 'Europe/Rome'),
  inCollection: () => false,
})

const explain = (source: string) => {
  const condition = compileCondition(source, 'segment')
  if (!condition.ok) throw new Error(condition.refusal.message)
  return { value: evaluateCondition(condition.value, facts).value, parts: explainParts(condition.value, facts) }
}
const lines = (source: string) =>
  explain(source).parts.map(({ part, depth, is, value }) => `${'  '.repeat(depth)}${is} ${value}: ${part}`)

describe('a condition is explained', () => {
  it('part by part, as it was written', () => {
    expect(
      lines("(person.known || inSegment('new')) && !(person.orders.count < 2 && person.traits.plan == 'gold)')"),
    ).toEqual([
      "all true: (person.known || inSegment('new')) && !(person.orders.count < 2 && person.traits.plan == 'gold)')",
      "  any true: person.known || inSegment('new')",
      '    part true: person.known',
      "    part false: inSegment('new')",
      "  not true: !(person.orders.count < 2 && person.traits.plan == 'gold)')",
      "    all false: person.orders.count < 2 && person.traits.plan == 'gold)'",
      '      part false: person.orders.count < 2',
      "      part true: person.traits.plan == 'gold)'",
    ])
  })

  it('with what was read, and what it was', () => {
    const [all, ...parts] = explain(
      "inSegment('vip') && 'phone' in person.identifiers && person.traits.score > 5",
    ).parts
    expect(all!.reads).toBeUndefined()
    expect(parts.map(part => part.reads)).toEqual([
      [{ what: "inSegment('vip')", value: true }],
      [{ what: 'person.identifiers', value: ['email', 'phone'] }],
      [{ what: 'person.traits.score', value: 7 }],
    ])
  })

  it('with the error of a part that has one', () => {
    const [, part] = explain("person.known && person.traits.missing == 'x'").parts.slice(1)
    expect(part).toMatchObject({
      value: false,
      error: expect.stringContaining('no_such_key'),
      reads: [{ what: 'person.traits.missing', value: null }],
    })
  })

  it('so that the first part is the whole, whatever brackets there are', () => {
    const leaf = fc.constantFrom(
      'person.known',
      'person.orders.count > 5',
      "person.traits.plan == 'gold)'",
      "inSegment('vip')",
    )
    const { tree } = fc.letrec<{ tree: string }>(tie => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.tuple(tie('tree'), fc.constantFrom('&&', '||'), tie('tree')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
        fc.tuple(tie('tree'), fc.constantFrom('&&', '||'), leaf).map(([a, op, b]) => `(${a} ${op} ${b})`),
        tie('tree').map(a => `!(${a})`),
      ),
    }))
    fc.assert(
      fc.property(tree, source => {
        const { value, parts } = explain(source)
        expect(parts[0]).toMatchObject({ depth: 0, value })
        for (const [index, { depth, is, value: whole }] of parts.entries()) {
          const after = parts.slice(index + 1)
          const end = after.findIndex(part => part.depth <= depth)
          const under = after.slice(0, end < 0 ? undefined : end).filter(part => part.depth === depth + 1)
          const values = under.map(part => part.value)
          const joined = { all: values.every(Boolean), any: values.some(Boolean), not: !values[0], part: whole }
          expect(joined[is]).toBe(whole)
          expect(under.length > 0).toBe(is !== 'part')
        }
      }),
    )
  })
})
