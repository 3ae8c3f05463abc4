import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Topic } from '../workspaces/contact.ts'
import { type ConsentState, type ConsentStates, consentStates, withEntry } from './consent.ts'
import { answerOf, type Contact, mayContact, permittedBy } from './permission.ts'
import { effectivePreferences, isQuiet, type Preferences } from './preferences.ts'

type Entry = { channel: string; purpose: string; state: ConsentState; at: number }
const email = (state: ConsentState, at: number, purpose = 'marketing'): Entry => ({
  channel: 'email',
  purpose,
  state,
  at,
})
const ledger = (...entries: readonly Entry[]): ConsentStates => entries.reduce<ConsentStates>(withEntry, {})
const topics: readonly Topic[] = [
  { id: 'drinks', name: 'Drinks', purpose: 'marketing' },
  { id: 'polls', name: 'Polls', purpose: 'research' },
]

describe('what the entries of an address come to', () => {
  it.each<[string, Entry[], ConsentState]>([
    ['what was said last counts', [email('given', 10), email('withdrawn', 20)], 'withdrawn'],
    ['also where it comes first', [email('withdrawn', 20), email('given', 10)], 'withdrawn'],
    ['she may change her mind again', [email('withdrawn', 10), email('given', 20)], 'given'],
    ['of two at the same time no wins', [email('withdrawn', 10), email('given', 10)], 'withdrawn'],
    ['a request permits nothing', [email('requested', 10)], 'requested'],
    ['a request does not lift an opt-out', [email('withdrawn', 10), email('requested', 20)], 'withdrawn'],
    ['a request does not end a permission', [email('given', 10), email('requested', 20)], 'given'],
  ])('%s', (_, entries, state) => {
    expect(ledger(...entries)['email/marketing']?.[0]).toBe(state)
  })

  const entry = fc.record({
    channel: fc.constantFrom('email', 'sms'),
    purpose: fc.constantFrom('marketing', 'research', 'drinks'),
    state: fc.constantFrom(...consentStates),
    at: fc.integer({ min: 0, max: 6 }),
  })

  it('does not depend on the order in which they come, nor on how often', () => {
    const shuffled = fc
      .array(entry, { maxLength: 12 })
      .chain(all => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })))
    fc.assert(
      fc.property(shuffled, ([all, again]) => {
        expect(ledger(...again)).toEqual(ledger(...all))
      }),
    )
  })
})

describe('a topic', () => {
  it.each<[string, Entry[], ConsentState | undefined]>([
    ['is a part of its purpose', [email('given', 10)], 'given'],
    ['is withdrawn with it', [email('given', 10), email('withdrawn', 20)], 'withdrawn'],
    ['may be given by itself', [email('given', 10, 'drinks')], 'given'],
    [
      'stays withdrawn when the purpose is given anew',
      [email('withdrawn', 10, 'drinks'), email('given', 20)],
      'withdrawn',
    ],
    [
      'counts where it is given after the purpose was withdrawn',
      [email('withdrawn', 10), email('given', 20, 'drinks')],
      'given',
    ],
    [
      'does not where the purpose is withdrawn after it',
      [email('given', 10, 'drinks'), email('withdrawn', 20)],
      'withdrawn',
    ],
    ['does not where both are said at once', [email('given', 10, 'drinks'), email('withdrawn', 10)], 'withdrawn'],
    ['is not given by a request for the whole', [email('requested', 10)], 'requested'],
    ['is no part of another purpose', [email('given', 10, 'research')], undefined],
  ])('%s', (_, entries, answer) => {
    expect(answerOf(ledger(...entries), { channel: 'email', purpose: 'drinks' }, topics)).toBe(answer)
  })
})

describe('what several addresses of one person permit', () => {
  const address = (entries: Entry[], preferences: Preferences = {}) => ({ consents: ledger(...entries), preferences })
  const yes = address([email('given', 10)])
  const no = address([email('withdrawn', 5)])

  it('is what one gave and none withdrew, and what she has not turned off', () => {
    expect(permittedBy([], topics)).toEqual([])
    expect(permittedBy([address([]), yes], topics)).toEqual(['email/drinks', 'email/marketing'])
    expect(permittedBy([yes, no], topics)).toEqual([])
    expect(permittedBy([yes, address([email('requested', 20)])], [])).toEqual(['email/marketing'])
    expect(permittedBy([yes, address([], { channelsOff: ['email'] })], topics)).toEqual([])
    expect(permittedBy([yes, address([], { topicsOff: ['drinks'] })], topics)).toEqual(['email/marketing'])
    expect(permittedBy([address([email('given', 10, 'gone')])], topics)).toEqual([])
  })

  const entry = fc.record({
    holder: fc.integer({ min: 0, max: 3 }),
    channel: fc.constantFrom('email', 'sms'),
    purpose: fc.constantFrom('marketing', 'research', 'drinks', 'polls'),
    state: fc.constantFrom<ConsentState>('given', 'given', 'requested', 'withdrawn'),
    at: fc.integer({ min: 0, max: 6 }),
  })
  const off = fc.record({ channelsOff: fc.subarray(['email', 'sms']), topicsOff: fc.subarray(['drinks']) })

  it('never grows against an opt-out of either when two become one, whatever came in whatever order (promise 10)', () => {
    const world = fc.record({
      entries: fc.array(entry, { maxLength: 16 }),
      // Who of the four is one person before; split and merged in any way.
      before: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }),
      preferences: fc.array(fc.option(off, { nil: {}, freq: 4 }), { minLength: 4, maxLength: 4 }),
    })
    let permitted = 0
    let refused = 0
    fc.assert(
      fc.property(world, ({ entries, before, preferences }) => {
        const addresses = before.map((_, index) =>
          address(
            entries.filter(it => it.holder === index),
            preferences[index]!,
          ),
        )
        const together = permittedBy(addresses, topics)
        permitted += together.length
        for (const person of new Set(before)) {
          const part = addresses.filter((_, index) => before[index] === person)
          const wishes = effectivePreferences(part.map(it => it.preferences))
          for (const channel of ['email', 'sms']) {
            for (const purpose of ['marketing', 'research', 'drinks', 'polls']) {
              const asked = { channel, purpose }
              const opted = part.some(it => answerOf(it.consents, asked, topics) === 'withdrawn')
              const turned = wishes.channelsOff?.includes(channel) || wishes.topicsOff?.includes(purpose)
              if (!opted && !turned) continue
              refused += 1
              expect(together).not.toContain(`${channel}/${purpose}`)
            }
          }
        }
        // And nothing is made up: what is permitted together some address gave.
        for (const key of together) {
          const [channel, purpose] = key.split('/') as [string, string]
          expect(addresses.map(it => answerOf(it.consents, { channel, purpose }, topics))).toContain('given')
        }
      }),
      { numRuns: 500 },
    )
    expect([permitted > 20, refused > 100]).toEqual([true, true])
  })
})

