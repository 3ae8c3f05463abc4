import { type LocalParts, localParts } from '../kernel/time.ts'
import type { History } from './history.ts'

/**
 * What a condition may ask about, said once: the CEL types, the adapter, the TypeScript types, the suggestions and the
 * reference are all derived from these tables.
 */
export type Fact = {
  /** CEL type; a capitalised name is one of `factTypes`. */
  readonly type: FactTypeName
  readonly description: string
  readonly example: string
  /** May be left out of the facts; a condition then reads '', 0, false or an empty map, never null. */
  readonly optional?: true
  /** What is read instead where it is left out. */
  readonly otherwise?: (facts: Readonly<Record<string, unknown>>) => unknown
}

type FactTypeName =
  | 'string'
  | 'int'
  | 'bool'
  | 'map<string, dyn>'
  | 'list<string>'
  | 'list<Line>'
  | 'Line'
  | 'Order'
  | 'PersonOrders'
  | 'PersonOffers'
  | 'Person'
  | 'Campaign'
  | 'Local'
  | 'Event'

export const factTypes = {
  Line: {
    id: { type: 'string', description: 'The line’s id in the order', example: "line.id == '1'" },
    sku: { type: 'string', description: 'What is bought', example: "line.sku == 'LATTE'" },
    name: { type: 'string', description: 'Its name as sold', example: "line.name.contains('oat')", optional: true },
    category: { type: 'string', description: 'Its category', example: "line.category == 'coffee'", optional: true },
    quantity: { type: 'int', description: 'Units', example: 'line.quantity >= 2' },
    unitPrice: { type: 'int', description: 'Price of one unit, minor units', example: 'line.unitPrice > 300' },
    subtotal: { type: 'int', description: 'Price of the line before discounts', example: 'line.subtotal >= 1000' },
    total: {
      type: 'int',
      description:
        'What the line costs at this moment: after the discounts applied before this offer, `subtotal` until then',
      example: 'line.total > 0',
      optional: true,
      otherwise: line => line.subtotal,
    },
    attributes: {
      type: 'map<string, dyn>',
      description: 'What else the caller said about the line; ask `has(…)` first where it may be missing',
      example: "has(line.attributes.color) && line.attributes.color == 'red'",
      optional: true,
    },
  },
  Order: {
    id: { type: 'string', description: 'The caller’s id of the order', example: "order.id.startsWith('web-')" },
    currency: { type: 'string', description: 'ISO 4217 code', example: "order.currency == 'EUR'" },
    subtotal: { type: 'int', description: 'Sum of the lines before discounts', example: 'order.subtotal >= 2000' },
    total: {
      type: 'int',
      description:
        'What the order costs at this moment: its lines after the discounts applied before this offer, `subtotal` until then',
      example: 'order.total >= 2000',
      optional: true,
      otherwise: order => order.subtotal,
    },
    quantity: { type: 'int', description: 'Units of all lines', example: 'order.quantity >= 3' },
    shipping: { type: 'int', description: 'Shipping price, minor units', example: 'order.shipping > 0' },
    channel: { type: 'string', description: 'Same as `channel`', example: "order.channel == 'web'" },
    location: {
      type: 'string',
      description: 'Same as `location`',
      example: "order.location == 'store-12'",
      optional: true,
    },
    tenders: {
      type: 'list<string>',
      description: 'The types of payment the caller named, as `card` or `cash`',
      example: "'cash' in order.tenders",
      optional: true,
    },
    lines: {
      type: 'list<Line>',
      description: 'The lines of the order',
      example: "order.lines.exists(item, item.category == 'coffee')",
    },
  },
  PersonOrders: {
    count: { type: 'int', description: 'Placed orders before this one', example: 'person.orders.count == 0' },
    spend: {
      type: 'int',
      description: 'What they summed up to, in the currency of this order, minor units',
      example: 'person.orders.spend >= 50000',
    },
    averageValue: {
      type: 'int',
      description: 'Spend by count in whole minor units, cut off; 0 if there is none',
      example: 'person.orders.averageValue >= 2500',
      optional: true,
      otherwise: ({ spend, count }) => (count === 0 ? 0 : Math.trunc((spend as number) / (count as number))),
    },
    firstAt: {
      type: 'string',
      description: 'Local date of the first; empty if there is none',
      example: "person.orders.firstAt < '2026-01-01'",
      optional: true,
    },
    lastAt: {
      type: 'string',
      description: 'Local date of the latest; empty if there is none',
      example: 'person.orders.count > 0 && daysSince(person.orders.lastAt) > 60',
      optional: true,
    },
  },
  PersonOffers: {
    received: {
      type: 'int',
      description: 'Offers that were issued to the person',
      example: 'person.offers.received > 3',
    },
    used: {
      type: 'int',
      description: 'Uses of offers, of those for everybody too',
      example: 'person.offers.used >= 1',
    },
    ignored: {
      type: 'int',
      description: 'Offers that were issued to the person and ended without being used',
      example: 'person.offers.ignored < 3',
    },
  },
  Person: {
    id: { type: 'string', description: 'The person’s id', example: "person.id != ''", optional: true },
    known: { type: 'bool', description: 'Whether we know who it is', example: 'person.known' },
    identifiers: {
      type: 'list<string>',
      description: 'The types of the person’s identifiers',
      example: "'phone' in person.identifiers",
    },
    segments: {
      type: 'list<string>',
      description: 'The segments the person is in; `inSegment(…)` asks for one',
      example: 'person.segments.size() > 0',
      optional: true,
    },
    consents: {
      type: 'list<string>',
      description: 'What the person permits, as channel/purpose; `consented(…)` asks for one',
      example: "'email/marketing' in person.consents",
      optional: true,
    },
    birthday: {
      type: 'string',
      description: 'MM-DD or YYYY-MM-DD, from the trait of that name; empty if it is not known',
      example: "person.birthday.endsWith('-02-29')",
      optional: true,
    },
    orders: { type: 'PersonOrders', description: 'What the person bought', example: 'person.orders.count >= 1' },
    returns: {
      type: 'int',
      description: 'Times the person brought something back',
      example: 'person.returns == 0',
      optional: true,
    },
    offers: {
      type: 'PersonOffers',
      description: 'What the person was given',
      example: 'person.offers.ignored > person.offers.used',
      optional: true,
    },
    preferredChannel: {
      type: 'string',
      description: 'The channel of most orders; empty if there is none',
      example: "person.preferredChannel == 'app'",
      optional: true,
    },
    preferredHour: {
      type: 'int',
      description: 'The hour of the day of most orders, on the clock of the workspace; -1 if there is none',
      example: 'between(person.preferredHour, 6, 9)',
      optional: true,
      otherwise: () => -1,
    },
    computed: {
      type: 'map<string, dyn>',
      description: 'The computed traits of the workspace; ask `has(…)` first where there may be no value',
      example: "has(person.computed.favourite) && person.computed.favourite == 'coffee'",
      optional: true,
    },
    tier: {
      type: 'string',
      description: 'The tier the person has in the oldest programme; empty if there is none',
      example: "person.tier == 'gold'",
      optional: true,
    },
    tiers: {
      type: 'map<string, dyn>',
      description: 'The tier in each programme; empty where there is none',
      example: "person.tiers.club in ['silver', 'gold']",
      optional: true,
    },
    points: {
      type: 'map<string, dyn>',
      description:
        'The points of each programme that the person can spend, in the smallest unit; her household’s too, where she may',
      example: 'person.points.club >= 500',
      optional: true,
    },
    traits: {
      type: 'map<string, dyn>',
      description: 'What was said about the person; ask `has(…)` first where it may be missing',
      example: "has(person.traits.plan) && person.traits.plan == 'gold'",
      optional: true,
    },
  },
  Campaign: {
    id: { type: 'string', description: 'The campaign’s id', example: "campaign.id != ''" },
    name: { type: 'string', description: 'Its name', example: "campaign.name == 'Spring'" },
  },
  Local: {
    date: { type: 'string', description: 'Date in the offer’s time zone', example: "local.date >= '2026-03-01'" },
    hour: { type: 'int', description: 'Hour, 0 to 23', example: 'between(local.hour, 17, 18)' },
    weekday: { type: 'int', description: '1 is Monday, 7 is Sunday', example: 'local.weekday >= 6' },
    weekdayName: { type: 'string', description: 'English, lower case', example: "local.weekdayName == 'tuesday'" },
    month: { type: 'int', description: '1 to 12', example: 'local.month == 12' },
    day: { type: 'int', description: 'Day of the month', example: 'local.day == 1' },
    year: { type: 'int', description: 'Year', example: 'local.year == 2026' },
  },
  Event: {
    id: { type: 'string', description: 'Its id, as the sender chose it', example: "event.id != ''" },
    name: { type: 'string', description: 'What happened', example: "event.name == 'Product Reviewed'" },
    properties: {
      type: 'map<string, dyn>',
      description: 'What was said about it; ask `has(…)` first where it may be missing',
      example: 'has(event.properties.rating) && event.properties.rating >= 4',
      optional: true,
    },
  },
} as const satisfies Record<string, Record<string, Fact>>

