import { setTimeout as wait } from 'node:timers/promises'
import { succeeded } from './caller.mjs'
import { makeClerks } from './clerks.mjs'
import { timeZone } from './limits.mjs'
import { segmentConditions, viewed } from './segments.mjs'

/**
 * What the auditor must know about an offer: `stock` of gifts by SKU, the event it waits for, and who is held out of its campaign.
 * @typedef {object} KnownOffer
 * @property {string} id
 * @property {string[]} codes
 * @property {{ uses?: number, perPerson?: number, perCode?: number, budget?: { amount: number, currency: string }, per?: { uses: number, period?: string, by?: string }[] }} limits
 * @property {Record<string, number>} [stock]
 * @property {string} [event]
 * @property {{ wins: number, outOf: number, period?: string }} [chance]
 * @property {{ campaign: string, percent: number }} [holdout]
 * @property {number} [endedAt]
 *
 * @typedef {{ first: string, second: string, isHandled: boolean, linkedAt?: number }} Someone two identifiers of one human, and when their link was acknowledged; or handled by clerks, who say that they are anybody's
 */

const currency = 'EUR'
const holdSeconds = [1, 1, 2, 3, 30]
const dayMs = 86_400_000
/** What a killed process was at is taken up again after half a minute. */
const patienceMs = 60_000
const crowdSize = 40
/** Of the crowd, those whom clerks unite and part. */
const handledSize = 12
/** Of the audience of the campaign that holds out. */
const heldOutPercent = 40

/**
 * Makes the load of a run: every cycle a fresh scene of few hot offers and people, and actors that fight over it.
 * Everything is drawn from the dice; who wins is up to the servers.
 *
 * @typedef {ReturnType<typeof makeWorkload>} Workload
 * @param {{ caller: import('./caller.mjs').Caller, dice: import('./dice.mjs').Dice, run: string }} options
 */