describe('what a person asked for on several addresses', () => {
  it('holds with every restriction of each', () => {
    expect(
      effectivePreferences([
        { channelsOff: ['sms'], language: 'it', atMost: { messages: 2, days: 7 }, pausedUntil: 20 },
        { channelsOff: ['call', 'sms'], topicsOff: ['drinks'], atMost: { messages: 4, days: 28 }, pausedUntil: 10 },
        { language: 'ar', quietHours: [{ from: '21:00', to: '08:00' }] },
        {
          quietHours: [
            { from: '12:00', to: '14:00', timeZone: 'Asia/Tokyo' },
            { from: '21:00', to: '08:00' },
          ],
        },
      ]),
    ).toEqual({
      channelsOff: ['call', 'sms'],
      topicsOff: ['drinks'],
      language: 'ar',
      quietHours: [
        { from: '12:00', to: '14:00', timeZone: 'Asia/Tokyo' },
        { from: '21:00', to: '08:00' },
      ],
      atMost: { messages: 4, days: 28 },
      pausedUntil: 20,
    })
  })

  it('is of two alike rates the one that spreads the messages', () => {
    const rates = [{ atMost: { messages: 4, days: 28 } }, { atMost: { messages: 1, days: 7 } }]
    expect(effectivePreferences(rates)).toEqual(effectivePreferences(rates.toReversed()))
    expect(effectivePreferences(rates)).toEqual({ atMost: { messages: 1, days: 7 } })
  })

  const at = (time: string) => Date.parse(`2026-03-02T${time}:00Z`)
  it.each([
    ['20:59', false],
    ['21:00', true],
    ['23:59', true],
    ['00:00', true],
    ['07:59', true],
    ['08:00', false],
  ])('over midnight, at %s: %s', (time, quiet) => {
    expect(isQuiet([{ from: '21:00', to: '08:00' }], at(time), 'UTC')).toBe(quiet)
  })

  it('is read on the clock it names, else on the workspace’s', () => {
    const noon = { from: '12:00', to: '14:00' }
    expect(isQuiet([noon], at('11:30'), 'Europe/Rome')).toBe(true)
    expect(isQuiet([{ ...noon, timeZone: 'Asia/Tokyo' }], at('11:30'), 'Europe/Rome')).toBe(false)
    expect(isQuiet([{ ...noon, timeZone: 'Asia/Tokyo' }], at('03:30'), 'Europe/Rome')).toBe(true)
  })
})

describe('whether an address may be contacted now', () => {
  const states = ledger(email('given', 10), email('withdrawn', 10, 'research'), email('requested', 10, 'profiling'))
  const now = Date.parse('2026-03-02T22:00:00Z')
  it.each<[string, string, string, Preferences, Contact]>([
    ['she gave it', 'email', 'marketing', {}, 'allowed'],
    ['nothing was said', 'sms', 'marketing', {}, 'noConsent'],
    ['she was asked', 'email', 'profiling', {}, 'requested'],
    ['she withdrew it', 'email', 'research', {}, 'withdrawn'],
    ['the channel is off', 'email', 'marketing', { channelsOff: ['email'] }, 'channelOff'],
    ['the topic is off', 'email', 'drinks', { topicsOff: ['drinks'] }, 'topicOff'],
    ['a topic off is not its purpose', 'email', 'marketing', { topicsOff: ['drinks'] }, 'allowed'],
    ['it is paused', 'email', 'marketing', { pausedUntil: now + 1 }, 'paused'],
    ['the pause is over', 'email', 'marketing', { pausedUntil: now }, 'allowed'],
    ['it is a quiet hour', 'email', 'marketing', { quietHours: [{ from: '21:00', to: '08:00' }] }, 'quietHours'],
  ])('%s', (_, channel, purpose, preferences, contact) => {
    expect(mayContact(states, { channel, purpose }, preferences, { now, timeZone: 'UTC', topics })).toBe(contact)
  })
})
