/**
 * Online identities for a part of the households, made up from their ids: a newsletter form on the web, a card in the store, and a
 * login half-way through the year that ties both; besides, what goes wrong in every shop: shared addresses, a browser that two
 * people log in on, a kiosk that many do, an address that testers type. Nothing of it is in the data, and every output says so.
 */
import { createHash } from 'node:crypto'

/** How the events arrive; who is who must not depend on it. */
export const arrivals = ['time', 'reversed', 'shuffled'] as const
export type Arrival = (typeof arrivals)[number]

/** An `identify` call as the API takes it. */
export type IdentityEvent = {
  readonly type: 'identify'
  readonly messageId: string
  readonly timestamp: string
  readonly userId?: string
  readonly anonymousId?: string
  readonly traits: { readonly email?: string }
  readonly context: {
    readonly channel: string
    readonly externalIds?: readonly {
      readonly type: string
      readonly id: string
      readonly collection: string
      readonly encoding: string
    }[]
  }
}

const numberOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE()
const kiosks = 3
const dayMs = 86_400_000
const newYear = Date.parse('2017-01-01T08:00:00Z')
const midYear = Date.parse('2017-07-01T08:00:00Z')

/** A day and a minute of the half-year that begins at `from`, always the same for the same text. */
const someTime = (from: number, text: string): string =>
  new Date(from + (numberOf(text) % 180) * dayMs + (numberOf(`${text} minute`) % 600) * 60_000).toISOString()

/** Whether a household has an online life besides its card: `isOnline('1029')`. About two in five. */
export const isOnline = (household: string): boolean => numberOf(`online ${household}`) % 5 < 2

/** When an online household logs in with its card: half-way through the year. */
export const loginOf = (household: string): string => someTime(midYear, `login ${household}`)

/** Everything that says who is who, for the households in the order of the data: `madeUpIdentities(['1', '2'], 'cj')`. */
export const madeUpIdentities = (households: readonly string[], key: string): IdentityEvent[] => {
  const online = households.filter(isOnline)
  const userId = (household: string): string => `${key}-household-${household}`
  const card = (household: string) => ({
    type: 'loyaltyCard',
    id: `${key}-${household}`,
    collection: 'users',
    encoding: 'none',
  })
  const isOneIn = (one: number, of: string, household: string): boolean => numberOf(`${of} ${household}`) % one === 0
  return online.flatMap((household, index) => {
    const next = online[(index + 1) % online.length]!
    const event = (name: string, timestamp: string, said: Omit<Partial<IdentityEvent>, 'type'>): IdentityEvent => ({
      type: 'identify',
      messageId: `${key}-identity-${household}-${name}`,
      timestamp,
      traits: {},
      ...said,
      context: { channel: 'web', ...said.context },
    })
    const email = `household-${household}@example.com`
    const browser = `${key}-browser-${household}`
    const login = loginOf(household)
    const later = new Date(Date.parse(login) + 3 * dayMs).toISOString()
    const user = userId(household)
    return [
      event('newsletter', someTime(newYear, `newsletter ${household}`), { anonymousId: browser, traits: { email } }),
      event('login', login, {
        userId: user,
        anonymousId: `${browser}-phone`,
        traits: { email },
        context: { channel: 'web', externalIds: [card(household)] },
      }),
      event('return', later, { userId: user, anonymousId: browser }),
      ...(isOneIn(10, 'shared address', household)
        ? [household, next].map(whose =>
            event(`shared-${whose}`, someTime(midYear, `shared ${household} ${whose}`), {
              userId: userId(whose),
              traits: { email: `family-${household}@example.com` },
            }),
          )
        : []),
      ...(isOneIn(12, 'no log-out', household)
        ? [
            event('no-log-out', someTime(midYear, `no log-out ${household}`), {
              userId: userId(next),
              anonymousId: `${browser}-phone`,
            }),
          ]
        : []),
      ...(isOneIn(8, 'kiosk', household)
        ? [event('kiosk', later, { userId: user, anonymousId: `${key}-kiosk-${numberOf(household) % kiosks}` })]
        : []),
      ...(isOneIn(25, 'tester', household)
        ? [event('tester', login, { userId: user, traits: { email: 'test@example.com' } })]
        : []),
      ...(isOneIn(9, 'second address', household)
        ? [event('second-address', later, { userId: user, traits: { email: `household-${household}@example.org` } })]
        : []),
    ]
  })
}

/** The same events as they arrive: by time, the newest first, or in an order of the dice `seed`. */
export const arriving = (events: readonly IdentityEvent[], arrival: Arrival): IdentityEvent[] => {
  const keyOf = (event: IdentityEvent): string =>
    arrival === 'shuffled' ? String(numberOf(`arrival ${event.messageId}`)) : `${event.timestamp} ${event.messageId}`
  const sorted = events.map(event => ({ event, key: keyOf(event) })).sort((a, b) => (a.key < b.key ? -1 : 1))
  return (arrival === 'reversed' ? sorted.reverse() : sorted).map(it => it.event)
}

/** Every identifier that the events name, as `type:value`. */
export const identifiersIn = (events: readonly IdentityEvent[]): string[] => [
  ...new Set(
    events.flatMap(({ userId, anonymousId, traits, context }) => [
      ...(userId === undefined ? [] : [`userId:${userId}`]),
      ...(anonymousId === undefined ? [] : [`anonymousId:${anonymousId}`]),
      ...(traits.email === undefined ? [] : [`email:${traits.email}`]),
      ...(context.externalIds ?? []).map(({ type, id }) => `${type}:${id}`),
    ]),
  ),
]

/** Who is who, as one text that is the same for the same persons: the groups of identifiers, sorted, hashed. */
export const digestOfPersons = (groups: Iterable<readonly string[]>): string =>
  createHash('sha256')
    .update(
      [...groups]
        .map(group => [...group].sort().join(' '))
        .sort()
        .join('\n'),
    )
    .digest('hex')
