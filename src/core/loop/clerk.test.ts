import { describe, expect, test } from 'vitest'
import { smallWorld } from '../../../test/small-world.ts'
import type { Result } from '../kernel/refusal.ts'
import { suppressions } from '../people/links.ts'
import { type ParsedRef, parseRef } from '../people/ref.ts'
import { whyApart } from '../people/why-apart.ts'
import { linkByHand, mostPairs, splitByHand, undoSplitByHand, unlinkByHand } from './clerk.ts'

const clerk = { keyId: 'key_1', requestId: 'req_1', reason: 'She said so' }

const ref = (text: string): ParsedRef => {
  const parsed = parseRef(text)
  if (!parsed.ok) throw new Error(parsed.refusal.message)
  return parsed.value
}
const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.refusal.code)
  return result.value
}
const codeOf = (result: Result<unknown>) => (result.ok ? 'ok' : result.refusal.code)
/** Persons as lists of `type:value`. */
const who = ({ persons }: { persons: readonly { identifiers: readonly { type: string; value: string }[] }[] }) =>
  persons.map(({ identifiers }) => identifiers.map(it => `${it.type}:${it.value}`).join(' '))

const desk = () => {
  const shop = smallWorld()
  const link = (a: string, b: string, more: { verified?: boolean } = {}) =>
    linkByHand(shop.nextBatch(), { a: ref(a), b: ref(b), verified: true, source: 'clerk', ...more }, clerk)
  const unlink = (a: string, b: string) => unlinkByHand(shop.nextBatch(), { a: ref(a), b: ref(b) }, clerk)
  const split = (person: string, ...groups: string[][]) =>
    splitByHand(shop.nextBatch(), { person: ref(person), groups: groups.map(group => group.map(ref)) }, clerk)
  const undo = (id: string) => undoSplitByHand(shop.nextBatch(), id, clerk)
  return { shop, link, unlink, split, undo, audits: () => shop.world().changes.newAudits }
}

describe('a clerk who links two identifiers', () => {
  test('makes them one person, and identifiers that nobody knew', () => {
    const { link, audits } = desk()
    const made = value(link('email:ana@example.com', 'loyaltyCard:4711'))
    expect(made).toMatchObject({ merged: true, suppressed: null, sentence: null })
    expect(made.links).toMatchObject([{ verified: true, source: 'clerk', cause: 'req_1', removedAt: null }])
    expect(who(made)).toEqual(['email:ana@example.com loyaltyCard:4711'])
    const [email, card] = made.persons[0]!.identifiers
    expect(audits()).toMatchObject([
      {
        keyId: 'key_1',
        action: 'linkPeople',
        subject: email!.holder,
        details: { with: card!.holder, reason: 'She said so' },
      },
    ])
  })

  test('is told which rule keeps them apart, and the link stays', () => {
    const { link } = desk()
    link('userId:ana', 'email:family@example.com')
    const refused = value(link('userId:ben', 'email:family@example.com'))
    expect(refused).toMatchObject({ merged: false, suppressed: 'uniqueType', sentence: whyApart.uniqueType })
    expect(refused.links).toMatchObject([{ suppressed: 'uniqueType' }])
    expect(who(refused)).toEqual(['userId:ben', 'userId:ana email:family@example.com'])
  })

  test('who is not sure says so: nothing is united', () => {
    const { link } = desk()
    const heard = value(link('email:ana@example.com', 'phone:+393331234567', { verified: false }))
    expect(heard).toMatchObject({ merged: false, suppressed: 'unverified' })
  })

  test('cannot name a person whom nobody knows', () => {
    const { link } = desk()
    expect(codeOf(link('email:ana@example.com', 'per_01kjm6jm000000000000000000'))).toBe('person_not_found')
  })

  test('every rule has its sentence', () => {
    expect(Object.keys(whyApart).sort()).toEqual([...suppressions].sort())
  })
})

