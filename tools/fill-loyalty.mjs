// What the pictures of Home, Loyalty and Reports show: a club with tiers over some months, gift cards, adjustments, and a day like others.

const dayMs = 86_400_000
const channels = ['store', 'web', 'store', 'app', 'store']

/** Sends it to a server by `call(method, path, body)`, with so many days of orders; nothing in it depends on chance. */
export const fillLoyalty = async (call, { days = 100, nowMs = Date.now() } = {}) => {
  const at = ms => new Date(ms).toISOString()
  await call('PUT', '/v1/programmes/club', {
    name: 'Coffee Club',
    unit: { one: 'bean', many: 'beans' },
    timeZone: 'Europe/Rome',
    rate: { points: 100, worth: { amount: 100, currency: 'EUR' } },
    join: { terms: '2026-03', thanks: 'Welcome to the club!' },
    expiry: { kind: 'after', months: 3 },
    transfers: { between: 'anyone', minimumAgeDays: 0 },
    households: { members: 6 },
    tiers: {
      by: 'points',
      period: { rolling: { days: 365 } },
      levels: [
        { id: 'silver', name: 'Silver', threshold: 300, benefits: ['Free delivery'] },
        { id: 'gold', name: 'Gold', threshold: 700, benefits: ['Free delivery', 'A cake on your birthday'] },
        { id: 'platinum', name: 'Platinum', threshold: 1100, benefits: ['A table kept for you'] },
      ],
    },
  })
  await call('PUT', '/v1/programmes/friends', { name: 'Friends of the house', state: 'paused' })
  const campaign = (await call('POST', '/v1/campaigns', { name: 'Coffee Club', goal: 'Points for every visit' })).id
  const offer = async (name, more) => (await call('POST', '/v1/offers', { campaign, name, ...more })).id
  await offer('A bean per euro', {
    trigger: { on: 'basket' },
    benefit: { kind: 'points', programme: 'club', per: { amount: 100, currency: 'EUR', points: 1 } },
  })
  await offer('Double beans for beans', {
    trigger: { on: 'basket' },
    when: 'local.weekday == 2',
    benefit: { kind: 'points', programme: 'club', multiply: 2, lines: "line.category == 'coffee'" },
  })
  await offer('10% off cake', {
    trigger: { on: 'basket' },
    benefit: { kind: 'percentOff', percent: 10, lines: "line.category == 'cake'" },
    limits: { budget: { amount: 46_000, currency: 'EUR' } },
  })
  const people = Array.from({ length: 24 }, (_, place) => `email:guest-${place + 1}@example.com`)
  for (const [place, person] of people.entries())
    await call('PUT', `/v1/programmes/club/members/${encodeURIComponent(person)}`, {
      source: ['till', 'web', 'app'][place % 3],
      joinedAt: at(nowMs - (130 - place) * dayMs),
    })
  const orders = []
  for (let day = days; day >= 0; day--) {
    // Fuller at the weekend; today somewhat fuller than usual.
    const count = 4 + (day % 7 < 2 ? 3 : 0) + (day === 0 ? 2 : 0)
    for (let number = 0; number < count; number++) orders.push({ day, number, count })
  }
  for (const { day, number, count } of orders) {
    const place = day * 5 + number * 3
    const back = day * dayMs + Math.round((number * 9 * 3_600_000) / count) + 60_000
    await call('PUT', `/v1/orders/visit-${day}-${number}`, {
      person: people[Math.floor(((place % 31) * (place % 31)) / 40) % people.length],
      channel: channels[place % channels.length],
      currency: 'EUR',
      state: 'placed',
      occurredAt: at(nowMs - back),
      lines: [
        { id: '1', sku: 'LATTE', category: 'coffee', quantity: 2 + (place % 4), unitPrice: 450 },
        { id: '2', sku: 'CAKE', category: 'cake', quantity: 1 + (place % 2), unitPrice: 550 },
      ],
    })
  }
  await call('PATCH', '/v1/workspaces/default', {
    adjustments: { secondPersonAbove: { 'points:club': 200 }, alonePerDay: { 'points:club': 2000 } },
  })
  const adjust = (place, amount, reason, note) =>
    call('POST', '/v1/adjustments', { person: people[place], programme: 'club', amount, reason, ...(note && { note }) })
  await adjust(0, 120, 'goodwill')
  await adjust(3, 150, 'complaint', 'The machine was out of order')
  const proposed = await adjust(5, 900, 'migration', 'Paper card with nine stamps')
  await adjust(8, -350, 'fraud', 'Receipts that were not his')
  const cards = await call('POST', '/v1/gift-cards', { amount: 5000, currency: 'EUR', count: 6, days: 1095 })
  for (const { code } of cards.data.slice(0, 4)) await call('POST', `/v1/gift-cards/${code}/activate`)
  await call('POST', `/v1/gift-cards/${cards.data[3].code}/block?reason=stolen`)
  for (const [place, quantity] of [2, 1].entries())
    await call('PUT', `/v1/orders/gift-${place + 1}`, {
      channel: channels[place],
      currency: 'EUR',
      state: 'placed',
      tenders: [{ type: 'giftCard', code: cards.data[0].code }],
      lines: [{ id: '1', sku: 'CAKE', category: 'cake', quantity, unitPrice: 550 }],
    })
  await call('POST', '/v1/credits', { person: people[1], amount: 1500, currency: 'EUR', reason: 'goodwill' })
  await call('POST', '/v1/households', {
    programme: 'club',
    name: 'The Bakers',
    members: [{ person: people[0] }, { person: people[2], mayBurn: false }],
  })
  await call('POST', '/v1/transfers', { from: people[0], to: people[4], programme: 'club', points: 40 })
  const { id } = await call('GET', `/v1/people/${encodeURIComponent(people[0])}`)
  return { proposed: proposed.id, member: id, holder: id.replace('per_', 'hol_'), giftCard: cards.data[0].id }
}
