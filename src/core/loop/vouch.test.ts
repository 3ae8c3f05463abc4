import { describe, expect, it } from 'vitest'
import { normalizeEvents } from '../events/normalize.ts'
import { normalizeIdentifier } from '../people/identifier.ts'
import { tokenInvalid, vouch } from './vouch.ts'
import { emptyWorld, holderOf, makeCatalogue, type World } from './world.ts'

const now = Date.UTC(2026, 2, 1)

/** A world in which userId:4711 and her card are one person, and userId:4712 is another. */
const smallWorld = () => {
  let count = 0
  const world: World = emptyWorld({
    workspace: { id: 'w', currency: 'EUR', timeZone: 'UTC', language: 'en', country: undefined, taxIncluded: true },
    now,
    newId: prefix => `${prefix}_${String(++count).padStart(26, '0')}`,
    dice: () => new Uint8Array(32),
    catalogue: makeCatalogue(1, new Map()),
  })
  const holder = (type: string, value: string) => holderOf(world, { type, value, given: value })
  const her = holder('userId', '4711')
  holder('loyaltyCard', 'c1').personId = her.personId
  holder('userId', '4712')
  return { world, her }
}

const eventOf = (body: object) => {
  const events = normalizeEvents(
    { event: 'Seen', ...body },
    {
      kind: 'track',
      receivedAt: now,
      verified: false,
      randomId: 'r',
      identify: (type, given) => normalizeIdentifier(type, given, {}),
    },
  )
  if (!events.ok) throw new Error(events.refusal.message)
  return events.value[0]!
}

const heard = (body: object) => {
  const { world, her } = smallWorld()
  const { links, vouched, issues, hearsay } = vouch(world, eventOf(body), her.id)
  return {
    links: links.map(({ a, b, verified }) => `${a.type}:${a.value} ${verified ? '=' : '~'} ${b.type}:${b.value}`),
    vouched,
    issues: issues?.map(issue => issue.message),
    hearsay,
  }
}

describe('a token minted for userId:4711 says that she sits at the browser', () => {
  it.each<[string, object, string[]]>([
    ['logged in', { userId: '4711', anonymousId: 'a-1' }, ['userId:4711 = anonymousId:a-1']],
    ['with nothing but the cookie', { anonymousId: 'a-1' }, ['userId:4711 = anonymousId:a-1']],
    ['without a cookie', { userId: '4711' }, []],
    [
      'with an address that she just typed in',
      { userId: '4711', anonymousId: 'a-1', context: { traits: { email: 'new@example.com' } } },
      ['userId:4711 ~ email:new@example.com', 'userId:4711 = anonymousId:a-1'],
    ],
    [
      'by another of her identifiers',
      { anonymousId: 'a-1', context: { externalIds: [{ type: 'loyaltyCard', id: 'c1' }] } },
      ['loyaltyCard:c1 = anonymousId:a-1'],
    ],
    [
      'on a device, which others hold too',
      { userId: '4711', anonymousId: 'a-1', context: { device: { id: 'd-1' } } },
      ['userId:4711 ~ device:d-1', 'userId:4711 = anonymousId:a-1'],
    ],
  ])('%s', (_, body, links) => {
    // Never more than that: what it says of money stays hearsay.
    expect(heard(body)).toEqual({ links, vouched: true, issues: undefined, hearsay: true })
  })

  it.each<[string, object, string[]]>([
    ['somebody else', { userId: '4712', anonymousId: 'a-1' }, ['userId:4712 ~ anonymousId:a-1']],
    ['somebody new', { userId: '4713', anonymousId: 'a-1' }, ['userId:4713 ~ anonymousId:a-1']],
    [
      'somebody else together with her',
      { userId: '4712', anonymousId: 'a-1', context: { externalIds: [{ type: 'loyaltyCard', id: 'c1' }] } },
      ['userId:4712 ~ loyaltyCard:c1', 'userId:4712 ~ anonymousId:a-1'],
    ],
  ])('and nothing of %s', (_, body, links) => {
    const told = heard(body)
    expect(told).toMatchObject({ links, vouched: undefined, hearsay: true })
    expect(told.issues).toEqual(['speaks for somebody else than the event is about: it is hearsay'])
  })

  it('and nothing once she is gone', () => {
    const { world } = smallWorld()
    const event = eventOf({ userId: '4711', anonymousId: 'a-1' })
    const told = vouch(world, event, 'hol_gone')
    expect(told).toEqual({ ...event, issues: [tokenInvalid] })
  })
})

describe('the token itself', () => {
  it('is nowhere in the event but where it is read', () => {
    const event = eventOf({ userId: '4711', context: { personToken: 'tpt_secret', ip: '203.0.113.7' } })
    expect(event.personToken).toBe('tpt_secret')
    const { personToken: _, ...rest } = event
    expect(JSON.stringify(rest)).not.toContain('tpt_secret')
    expect(rest.personal).toEqual({ context: { ip: '203.0.113.7' } })
  })
})