describe('a clerk who takes a link away', () => {
  test('undoes what it did; events that say the same do not bring it back, a clerk does', () => {
    const { shop, link, unlink } = desk()
    shop.send('identify', { userId: 'ana', traits: { email: 'ana@example.com' } })
    const gone = value(unlink('email:ana@example.com', 'userId:ana'))
    expect(gone).toMatchObject({ separated: true, links: [{ source: 'event', suppressed: 'removed' }] })
    expect(who(gone)).toEqual(['email:ana@example.com', 'userId:ana'])
    shop.send('identify', { userId: 'ana', traits: { email: 'ana@example.com' } })
    expect(shop.holder('userId:ana').personId).not.toBe(shop.holder('email:ana@example.com').personId)
    expect(value(link('email:ana@example.com', 'userId:ana')).merged).toBe(true)
  })

  test('learns that other evidence still makes them one', () => {
    const { link, unlink } = desk()
    link('email:ana@example.com', 'loyaltyCard:4711')
    link('email:ana@example.com', 'userId:ana')
    link('loyaltyCard:4711', 'userId:ana')
    expect(value(unlink('email:ana@example.com', 'loyaltyCard:4711'))).toMatchObject({ separated: false })
  })

  test('is refused where there is none, or none any more', () => {
    const { link, unlink, audits } = desk()
    link('email:ana@example.com', 'loyaltyCard:4711')
    expect(codeOf(unlink('email:ana@example.com', 'userId:nobody'))).toBe('person_not_found')
    link('loyaltyCard:4711', 'userId:ana')
    expect(codeOf(unlink('email:ana@example.com', 'userId:ana'))).toBe('link_not_found')
    unlink('email:ana@example.com', 'loyaltyCard:4711')
    expect(codeOf(unlink('email:ana@example.com', 'loyaltyCard:4711'))).toBe('link_not_found')
    expect(audits()).toEqual([])
  })
})

describe('a clerk who splits a person', () => {
  const family = () => {
    const it = desk()
    it.link('email:family@example.com', 'loyaltyCard:4711')
    it.link('email:family@example.com', 'phone:+393331234567')
    it.link('email:family@example.com', 'anonymousId:tablet')
    return it
  }

  test('parts the groups; who is not named stays with the first, and evidence does not undo it', () => {
    const { split, link, audits } = family()
    const { id, persons } = value(split('phone:+393331234567', ['email:family@example.com'], ['loyaltyCard:4711']))
    expect(id).toMatch(/^spl_/)
    expect(who({ persons })).toEqual([
      'email:family@example.com phone:+393331234567 anonymousId:tablet',
      'loyaltyCard:4711',
    ])
    expect(audits()).toMatchObject([{ action: 'splitPerson', subject: id, details: { reason: 'She said so' } }])
    expect(value(link('phone:+393331234567', 'loyaltyCard:4711'))).toMatchObject({
      merged: false,
      suppressed: 'neverMerge',
    })
  })

  test('takes it back, and what came meanwhile counts', () => {
    const { split, undo, link, audits } = family()
    const { id } = value(split('phone:+393331234567', ['email:family@example.com'], ['loyaltyCard:4711']))
    link('loyaltyCard:4711', 'userId:ana')
    const undone = value(undo(id))
    expect(who(undone)).toEqual([
      'email:family@example.com loyaltyCard:4711 phone:+393331234567 anonymousId:tablet userId:ana',
    ])
    expect(audits()).toMatchObject([{ action: 'undoSplit', subject: id }])
    expect(codeOf(undo(id))).toBe('split_not_found')
  })

  test.each([
    ['of another person', [['email:family@example.com'], ['userId:ben']], '/groups/1/0'],
    ['that nobody knows', [['email:family@example.com'], ['loyaltyCard:4711', 'userId:nobody']], '/groups/1/1'],
    ['that stands there twice', [['email:family@example.com'], ['email:family@example.com']], '/groups/1/0'],
  ])('is told where an identifier stands %s', (_, groups, pointer) => {
    const { shop, split, audits } = family()
    shop.holder('userId:ben')
    const refused = split('email:family@example.com', ...groups)
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'identifier_of_another', details: { pointer } } })
    expect(audits()).toEqual([])
  })

  test('cannot keep more pairs apart than can be looked at with every link', () => {
    const { link, split } = desk()
    for (let index = 0; index < 70; index++) link('userId:ana', `anonymousId:browser-${index}`)
    const browsers = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => `anonymousId:browser-${from + index}`)
    // 71 identifiers: 50 of them split off keep 50 × 21 pairs apart.
    expect(split('userId:ana', ['userId:ana'], browsers(0, 50))).toMatchObject({
      ok: false,
      refusal: { code: 'split_too_large', details: { pairs: 1050, most: mostPairs } },
    })
    expect(value(split('userId:ana', ['userId:ana'], browsers(0, 10))).persons).toHaveLength(2)
  })
})