type FactTypes = typeof factTypes
export type ObjectTypeName = keyof FactTypes

/** The names a condition begins with. */
export const variables = {
  order: { type: 'Order', description: 'The basket being decided' },
  line: { type: 'Line', description: 'The line being decided' },
  person: { type: 'Person', description: 'Who buys or acts' },
  campaign: { type: 'Campaign', description: 'The campaign of the offer' },
  channel: { type: 'string', description: 'Where contact happens' },
  location: { type: 'string', description: 'Which store; empty if none' },
  local: { type: 'Local', description: 'The time of the decision on the clock of the offer’s time zone' },
  event: { type: 'Event', description: 'What happened' },
  moment: {
    type: 'string',
    description: 'Where the person is now, as the caller calls it: `app home`, `receipt`, `call`',
  },
} as const satisfies Record<string, { readonly type: FactTypeName; readonly description: string }>

export type VariableName = keyof typeof variables

/** Which variables a condition sees, by what it is about. */
export const scopes = {
  order: ['order', 'person', 'campaign', 'channel', 'location', 'local'],
  line: ['line', 'order', 'person', 'campaign', 'channel', 'location', 'local'],
  event: ['event', 'person', 'campaign', 'channel', 'location', 'local'],
  request: ['moment', 'person', 'campaign', 'channel', 'location', 'local'],
  segment: ['person', 'local'],
} as const satisfies Record<string, readonly VariableName[]>