export const makeWorkload = ({ caller, dice, run }) => {
  const { ask } = caller
  /** @type {KnownOffer[]} */
  const offers = []
  /** @type {Someone[]} */
  const people = []
  /** @type {Map<string, string>} message id → what its event says: `track`, `tie`, `order <id>` or `link <identifier> <identifier>` */
  const messages = new Map()
  /** @type {Map<string, readonly string[]>} order that was placed while nothing else was asked → the holders of its person then */
  const unions = new Map()
  let campaign = ''
  let trial = ''
  let counter = 0
  const fresh = (/** @type {string} */ prefix) => `${prefix}-${run}-${(counter++).toString(36)}`

  /** Asks for something that must succeed. @param {Parameters<typeof ask>[0]} call */
  const demand = async call => {
    const request = await ask(call)
    if (!succeeded(request))
      throw new Error(`the scene could not be set: ${call.path} answered ${request.status} ${request.text}`)
    return JSON.parse(request.text)
  }
  const post = (/** @type {string} */ kind, /** @type {string} */ path, /** @type {unknown} */ body) =>
    demand({ kind, method: 'POST', path, body: JSON.stringify(body), key: fresh('set') })

  /** @type {{ shared: KnownOffer[], unique: KnownOffer[], passing: KnownOffer[], grants: KnownOffer | undefined, gifts: KnownOffer | undefined, claims: KnownOffer[], review: string, people: Someone[], orders: string[], asked: import('./caller.mjs').Asked[] }} */
  let scene = {
    shared: [],
    unique: [],
    passing: [],
    grants: undefined,
    gifts: undefined,
    claims: [],
    review: '',
    people: [],
    orders: [],
    asked: [],
  }

  const makeOffer = async (
    /** @type {Record<string, any>} */ terms,
    /** @type {string[]} */ codes = [],
    shared = true,
  ) => {
    const { id } = await post('createOffer', '/v1/offers', { campaign, name: 'Hot', validity: { timeZone }, ...terms })
    if (codes.length > 0) await post('importCodes', `/v1/offers/${id}/codes`, { codes, shared })
    const gifts = terms.benefit.kind === 'freeItem' ? terms.benefit.items : []
    /** @type {KnownOffer} */
    const offer = {
      id,
      codes,
      limits: terms.limits ?? {},
      stock: Object.fromEntries(gifts.map((/** @type {{ sku: string, stock: number }} */ it) => [it.sku, it.stock])),
      ...(terms.trigger.on === 'event' && { event: terms.trigger.event }),
      ...(terms.chance && { chance: terms.chance }),
      ...(terms.campaign === trial && { holdout: { campaign: trial, percent: heldOutPercent } }),
    }
    offers.push(offer)
    return offer
  }

  /** The segments as they are asked in a cycle; one that is still being found stays as it is. @param {number} cycle */
  const setSegments = async cycle => {
    for (const [id, conditions] of Object.entries(segmentConditions)) {
      const path = `/v1/segments/${id}`
      if (cycle > 1 && (conditions.length === 1 || (await readSegment(id)).state !== 'ready')) continue
      const [when] = /** @type {import('./segments.mjs').Condition} */ (conditions[(cycle - 1) % conditions.length])
      await demand({
        kind: 'putSegment',
        method: 'PUT',
        path,
        body: JSON.stringify({ kind: 'live', when }),
        key: fresh('set'),
      })
    }
  }
  const readSegment = async (/** @type {string} */ id) => {
    const { text } = await caller.look(`/v1/segments/${id}`)
    return JSON.parse(text)
  }
  /** Waits until everybody who is in a segment has been found. */
  const segmentsReady = async () => {
    const until = Date.now() + patienceMs
    for (const id of Object.keys(segmentConditions))
      while ((await readSegment(id)).state !== 'ready') {
        if (Date.now() > until) throw new Error(`segment ${id} is still being found after ${patienceMs} ms`)
        await wait(50)
      }
  }

  /** Ends what is over and sets the next scene. @param {number} cycle */
  const setScene = async cycle => {
    if (campaign === '') {
      campaign = (await post('createCampaign', '/v1/campaigns', { name: `Torture ${run}` })).id
      trial = (await post('createCampaign', '/v1/campaigns', { name: `Trial ${run}`, holdout: heldOutPercent })).id
      await makeOffer({
        trigger: { on: 'event', event: 'Segment Entered' },
        benefit: { kind: 'entitlement', entitlement: 'merchandise', title: 'A welcome' },
        limits: { perPerson: 2 },
      })
    }
    await setSegments(cycle)
    if (cycle === 1) await segmentsReady()
    await Promise.all(
      scene.passing.map(async old => {
        await demand({ kind: 'endOffer', method: 'PATCH', path: `/v1/offers/${old.id}`, body: '{"state":"ended"}' })
        old.endedAt = Date.now()
      }),
    )
    // So many that two processes often decide for different people at once, and meet at the counters only.
    const crowd = Array.from({ length: crowdSize }, (_, index) => ({
      first: `userId:${run}-${cycle}-${index}`,
      second: `email:${run}-${cycle}-${index}@example.com`,
      isHandled: index >= crowdSize - handledSize,
    }))
    people.push(...crowd)
    clerks.setScene(crowd, `${run}-${cycle}`)
    const on = { on: 'code' }
    const off = { kind: 'amountOff', amount: 150, currency }
    const onReturn = () => ({ onReturn: dice.pick(['keep', 'proRata', 'reprice']) })
    const review = `Product Reviewed ${cycle}`
    const names = (/** @type {string} */ prefix, /** @type {number} */ count) =>
      Array.from({ length: count }, (_, index) => `${prefix}${cycle}X${index}${run}`.toUpperCase())
    const grants = await makeOffer({
      trigger: { on: 'grant' },
      benefit: { kind: 'amountOff', amount: 77, currency },
      limits: { uses: 24 },
      ...onReturn(),
    })
    const coupon = { kind: 'giveOffer', offer: grants.id }
    const [uses, perPerson, perCode, budget, mixed, unique, gifts, twoForOne, next, perk, busy, tried, ...others] =
      await Promise.all([
        makeOffer({ trigger: on, benefit: off, limits: { uses: dice.between(3, 25) } }, names('USES', 2)),
        makeOffer(
          { trigger: on, benefit: { kind: 'percentOff', percent: 7.5 }, limits: { perPerson: dice.between(1, 2) } },
          names('ONCE', 1),
        ),
        makeOffer({ trigger: on, benefit: off, limits: { perCode: 3 } }, names('THRICE', 4)),
        makeOffer(
          {
            trigger: on,
            when: 'order.subtotal >= 1000',
            benefit: { kind: 'percentOff', percent: 11 },
            limits: { budget: { amount: dice.between(900, 5000), currency } },
            ...onReturn(),
          },
          names('MONEY', 1),
        ),
        makeOffer(
          {
            trigger: on,
            benefit: off,
            limits: { uses: 40, perPerson: 2, perCode: 15, budget: { amount: 5000, currency } },
            stacking: { priority: 5 },
          },
          names('MIXED', 2),
        ),
        makeOffer({ trigger: on, benefit: off, limits: { perCode: 1 } }, names('UNIQUE', 24), false),
        makeOffer(
          {
            trigger: on,
            benefit: {
              kind: 'freeItem',
              items: [
                { sku: 'CUP', stock: dice.between(2, 12) },
                { sku: 'BAG', stock: dice.between(1, 8) },
              ],
              quantity: dice.between(1, 2),
            },
            ...onReturn(),
          },
          names('GIFT', 1),
        ),
        makeOffer(
          {
            trigger: on,
            benefit: { kind: 'buyXGetY', buy: { quantity: 1 }, get: { quantity: 1, percent: dice.pick([50, 100]) } },
            limits: { budget: { amount: dice.between(5000, 20_000), currency } },
            ...onReturn(),
          },
          names('PAIR', 1),
        ),
        makeOffer(
          {
            trigger: on,
            when: 'order.subtotal >= 800',
            benefit: { ...coupon, quantity: dice.between(1, 2) },
            limits: { uses: dice.between(5, 30) },
            ...onReturn(),
          },
          names('NEXT', 1),
        ),
        makeOffer(
          {
            trigger: on,
            benefit: { kind: 'entitlement', entitlement: 'upgrade', title: 'A better seat' },
            limits: { per: [{ uses: dice.between(1, 2), period: 'day', by: 'person' }] },
          },
          names('PERK', 1),
        ),
        makeOffer(
          {
            trigger: on,
            benefit: { kind: 'percentOff', percent: 3 },
            limits: {
              per: [
                { uses: dice.between(10, 30), period: 'day' },
                { uses: dice.between(3, 12), by: 'location' },
                { uses: dice.between(2, 8), period: 'hour', by: 'channel' },
              ],
            },
          },
          names('BUSY', 1),
        ),
        makeOffer({ campaign: trial, trigger: on, benefit: off, limits: { uses: 40 } }, names('TRIED', 1)),
        makeOffer({
          trigger: { on: 'basket' },
          when: 'order.subtotal >= 2500',
          benefit: { kind: 'amountOff', amount: 99, currency },
          limits: { uses: dice.between(5, 30), perPerson: 3 },
          ...onReturn(),
        }),
        makeOffer({
          trigger: { on: 'basket' },
          chance: { wins: 1, outOf: 3, period: 'day' },
          benefit: coupon,
        }),
        makeOffer({
          trigger: { on: 'basket' },
          chance: { wins: 1, outOf: 2 },
          benefit: { kind: 'freeItem', items: [{ sku: 'PIN', stock: 3 }] },
          limits: { uses: 4 },
        }),
        makeOffer({ trigger: { on: 'request' }, benefit: coupon, limits: { uses: 6, perPerson: 1 } }),
        makeOffer({
          campaign: trial,
          trigger: { on: 'request' },
          benefit: { kind: 'entitlement', entitlement: 'experience', title: 'A tour' },
          limits: { perPerson: 2, per: [{ uses: dice.between(2, 8), period: 'day' }] },
        }),
        makeOffer({ trigger: { on: 'event', event: review }, benefit: coupon }),
        makeOffer({
          campaign: trial,
          trigger: { on: 'event', event: review },
          benefit: { kind: 'entitlement', entitlement: 'merchandise', title: 'A poster' },
          limits: { uses: 30, per: [{ uses: 2, period: 'day', by: 'person' }] },
        }),
      ])
    const [basket, luck, jackpot, claim, tour] = others
    await post('createGrants', `/v1/offers/${grants.id}/grants`, {
      people: crowd.flatMap(someone => [someone.first, ...(dice.chance(0.3) ? [someone.first] : [])]),
    })
    scene = {
      shared: [uses, perPerson, perCode, budget, mixed, gifts, twoForOne, next, perk, busy, tried],
      unique: [unique],
      passing: [basket, luck, jackpot, claim, tour],
      grants,
      gifts,
      claims: [claim, tour],
      review,
      people: crowd,
      orders: [],
      asked: [],
    }
  }

  /** @param {import('./dice.mjs').Dice} dice */
  const lines = dice =>
    Array.from({ length: dice.between(1, 3) }, (_, index) => ({
      id: String(index + 1),
      sku: `SKU-${dice.below(20)}`,
      quantity: dice.between(1, 3),
      unitPrice: dice.between(1, 1500),
    }))

  /** @param {import('./dice.mjs').Dice} dice */
  const codes = dice => {
    const all = dice.chance(0.4) ? scene.unique : scene.shared
    const count = dice.pick([0, 1, 1, 1, 2, 3])
    return Array.from({ length: count }, () =>
      dice.pick((dice.chance(0.8) ? all : [...scene.shared, ...scene.unique]).map(it => it)),
    ).map(offer => dice.pick(offer.codes))
  }

  /** @param {import('./dice.mjs').Dice} dice */
  const person = dice => {
    const someone = dice.pick(scene.people)
    return dice.chance(0.6) ? someone.first : someone.second
  }

  /** @param {import('./dice.mjs').Dice} dice @param {Record<string, unknown>} [more] @returns {Record<string, unknown>} */
  const basket = (dice, more = {}) => ({
    ...(dice.chance(0.8) ? { person: person(dice) } : {}),
    channel: dice.pick(['web', 'store']),
    ...(dice.chance(0.7) ? { location: dice.pick(['north', 'south']) } : {}),
    currency,
    state: 'placed',
    codes: codes(dice),
    lines: lines(dice),
    ...(dice.chance(0.3) ? { shipping: 490 } : {}),
    ...(scene.gifts && dice.chance(0.3) ? { choices: { [scene.gifts.id]: dice.pick(['CUP', 'BAG']) } } : {}),
    ...(dice.chance(0.1) ? { requireCodes: true } : {}),
    ...more,
  })

  /** @param {import('./dice.mjs').Dice} dice @param {string} order @param {unknown} body @param {{ keyed?: boolean }} [options] */
  const put = async (dice, order, body, { keyed = true } = {}) => {
    if (scene.orders.at(-1) !== order) scene.orders.push(order)
    const request = await ask(
      {
        kind: 'putOrder',
        method: 'PUT',
        path: `/v1/orders/${order}`,
        body: JSON.stringify(body),
        order,
        ...(keyed ? { key: fresh('key') } : {}),
      },
      dice.pick(caller.servers),
    )
    scene.asked.push(request)
    return request
  }

  const recentOrder = (/** @type {import('./dice.mjs').Dice} */ dice) => dice.pick(scene.orders.slice(-60))

  const place = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    const body = basket(dice, {
      ...(dice.chance(0.05) ? { expectTotal: dice.below(9000) } : {}),
      ...(dice.chance(0.1) ? { occurredAt: new Date(Date.now() - dayMs).toISOString() } : {}),
    })
    const keyed = dice.chance(0.7)
    const order = fresh('ord')
    await put(dice, order, body, { keyed })
    if (dice.chance(0.15)) await put(dice, order, body, { keyed: dice.chance(0.5) })
  }

  const openAndGoOn = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    const order = fresh('ord')
    const open = basket(dice, { state: 'open', hold: { seconds: dice.pick(holdSeconds) } })
    await put(dice, order, open)
    const { hold: _hold, ...same } = open
    const next = dice.below(7)
    if (next <= 2)
      await put(
        dice,
        order,
        { ...same, state: 'placed', channel: dice.pick(['web', 'store']) },
        { keyed: dice.chance(0.7) },
      )
    else if (next === 3) await put(dice, order, { state: 'cancelled' }, { keyed: dice.chance(0.5) })
    else if (next === 4) await put(dice, order, basket(dice, { person: open.person }))
    else if (next === 5) await put(dice, order, { ...open, lines: lines(dice), hold: { seconds: 1 } })
    // else it is forgotten, and its hold expires
  }

  const cancel = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    if (scene.orders.length > 0) await put(dice, recentOrder(dice), { state: 'cancelled' }, { keyed: dice.chance(0.5) })
  }

  /** Orders of this scene that were answered as placed, the newest last. */
  const placedOrders = () =>
    scene.asked.filter(it => it.kind === 'putOrder' && succeeded(it) && it.text.includes('"state":"placed"')).slice(-40)

  /** Something of an order comes back: a part of it or all, at once or in several returns from both sides, under one id or several. */
  const bringBack = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    const placed = placedOrders()
    if (placed.length === 0) return
    const { order = '', body = '', text } = dice.pick(placed)
    const bought = JSON.parse(body)
    const gifts = JSON.parse(text).applied.flatMap((/** @type {{ offer: string, gives?: { what: string }[] }} */ it) =>
      (it.gives ?? []).some(given => given.what === 'gift') ? [it.offer] : [],
    )
    const isWhole = dice.chance(0.3)
    const coming = (id = fresh('ret')) => ({
      id,
      lines: (isWhole ? bought.lines : [dice.pick(bought.lines)]).map(
        (/** @type {{ id: string, quantity: number }} */ line) => ({
          id: line.id,
          quantity: isWhole ? line.quantity : dice.between(1, line.quantity),
        }),
      ),
      ...(bought.shipping && dice.chance(isWhole ? 0.6 : 0.1) ? { shipping: true } : {}),
      ...(gifts.length > 0 && dice.chance(0.5) ? { gifts } : {}),
      ...(dice.chance(0.3) ? { reason: 'damaged' } : {}),
    })
    const send = (
      /** @type {{ id: string }} */ body,
      /** @type {import('./servers.mjs').Server | undefined} */ server,
    ) =>
      ask(
        {
          kind: 'return',
          method: 'POST',
          path: `/v1/orders/${order}/returns`,
          body: JSON.stringify(body),
          returns: `${order}/${body.id}`,
        },
        server,
      )
    const first = coming()
    const more = dice.pick([[], [], [first], [coming(first.id)], [coming()], [coming(), coming()]])
    await Promise.all([
      send(first, caller.servers[0]),
      ...more.map(it => send(it, caller.servers.at(-1))),
      ...(dice.chance(0.2) ? [put(dice, order, { state: 'cancelled' }, { keyed: false })] : []),
    ])
    if (dice.chance(0.3)) await send(first, dice.pick(caller.servers))
  }

  /** Somebody takes what she is offered at a moment without a basket, sometimes from both sides at once. */
  const claim = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    const body = JSON.stringify({
      person: person(dice),
      channel: 'app',
      moment: 'app home',
      record: dice.chance(0.5),
      claim: (dice.chance(0.5) ? scene.claims : [dice.pick(scene.claims)]).map(offer => offer.id),
    })
    const call = { kind: 'claim', method: 'POST', path: '/v1/decisions', body }
    const key = fresh('key')
    await Promise.all([
      ask({ ...call, key }, caller.servers[0]),
      ...(dice.chance(0.4) ? [ask({ ...call, key: dice.pick([key, fresh('key')]) }, caller.servers.at(-1))] : []),
    ])
  }

  const fightOverCode = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    const code = dice.pick(dice.pick(scene.unique).codes)
    await Promise.all(
      Array.from({ length: dice.between(2, 5) }, () =>
        put(
          dice,
          fresh('ord'),
          basket(dice, { codes: [code], ...(dice.chance(0.3) ? { state: 'open', hold: { seconds: 1 } } : {}) }),
        ),
      ),
    )
  }

  /** The same order from two sides at once: sometimes the very same request, sometimes not. */
  const bothSides = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    const order = fresh('ord')
    const body = JSON.stringify(basket(dice, dice.chance(0.4) ? { state: 'open', hold: { seconds: 2 } } : {}))
    const other = dice.chance(0.5) ? body : JSON.stringify(basket(dice))
    const key = fresh('key')
    const otherKey = other === body && dice.chance(0.7) ? key : fresh('key')
    scene.orders.push(order)
    const call = { kind: 'putOrder', method: 'PUT', path: `/v1/orders/${order}`, order }
    scene.asked.push(
      ...(await Promise.all([
        ask({ ...call, body, key }, caller.servers[0]),
        ask({ ...call, body: other, key: otherKey }, caller.servers.at(-1)),
      ])),
    )
  }

  /** A key that was used before: the same request again, or another one under it. */
  const sameKey = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    const keyed = scene.asked.slice(-80).filter(request => request.key !== undefined && request.kind === 'putOrder')
    if (keyed.length === 0) return
    const { method, path, body, key, order } = dice.pick(keyed)
    const other = dice.chance(0.3)
    await ask(
      {
        kind: 'putOrder',
        method,
        path,
        order,
        key,
        body: other ? JSON.stringify(basket(dice, { state: 'open' })) : body,
      },
      dice.pick(caller.servers),
    )
  }

  const batchOf = async (
    /** @type {import('./dice.mjs').Dice} */ dice,
    /** @type {{ id: string, kind: string, event: object }[]} */ events,
  ) => {
    for (const { id, kind } of events) messages.set(id, kind)
    const body = JSON.stringify({ batch: events.map(({ id, event }) => ({ ...event, messageId: id })) })
    const call = { kind: 'batch', method: 'POST', path: '/v1/batch', body }
    const again = dice.chance(0.2) ? ask(call, dice.pick(caller.servers)) : undefined
    const answers = await Promise.all([ask(call, dice.pick(caller.servers)), again])
    return /** @type {import('./caller.mjs').Asked} */ (answers[0])
  }

  const linkEvent = (/** @type {Someone} */ { first, second, isHandled }) => ({
    id: fresh('msg'),
    kind: isHandled ? 'tie' : `link ${first} ${second}`,
    event: {
      type: 'identify',
      userId: first.slice('userId:'.length),
      traits: { email: second.slice('email:'.length) },
    },
  })

  /** What offers wait for: each message gives once, however often it comes. */
  const reviewed = (/** @type {import('./dice.mjs').Dice} */ dice) => ({
    id: fresh('msg'),
    kind: 'track',
    event: {
      type: 'track',
      userId: dice.pick(scene.people).first.slice('userId:'.length),
      event: scene.review,
      properties: { rating: dice.between(1, 5) },
    },
  })

  const track = (/** @type {import('./dice.mjs').Dice} */ dice, /** @type {Someone} */ { first }) => ({
    id: fresh('msg'),
    kind: 'track',
    event: {
      type: 'track',
      userId: first.slice('userId:'.length),
      event: viewed,
      properties: { sku: `SKU-${dice.below(20)}` },
    },
  })

  const completed = (/** @type {import('./dice.mjs').Dice} */ dice, /** @type {Someone} */ { first }) => {
    const order = dice.chance(0.5) && scene.orders.length > 0 ? recentOrder(dice) : fresh('ord')
    scene.orders.push(order)
    return {
      id: fresh('msg'),
      kind: `order ${order}`,
      event: {
        type: 'track',
        userId: first.slice('userId:'.length),
        event: 'Order Completed',
        properties: { order_id: order, currency, total: dice.below(5000) / 100 },
      },
    }
  }

  const report = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    const someone = dice.pick(scene.people)
    const events = Array.from({ length: dice.between(1, 6) }, () =>
      dice.pick([() => completed(dice, someone), () => reviewed(dice), () => track(dice, dice.pick(scene.people))])(),
    )
    await batchOf(dice, dice.chance(0.3) ? [...events, events[0] ?? track(dice, someone)] : events)
  }

  const hotForPerson = (/** @type {import('./dice.mjs').Dice} */ dice) =>
    dice.pick(scene.shared.filter(offer => offer.limits.perPerson !== undefined))

  const clerks = makeClerks({
    caller,
    fresh,
    send: batchOf,
    buy: (dice, who, also) =>
      put(
        dice,
        fresh('ord'),
        basket(dice, {
          person: who,
          codes: [dice.pick(hotForPerson(dice).codes)],
          ...(also === undefined ? {} : { identifiers: [also] }),
          ...(dice.chance(0.4) ? { state: 'open', hold: { seconds: dice.pick(holdSeconds) } } : {}),
        }),
      ),
  })

  /** Nothing else is asked: whoever she is now has used what her holders have, and the next use beyond is refused. */
  const buyWhenQuiet = async () => {
    const own = dice.fork()
    for (const name of Array.from({ length: 6 }, () => own.pick(clerks.names()))) {
      const { status, text } = await caller.look(`/v1/people/${encodeURIComponent(name)}`)
      if (status === 404) continue
      /** @type {{ type: string, value: string, holder: string }[]} */
      const identifiers = JSON.parse(text).identifiers
      const { codes } = hotForPerson(own)
      for (const { type, value } of identifiers.slice(0, 4)) {
        const order = fresh('ord')
        unions.set(
          order,
          identifiers.map(it => it.holder),
        )
        await put(own, order, basket(own, { person: `${type}:${value}`, codes: [own.pick(codes)] }))
      }
    }
  }

  /** Two identifiers turn out to be one human, while both are buying. */
  const linkWhileBuying = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    const someone = dice.pick(scene.people)
    const { codes } = hotForPerson(dice)
    const buy = (/** @type {string} */ who) =>
      put(dice, fresh('ord'), basket(dice, { person: who, codes: [dice.pick(codes)] }))
    if (dice.chance(0.5)) await buy(someone.first)
    const [linked] = await Promise.all([batchOf(dice, [linkEvent(someone)]), buy(someone.second), buy(someone.first)])
    if (succeeded(linked) && !someone.isHandled) someone.linkedAt ??= linked.answeredAt
  }

  const moreGrants = async (/** @type {import('./dice.mjs').Dice} */ dice) => {
    if (!scene.grants) return
    const call = {
      kind: 'createGrants',
      method: 'POST',
      path: `/v1/offers/${scene.grants.id}/grants`,
      body: JSON.stringify({ people: [dice.pick(scene.people).first] }),
      key: fresh('key'),
    }
    await Promise.all([ask(call, caller.servers[0]), ask(call, caller.servers.at(-1))])
  }

  /** @type {readonly [number, (dice: import('./dice.mjs').Dice) => Promise<void>][]} */
  const steps = [
    [30, place],
    [22, openAndGoOn],
    [10, cancel],
    [8, fightOverCode],
    [6, bothSides],
    [10, sameKey],
    [9, report],
    [14, bringBack],
    [5, claim],
    [5, linkWhileBuying],
    [1, moreGrants],
    ...clerks.steps,
  ]
  const deck = steps.flatMap(([weight, step]) => Array.from({ length: weight }, () => step))

  /** One actor: step after step until it is told to stop; the step under way is finished. @param {{ over: boolean }} load */
  const actor = async load => {
    const own = dice.fork()
    while (!load.over) {
      const step = own.pick(deck)
      await step(own)
    }
  }

  return { offers, people, messages, unions, setScene, segmentsReady, buyWhenQuiet, actor }
}
