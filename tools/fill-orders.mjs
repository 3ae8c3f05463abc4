// An order with everything that an order can have, codes and grants, for the screens of orders and codes.

/** Answers the ids of an offer by code, of one that is issued, and of a decision at a moment. */
export const fillOrders = async call => {
  const campaign = (await call('POST', '/v1/campaigns', { name: 'Baskets', goal: 'More than a coffee' })).id
  const offer = async (name, more) => (await call('POST', '/v1/offers', { campaign, name, ...more })).id
  await call('PUT', '/v1/locations/store-12', {
    name: 'Rome, Via del Corso',
    tills: [{ id: 'till-1', name: 'Counter' }],
  })
  await offer('20% off pastry', {
    trigger: { on: 'basket' },
    benefit: { kind: 'percentOff', percent: 20, lines: "line.category == 'pastry'" },
    stacking: { priority: 10 },
  })
  await offer('10% off everything', {
    trigger: { on: 'basket' },
    when: "order.lines.exists(line, line.category == 'pastry')",
    benefit: { kind: 'percentOff', percent: 10 },
    stacking: { priority: 0, exclusive: 'order' },
  })
  await offer('Free shipping over 50.00', {
    trigger: { on: 'basket' },
    when: 'order.subtotal >= 5000',
    benefit: { kind: 'freeShipping' },
  })
  const code = await offer('5.00 off from 15.00', {
    trigger: { on: 'code' },
    when: 'order.subtotal >= 1500',
    benefit: { kind: 'amountOff', amount: 500, currency: 'EUR' },
    onReturn: 'reprice',
  })
  await call('POST', `/v1/offers/${code}/codes`, { codes: ['SPRING'], shared: true })
  await call('POST', `/v1/offers/${code}/codes`, { codes: ['ANA-1', 'ANA-2'] })
  await call('POST', '/v1/identify', {
    userId: 'u-7',
    traits: { name: 'Ana Bianchi', email: 'ana.bianchi@example.com' },
  })
  const grant = await offer('A croissant on us', {
    trigger: { on: 'grant' },
    benefit: { kind: 'amountOff', amount: 300, currency: 'EUR' },
    validity: { grantDays: 30 },
  })
  const people = ['userId:u-7', 'email:ben@example.com']
  await call('POST', `/v1/offers/${grant}/grants`, { people, withCode: true })
  const order = {
    person: 'userId:u-7',
    channel: 'store',
    location: 'store-12',
    currency: 'EUR',
    state: 'placed',
    codes: ['SPRING', 'WINTER'],
    shipping: 490,
    tenders: [{ type: 'card' }],
    lines: [
      { id: '1', sku: 'CROISSANT', name: 'Croissant', category: 'pastry', quantity: 2, unitPrice: 450 },
      { id: '2', sku: 'BREAD', name: 'Sourdough bread', category: 'bakery', quantity: 3, unitPrice: 380 },
      { id: '3', sku: 'CHEESE', name: 'Pecorino', category: 'grocery', amount: 1234, measure: '0.734 kg' },
    ],
  }
  await call('PUT', '/v1/orders/web-1001', order)
  await call('PUT', '/v1/orders/web-1002', { ...order, codes: ['SPRING'], person: undefined })
  await call('POST', '/v1/orders/web-1001/returns', { id: 'r-1', lines: [{ id: '2', quantity: 1 }], reason: 'damaged' })
  const asked = { person: 'userId:u-7', channel: 'app', moment: 'app home', record: true }
  return { code, grant, decision: (await call('POST', '/v1/decisions', asked)).id }
}
