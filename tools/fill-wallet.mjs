// What the pictures of the wallet show: a member of the club (tools/fill-loyalty.mjs) with a card, something to take and something to use.

const address = 'guest-1@example.com'

/** `send` answers with the response too; the answer is the cookie of her session. */
export const fillWallet = async (call, send) => {
  const campaign = (await call('POST', '/v1/campaigns', { name: 'For members' })).id
  const offer = async (name, more) => (await call('POST', '/v1/offers', { campaign, name, ...more })).id
  const coupon = await offer('A free coffee', {
    trigger: { on: 'grant' },
    benefit: { kind: 'percentOff', percent: 100, lines: "line.category == 'coffee'" },
    validity: { grantDays: 30 },
  })
  const gives = { kind: 'giveOffer', offer: coupon }
  await offer('A coffee on us', {
    trigger: { on: 'request', moments: ['wallet'] },
    benefit: gives,
    limits: { perPerson: 1 },
  })
  await offer('A coffee for beans', {
    trigger: { on: 'request', moments: ['wallet'] },
    benefit: gives,
    price: { programme: 'club', points: 200 },
  })
  await call('POST', `/v1/offers/${coupon}/grants`, { people: [`email:${address}`], withCode: true })
  await call('POST', '/v1/people/links', { a: `email:${address}`, b: 'loyaltyCard:4711000012' })
  await send('POST', '/v1/wallet/codes', { address })
  const { data } = await call('GET', `/v1/outbox?to=${address}`)
  const [code] = /\d{6}/.exec(data[0].text)
  const { response } = await send('POST', '/v1/wallet/session', { address, code })
  const [, name, value] = /^([^=]+)=([^;]+)/.exec(response.headers.get('set-cookie'))
  return { name, value }
}