export type Scope = keyof typeof scopes

/** What we add to CEL. */
export const ruleFunctions = {
  inCollection: {
    signature: 'inCollection(sku string, collection string): bool',
    description: 'Whether a collection of the workspace holds the SKU; the collection is written out in the condition',
    example: "inCollection(line.sku, 'breakfast')",
  },
  between: {
    signature: 'between(value int, low int, high int): bool',
    description: 'Whether low <= value <= high; of int or of double',
    example: 'between(order.subtotal, 1000, 1999)',
  },
  daysSince: {
    signature: 'daysSince(date string): int',
    description: 'Days from a date YYYY-MM-DD to `local.date`; an error for anything else',
    example: 'person.orders.count > 0 && daysSince(person.orders.lastAt) > 60',
  },
  inSegment: {
    signature: 'inSegment(segment string): bool',
    description: 'Whether the person is in a segment of the workspace; the segment is written out in the condition',
    example: "inSegment('vip')",
  },
  consented: {
    signature: 'consented(channel string, purpose string): bool',
    description:
      'Whether the person permits a purpose or topic on a channel, both written out: an address has given it, none of hers stands withdrawn',
    example: "consented('email', 'marketing')",
  },
  birthdayWithin: {
    signature: 'birthdayWithin(daysBefore int, daysAfter int): bool',
    description:
      'Whether `local.date` is at most so many days before or after the person’s birthday, both written out; ' +
      '29 February is kept on the 28th in other years, no birthday is false, one that is no date an error',
    example: 'birthdayWithin(3, 7)',
  },
  orders: {
    signature: 'orders(days int?): int',
    description:
      'Placed orders of the last so many days, of 1 to 365, written out: today and the days before it on the clock of the ' +
      'condition; without days, ever. Orders that were cancelled or came back whole do not count',
    example: 'orders(30) >= 2',
  },
  spend: {
    signature: 'spend(days int?): int',
    description: 'What they summed up to less what was given back, in the currency of this order, minor units',
    example: 'spend(365) >= 50000',
  },
  averageValue: {
    signature: 'averageValue(days int?): int',
    description: 'That by the orders in this currency, in whole minor units, cut off; 0 if there is none',
    example: 'averageValue(90) > 2500',
  },
  ordersIn: {
    signature: 'ordersIn(channel string, days int?): int',
    description: 'Those of a channel',
    example: "orders(30) >= 2 && ordersIn('store') == 0",
  },
  spendIn: {
    signature: 'spendIn(channel string, days int?): int',
    description: 'What those of a channel summed up to',
    example: "spendIn('web', 90) > 10000",
  },
  ordersOf: {
    signature: 'ordersOf(category string, days int?): int',
    description: 'Those with something of a category that did not come back',
    example: "ordersOf('coffee', 30) >= 2",
  },
  unitsOf: {
    signature: 'unitsOf(category string, days int?): int',
    description: 'Units of a category that were bought and did not come back',
    example: "unitsOf('coffee', 7) >= 5",
  },
  spendOf: {
    signature: 'spendOf(category string, days int?): int',
    description: 'What these units cost, in the currency of this order, minor units',
    example: "spendOf('coffee', 30) > 2000",
  },
  returns: {
    signature: 'returns(days int?): int',
    description: 'Times that something came back',
    example: 'returns(90) == 0',
  },
  events: {
    signature: 'events(name string, days int?): int',
    description: 'Events of a name that is written out, also of a visitor who is probably this person',
    example: "events('Product Viewed', 7) >= 3",
  },
  offersReceived: {
    signature: 'offersReceived(days int?): int',
    description: 'Offers that were issued to the person',
    example: 'offersReceived(30) < 5',
  },
  offersUsed: {
    signature: 'offersUsed(days int?): int',
    description: 'Uses of offers, of those for everybody too',
    example: 'offersUsed(30) == 0',
  },
  offersIgnored: {
    signature: 'offersIgnored(days int?): int',
    description: 'Offers that were issued to the person and ended in these days without being used',
    example: 'offersIgnored(90) >= 3',
  },
} as const

