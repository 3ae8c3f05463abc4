import { describe, expect, it } from 'vitest'
import type { Needs } from './item.ts'
import { namesOf, pick } from './pick.ts'

const waiting = (name: string, needs: Needs, weight = 1) => ({
  name,
  item: {
    workspaceId: 'default',
    needs,
    fromBrowser: false,
    weight,
    bytes: 1,
    decide: () => ({ text: '', status: 200 }),
  },
})
const card = (value: string) => ({ type: 'loyaltyCard', value })
const gift = (name: string, from: string, to: string) => waiting(name, { identifiers: [card(from), card(to)] })
const most = { items: 4, weight: 10 }

const picked = (...asked: Parameters<typeof pick<ReturnType<typeof waiting>>>) => {
  const { batch, rest } = pick(...asked)
  return { batch: batch.map(it => it.name), rest: rest.map(it => it.name) }
}

describe('the next batch of a queue', () => {
  it('takes whatever comes first while nothing is under way, also twice about the same', () => {
    const queue = ['a', 'b', 'c', 'd', 'e'].map(name => gift(name, 'ana', 'ben'))
    expect(picked(queue, [], most)).toEqual({ batch: ['a', 'b', 'c', 'd'], rest: ['e'] })
  })

  it('takes as much as fits, and a large one alone', () => {
    const heavy = (name: string, weight: number) => waiting(name, {}, weight)
    expect(picked([heavy('a', 6), heavy('b', 4), heavy('c', 1)], [], most)).toEqual({ batch: ['a', 'b'], rest: ['c'] })
    expect(picked([heavy('a', 30), heavy('b', 1)], [], most)).toEqual({ batch: ['a'], rest: ['b'] })
  })

  it('leaves what is about the same as a batch under way, and whoever asks about that later behind it', () => {
    const queue = [gift('a', 'ana', 'eva'), gift('b', 'eva', 'fay'), gift('c', 'cem', 'dan'), gift('d', 'fay', 'gus')]
    expect(picked(queue, [[gift('x', 'ana', 'ben')]], most)).toEqual({ batch: ['c'], rest: ['a', 'b', 'd'] })
  })

  it('takes nothing where all are about the one that everybody wants', () => {
    const queue = [gift('a', 'ana', 'hot'), gift('b', 'ben', 'hot')]
    expect(picked(queue, [[gift('x', 'cem', 'hot')]], most)).toEqual({ batch: [], rest: ['a', 'b'] })
  })

  it('sees everything by which items can name the same', () => {
    const at = { channel: 'web', location: null }
    const asset = 'credit:EUR'
    const needs: readonly (readonly [Needs, Needs])[] = [
      [{ orders: ['web-1'] }, { returns: [{ orderId: 'web-1', id: 'r-1' }] }],
      [{ identifiers: [card('ana')] }, { subjects: [card('ana')] }],
      [
        { happenings: [{ name: 'Seen', ...card('ana') }] },
        { events: [{ ...at, ...card('ana'), messageId: 'm', name: 'n' }] },
      ],
      [{ links: [['loyaltyCard:ana', 'email:a']] }, { identifiers: [card('ana')] }],
      [{ holders: ['hol_1'] }, { components: ['hol_1'] }],
      [{ codes: ['GIFT'] }, { giftCards: ['GIFT'] }],
      [{ value: [{ asset, amount: 1, ownerId: 'gc_1' }] }, { value: [{ asset, amount: 1, ownerId: 'gc_1' }] }],
      [{ messages: ['m-1'] }, { messages: ['m-1'] }],
      [{ claimed: ['dec_1'] }, { claimed: ['dec_1'] }],
      [{ households: ['hh_1'] }, { households: ['hh_1'] }],
      [{ adjustments: ['adj_1'] }, { adjustments: ['adj_1'] }],
      [{ transactions: ['txn_1'] }, { transactions: ['txn_1'] }],
    ]
    for (const [a, b] of needs) expect(picked([waiting('b', b)], [[waiting('a', a)]], most).rest).toEqual(['b'])
    const idempotency = { keyHash: 'h', bodyHash: 'b' }
    expect(namesOf({ needs: {}, idempotency })).toEqual(['key h'])
  })
})
