import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Holder, holderIdOf, type Link, personIdOf, personsOf, personsTouched } from './union.ts'

const holder = (name: string, createdAt: number): Holder => ({ id: `hol_${name}`, createdAt })
const link = (a: string, b: string, verified = true): Link => ({ a: `hol_${a}`, b: `hol_${b}`, verified })
const persons = (holders: Holder[], links: Link[]) => Object.fromEntries(personsOf(holders, links))

describe('persons', () => {
  const holders = [holder('a', 3), holder('b', 2), holder('c', 1)]
  test.each<[string, Link[], Record<string, string>]>([
    ['without links each holder is one', [], { hol_a: 'per_a', hol_b: 'per_b', hol_c: 'per_c' }],
    ['a verified link unites under the oldest', [link('a', 'b')], { hol_a: 'per_b', hol_b: 'per_b', hol_c: 'per_c' }],
    ['an unverified link does not', [link('a', 'b', false)], { hol_a: 'per_a', hol_b: 'per_b', hol_c: 'per_c' }],
    ['links chain', [link('a', 'b'), link('b', 'c')], { hol_a: 'per_c', hol_b: 'per_c', hol_c: 'per_c' }],
    ['a holder linked to itself changes nothing', [link('a', 'a')], { hol_a: 'per_a', hol_b: 'per_b', hol_c: 'per_c' }],
  ])('%s', (_, links, expected) => {
    expect(persons(holders, links)).toEqual(expected)
  })

  test('of the same age the smaller id names the person', () => {
    expect(persons([holder('z', 1), holder('y', 1)], [link('z', 'y')])).toEqual({ hol_z: 'per_y', hol_y: 'per_y' })
  })

  test('a verified link to a holder that was not given is a bug', () => {
    expect(() => persons(holders, [link('a', 'x')])).toThrow('leads outside the given holders')
  })

  test('a long chain does not exhaust the stack', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => holder(String(index).padStart(5, '0'), index))
    const chain = many.slice(1).map((next, index) => ({ a: next.id, b: many[index]!.id, verified: true }))
    expect(new Set(personsOf(many, chain.reverse()).values())).toEqual(new Set(['per_00000']))
  })
})

test('ids of holders and persons lead to each other', () => {
  expect(personIdOf('hol_x1')).toBe('per_x1')
  expect(holderIdOf('per_x1')).toBe('hol_x1')
  expect(() => holderIdOf('hol_x1')).toThrow('per_')
})

const graph = fc
  .array(fc.nat(5), { minLength: 1, maxLength: 12 })
  .chain(ages => {
    const holders = ages.map((age, index) => holder(String(index), age))
    const at = fc.nat(holders.length - 1).map(index => holders[index]!.id)
    const links = fc.array(fc.record({ a: at, b: at, verified: fc.boolean() }), { maxLength: 16 })
    return fc.record({ holders: fc.constant(holders), links, cut: fc.nat(16), seed: fc.infiniteStream(fc.nat()) })
  })
  .map(({ seed, ...rest }) => {
    const shuffle = <T>(items: readonly T[]): T[] =>
      items
        .map(item => ({ item, key: seed.next().value as number }))
        .sort((left, right) => left.key - right.key)
        .map(({ item }) => item)
    return { ...rest, shuffle }
  })

const sorted = (map: Map<string, string>) => [...map].sort()

describe('promise 9', () => {
  test('arrival order, repetition and direction of links do not matter', () => {
    fc.assert(
      fc.property(graph, ({ holders, links, shuffle }) => {
        const turned = links.map(({ a, b, verified }) => ({ a: b, b: a, verified }))
        const again = personsOf(shuffle(holders), shuffle([...links, ...turned, ...links]))
        expect(sorted(again)).toEqual(sorted(personsOf(holders, links)))
      }),
    )
  })

  test('two holders are one person exactly if a verified path joins them, named by the oldest on it', () => {
    fc.assert(
      fc.property(graph, ({ holders, links }) => {
        const found = personsOf(holders, links)
        for (const { id } of holders) {
          const reached = new Set([id])
          for (let size = 0; size < reached.size; ) {
            size = reached.size
            for (const { a, b } of links.filter(one => one.verified)) {
              if (reached.has(a)) reached.add(b)
              if (reached.has(b)) reached.add(a)
            }
          }
          const [oldest] = holders
            .filter(other => reached.has(other.id))
            .sort((left, right) => left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1))
          expect(found.get(id)).toBe(personIdOf(oldest!.id))
        }
      }),
    )
  })

  test('removing links undoes what they did', () => {
    fc.assert(
      fc.property(graph, ({ holders, links, cut, shuffle }) => {
        const before = links.slice(0, cut)
        const all = shuffle(links)
        const remaining = all.filter(one => before.includes(one))
        expect(sorted(personsOf(holders, remaining))).toEqual(sorted(personsOf(holders, before)))
      }),
    )
  })

  test('a batch that loads only the components it touches ends where the whole computation ends', () => {
    let touchedInAll = 0
    fc.assert(
      fc.property(graph, ({ holders, links, cut }) => {
        const existing = links.slice(0, cut)
        const added = links.slice(cut)
        const before = personsOf(holders, existing)
        const touchedBefore = new Set(added.flatMap(({ a, b }) => [before.get(a), before.get(b)]))
        const loaded = holders.filter(({ id }) => touchedBefore.has(before.get(id)))
        const loadedLinks = existing.filter(({ a }) => touchedBefore.has(before.get(a)))

        const touched = personsTouched(loaded, loadedLinks, added)

        touchedInAll += touched.size
        expect(sorted(new Map([...before, ...touched]))).toEqual(sorted(personsOf(holders, links)))
      }),
    )
    expect(touchedInAll).toBeGreaterThan(0)
  })

  test('components among the loaded that no new verified link touches are left out', () => {
    const holders = [holder('a', 1), holder('b', 2), holder('c', 3), holder('d', 4)]
    const touched = personsTouched(holders, [link('c', 'd')], [link('a', 'b'), link('c', 'a', false)])
    expect(Object.fromEntries(touched)).toEqual({ hol_a: 'per_a', hol_b: 'per_a' })
  })
})