type ValueOf<T> = T extends 'string'
  ? string
  : T extends 'int'
    ? number
    : T extends 'bool'
      ? boolean
      : T extends 'map<string, dyn>'
        ? Readonly<Record<string, unknown>>
        : T extends 'list<string>'
          ? readonly string[]
          : T extends 'list<Line>'
            ? readonly FactsOf<'Line'>[]
            : T extends ObjectTypeName
              ? FactsOf<T>
              : never

type OptionalNames<N extends ObjectTypeName> = {
  [F in keyof FactTypes[N]]: FactTypes[N][F] extends { readonly optional: true } ? F : never
}[keyof FactTypes[N]]

type FactsOf<N extends ObjectTypeName> = {
  readonly [F in Exclude<keyof FactTypes[N], OptionalNames<N>>]: FactTypes[N][F] extends { readonly type: infer T }
    ? ValueOf<T>
    : never
} & {
  readonly [F in OptionalNames<N>]?: FactTypes[N][F] extends { readonly type: infer T } ? ValueOf<T> : never
}

export type LineFacts = FactsOf<'Line'>
export type OrderFacts = FactsOf<'Order'>
/** `history` is what the functions about the past read; left out, nothing is known of it. */
export type PersonFacts = FactsOf<'Person'> & { readonly history?: History }
export type CampaignFacts = FactsOf<'Campaign'>
export type LocalFacts = FactsOf<'Local'>
export type EventFacts = FactsOf<'Event'>

/** What is known when a condition is asked. Money is in minor units of the order's currency. */
export type Facts = {
  readonly order?: OrderFacts
  readonly event?: EventFacts
  readonly moment?: string
  readonly person: PersonFacts
  readonly campaign: CampaignFacts
  readonly channel: string
  readonly location?: string
  readonly local: LocalFacts
  /** Answers `inCollection(…)`; collections are too large to be facts. */
  readonly inCollection: (sku: string, collection: string) => boolean
}

/** The facts about someone we do not know: `{ …, person: nobody }`. */
export const nobody: PersonFacts = { known: false, identifiers: [], orders: { count: 0, spend: 0 } }

/** The clock of a condition: `localFacts(now, 'Europe/Rome').hour`. */
export const localFacts = (ms: number, timeZone: string): LocalParts => localParts(ms, timeZone)
