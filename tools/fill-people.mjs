// Somebody with something of everything, for the screens of people and segments.

const ana = 'email:ana.rossi@example.com'

/** A person with orders, points, credit, consents, a suppressed link and segments. Answers her id. */
export const fillPeople = async call => {
  await call('PUT', '/v1/programmes/members', {
    name: 'Members',
    rate: { points: 100, worth: { amount: 100, currency: 'EUR' } },
    join: { on: 'asking' },
    expiry: { kind: 'after', months: 12 },
    tiers: {
      by: 'points',
      period: { rolling: { days: 365 } },
      levels: [
        { id: 'silver', name: 'Silver', threshold: 100, benefits: ['Free oat milk'] },
        { id: 'gold', name: 'Gold', threshold: 500, benefits: ['Free oat milk', 'A birthday coffee'] },
      ],
    },
  })
  const campaign = (await call('POST', '/v1/campaigns', { name: 'Members', goal: 'Members come back' })).id
  const offer = async (name, more) => (await call('POST', '/v1/offers', { campaign, name, ...more })).id
  await offer('A point for each 0.10 EUR', {
    trigger: { on: 'basket' },
    benefit: { kind: 'points', programme: 'members', per: { points: 1, amount: 10, currency: 'EUR' } },
  })
  const thanks = await offer('A coffee on us', {
    trigger: { on: 'grant' },
    benefit: { kind: 'amountOff', amount: 450, currency: 'EUR' },
    validity: { grantDays: 30 },
    limits: { perPerson: 2 },
  })
  await offer('Welcome in the app', {
    trigger: { on: 'request' },
    when: 'person.orders.count < 2',
    benefit: { kind: 'points', programme: 'members', fixed: 50 },
    limits: { perPerson: 1 },
  })
  const traits = { firstName: 'Ana', lastName: 'Rossi', birthday: '1990-03-04', favouriteStore: 'store-12' }
  await call('POST', '/v1/identify', { userId: 'u-4711', traits: { ...traits, email: 'ana.rossi@example.com' } })
  await call('POST', '/v1/people/links', { a: ana, b: 'userId:u-4711', reason: 'Signed in' })
  await call('POST', '/v1/people/links', { a: ana, b: 'loyaltyCard:4711-0815', reason: 'Showed her card' })
  await call('POST', '/v1/people/links', { a: ana, b: 'phone:+393331234567', verified: false })
  await call('POST', '/v1/people/links', { a: ana, b: 'userId:u-9000', reason: 'A second account' })
  await call('PUT', `/v1/programmes/members/members/${ana}`, { source: 'app' })
  await call('POST', '/v1/track', {
    userId: 'u-4711',
    event: 'Product Viewed',
    properties: { sku: 'LATTE' },
    context: { channel: 'app' },
  })
  for (let number = 1; number <= 5; number++)
    await call('PUT', `/v1/orders/ana-${number}`, {
      person: ana,
      channel: ['store', 'web', 'store', 'app', 'store'][number - 1],
      currency: 'EUR',
      state: 'placed',
      lines: [{ id: '1', sku: 'LATTE', category: 'coffee', quantity: number, unitPrice: 450 }],
    })
  await call('POST', `/v1/offers/${thanks}/grants`, { people: [ana], withCode: true })
  await call('POST', '/v1/credits', { person: ana, amount: 1500, currency: 'EUR', reason: 'goodwill' })
  await call('POST', '/v1/adjustments', {
    person: ana,
    programme: 'members',
    amount: 200,
    reason: 'complaint',
    note: 'The parcel came broken',
  })
  await call('PUT', `/v1/people/${ana}/consents`, {
    consents: [
      {
        channel: 'email',
        purpose: 'marketing',
        state: 'given',
        how: 'form',
        textVersion: 'newsletter-2026-03',
        evidence: { form: 'paper-4711' },
      },
    ],
    preferences: { channelsOff: ['call'], quietHours: [{ from: '21:00', to: '08:00' }] },
  })
  await call('PUT', '/v1/segments/regulars', {
    kind: 'live',
    name: 'Regulars',
    description: 'Twice in 30 days',
    when: 'orders(30) >= 2',
  })
  await call('PUT', '/v1/segments/app-lovers', {
    kind: 'live',
    name: 'App lovers',
    description: 'More in the app than anywhere else',
    when: "ordersIn('app', 90) > 2 && ordersIn('store', 90) == 0",
  })
  await call('PUT', '/v1/segments/winners', { kind: 'list', name: 'Winners of the raffle' })
  await call('PATCH', '/v1/segments/winners/people', { add: [ana], remove: [] })
  return { person: (await call('GET', `/v1/people/${ana}`)).id }
}
