import { auditGiven } from './audit-given.mjs'
import { auditClerks, auditPeople, isMadeHere, steadyHolders } from './audit-people.mjs'
import { auditReturnAnswers, auditReturns, refundedOf } from './audit-returns.mjs'
import { accountOf, asSold, succeeded } from './caller.mjs'
import { groupBy, sum } from './grouping.mjs'
import { giftsBy, limitsPer, periodName } from './limits.mjs'
import { givenBy, isTaken, madeAt } from './stored.mjs'

/**
 * What must hold of the stored rows, whatever was asked and whoever was killed when. Each finding is a sentence that says which
 * request, what was answered and what the store says; no findings is the only good answer.
 *
 * @typedef {import('./stored.mjs').Stored} Stored
 * @typedef {import('./stored.mjs').OrderRow} OrderRow
 * @typedef {import('./stored.mjs').UseRow} UseRow
 * @typedef {import('./caller.mjs').Asked} Asked
 * @typedef {import('./workload.mjs').KnownOffer} KnownOffer
 */

const isBought = (/** @type {OrderRow} */ order) => order.state === 'placed' || order.state === 'returned'

/**
 * Rows against each other (promises 2 and 4, statistics, grants, persons): needs no books, so it audits any store, a loaded dump too.
 *
 * @param {Stored} stored
 * @param {readonly KnownOffer[]} offers
 * @param {readonly import('./workload.mjs').Someone[]} people
 * @param {ReadonlyMap<string, readonly string[]>} unions order → the holders of its person, where nothing could change them meanwhile
 * @returns {string[]}
 */
export const auditRows = (stored, offers, people, unions) => [
  ...auditOrders(stored),
  ...auditLimits(stored, offers),
  ...auditPersonLimits(stored, offers, { people, unions }),
  ...auditTotals(stored),
  ...auditGrants(stored),
  ...auditPeople(stored, people),
  ...auditReturns(stored),
  ...auditGiven(stored, offers, people),
]

/** @param {Stored} stored */
const auditOrders = ({ orders, uses }) => {
  /** @type {string[]} */
  const wrong = []
  const usesOf = groupBy(uses, use => use.order_id)
  const known = new Set(orders.map(order => order.id))
  for (const id of usesOf.keys())
    if (!known.has(id) && !/^(event|claim)\//.test(id))
      wrong.push(`there are redemptions of order ${id}, but no such order`)
  for (const order of orders) {
    const own = usesOf.get(order.id) ?? []
    const say = (/** @type {string} */ what) =>
      wrong.push(
        `order ${order.id} (${order.state}, revision ${order.revision}): ${what}; its redemptions: ${JSON.stringify(own.map(use => [use.seq, use.id, use.state, use.amount, use.code]))}; its answer: ${order.answer}`,
      )
    const answer = JSON.parse(order.answer)
    const { totals } = answer
    if (answer.state !== order.state) say(`its answer says ${answer.state}`)
    if (answer.revision !== order.revision) say(`its answer says revision ${answer.revision}`)
    for (const part of /** @type {const} */ (['subtotal', 'discount', 'shipping', 'total']))
      if (totals[part] !== order[part]) say(`the row's ${part} is ${order[part]}, its answer's ${totals[part]}`)
    if (order.source === 'event') {
      if (own.length > 0) say('an order that only an event told of has redemptions')
      continue
    }
    if (totals.total !== totals.subtotal - totals.discount + totals.shipping - totals.shippingDiscount)
      say('its totals do not add up')
    for (const part of /** @type {const} */ (['subtotal', 'discount']))
      if (sum(answer.lines.map((/** @type {Record<string, number>} */ line) => line[part])) !== totals[part])
        say(`its lines' ${part} do not add up`)
    /** @type {{ offer: string, amount: number, redemption?: string, code?: string }[]} */
    const applied = answer.applied
    if (sum(applied.map(it => it.amount)) !== totals.discount + totals.shippingDiscount)
      say('what applied does not add up to the discount')

    const held = own.filter(use => use.state === 'held')
    const redeemed = own.filter(use => use.state === 'redeemed' || use.state === 'returned')
    const isHeld = order.held_until !== null
    if (order.state !== 'open' && (isHeld || held.length > 0)) say('it is not open and still holds')
    if (!isBought(order) && redeemed.length > 0) say('it is not placed and has redeemed')
    if (order.state === 'open' && !isHeld && held.length > 0) say('its hold is over, yet redemptions are held')
    if (isHeld && Date.parse(answer.heldUntil) !== order.held_until)
      say(`it holds until ${new Date(order.held_until ?? 0).toISOString()}, its answer says ${answer.heldUntil}`)
    for (const use of held)
      if (use.held_until !== order.held_until) say(`redemption ${use.id} is held until another time`)
    for (const use of own)
      if (use.state !== 'held' && use.held_until !== null) say(`redemption ${use.id} is ${use.state} and has a hold`)
    const live = isBought(order) ? redeemed : isHeld ? held : []
    if (isBought(order) || isHeld) {
      const asAnswered = applied.map(it => [it.redemption, it.offer, it.amount].join(' ')).sort()
      const asStored = live.map(use => [use.id, use.offer_id, use.amount].join(' ')).sort()
      if (asAnswered.join() !== asStored.join())
        say(`answered redemptions [${asAnswered}] are not the stored [${asStored}]`)
    }
    for (const use of redeemed)
      if (use.state === 'redeemed' && use.revenue !== order.total - refundedOf(order))
        say(`redemption ${use.id} says revenue ${use.revenue}, refunded is ${refundedOf(order)}`)
    if (new Set(own.map(use => use.seq)).size !== own.length) say('two redemptions have one number')
  }
  return wrong
}

/** @param {Stored} stored @param {readonly KnownOffer[]} offers */
const auditLimits = ({ uses, counters }, offers) => {
  /** @type {string[]} */
  const wrong = []
  const usesOf = groupBy(uses, use => use.offer_id)
  const countersOf = groupBy(counters, counter => counter.offer_id)
  for (const offer of offers) {
    const { id, limits, stock = {}, endedAt } = offer
    const own = usesOf.get(id) ?? []
    const taken = own.filter(isTaken)
    const budget = sum(taken.map(use => use.amount - use.returned))
    if (limits.uses !== undefined && taken.length > limits.uses)
      wrong.push(`offer ${id} allows ${limits.uses} uses, ${taken.length} are taken: ${taken.map(use => use.id)}`)
    if (limits.budget && budget > limits.budget.amount)
      wrong.push(`offer ${id} has a budget of ${limits.budget.amount}, ${budget} of it are taken`)
    if (limits.perCode !== undefined)
      for (const [code, ofCode] of groupBy(taken, use => use.code))
        if (ofCode.length > limits.perCode)
          wrong.push(
            `code ${code} of offer ${id} allows ${limits.perCode} uses, taken by ${ofCode.map(use => `${use.order_id} (${use.state})`)}`,
          )
    for (const limit of limitsPer(offer))
      for (const [bucket, inBucket] of groupBy(taken, limit.bucketOf))
        if (inBucket.length > limit.uses)
          wrong.push(
            `offer ${id} allows ${limit.uses} uses at ${bucket}, taken by ${inBucket.map(use => `${use.order_id} (${use.state})`)}`,
          )
    for (const [sku, there] of Object.entries(stock)) {
      const given = sum(taken.map(use => giftsBy(use, sku)))
      if (given > there) wrong.push(`offer ${id} has ${there} ${sku} to give, ${given} are given or held`)
    }
    const counted = new Map((countersOf.get(id) ?? []).map(counter => [counter.bucket, counter]))
    for (const [bucket, summed] of summedUp(offer, taken)) {
      const row = counted.get(bucket)
      const stored = row ? [row.used, row.held, row.budget_used, row.budget_held] : [0, 0, 0, 0]
      if (stored.join() !== summed.join())
        wrong.push(
          `offer ${id} counts used, held and their budget${bucket && ` at ${bucket}`} as ${row ? stored : 'nothing'}, its redemptions sum to ${summed}`,
        )
      counted.delete(bucket)
    }
    for (const [bucket, row] of counted)
      if (bucket !== '' && row.used + row.held !== 0)
        wrong.push(`offer ${id} counts ${row.used} used and ${row.held} held at ${bucket}, where nothing is`)
    if (endedAt !== undefined)
      for (const use of own)
        if (madeAt(use.id) > endedAt)
          wrong.push(
            `offer ${id} was ended at ${endedAt}, acknowledged, and redemption ${use.id} of ${use.order_id} used it at ${madeAt(use.id)}`,
          )
  }
  return wrong
}

/** What the counters of an offer must say, from its uses that are taken. @param {KnownOffer} offer @param {readonly UseRow[]} taken */
const summedUp = (offer, taken) => {
  /** @type {Map<string, [used: number, held: number, budgetUsed: number, budgetHeld: number]>} */
  const sums = new Map()
  const raise = (/** @type {UseRow} */ use, /** @type {string} */ bucket, /** @type {number} */ by, money = 0) => {
    const counts = sums.get(bucket) ?? [0, 0, 0, 0]
    const at = use.state === 'redeemed' ? 0 : 1
    counts[at] += by
    counts[at + 2] += money
    sums.set(bucket, counts)
  }
  if (offer.limits.uses !== undefined || offer.limits.budget) sums.set('', [0, 0, 0, 0])
  for (const use of taken) {
    if (sums.has('')) raise(use, '', 1, use.amount - use.returned)
    for (const bucket of new Set(limitsPer(offer).map(limit => limit.bucketOf(use))))
      if (bucket !== undefined) raise(use, bucket, 1)
    for (const sku of Object.keys(offer.stock ?? {}))
      if (giftsBy(use, sku) > 0) raise(use, `gift=${sku}`, giftsBy(use, sku))
  }
  return sums
}

/**
 * Uses per person, ever or in a period, of which a surprise has one: a use counts with those of every holder that was known to be the same
 * human when it was taken. That was known when the link had been acknowledged before, or when the order's own answer names the
 * united person. Of people whom clerks unite and part all the time it is known while nothing else is asked (`unions`); else that one
 * holder alone never has too much.
 *
 * @param {Stored} stored @param {readonly KnownOffer[]} offers
 * @param {{ people: readonly import('./workload.mjs').Someone[], unions: ReadonlyMap<string, readonly string[]> }} known
 */
const auditPersonLimits = ({ orders, uses, holders, links }, offers, { people, unions }) => {
  /** @type {string[]} */
  const wrong = []
  const idOf = new Map(holders.map(holder => [`${holder.type}:${holder.value}`, holder.id]))
  /** @type {Map<string, { other: string, at: number }>} */
  const linked = new Map()
  for (const { first, second, linkedAt } of people) {
    const [a, b] = [idOf.get(first), idOf.get(second)]
    if (linkedAt === undefined || a === undefined || b === undefined) continue
    linked.set(a, { other: b, at: linkedAt })
    linked.set(b, { other: a, at: linkedAt })
  }
  const linkAt = (/** @type {string} */ id) => links.find(link => link.a === id || link.b === id)?.created_at
  // An order that was held and then placed names the person of its placing, which says nothing of when its uses were taken.
  const telling = orders.filter(order => order.opened_at === null || !isBought(order))
  const personIn = new Map(telling.map(order => [order.id, /^\{.*?"person":"(per_\w+)"/.exec(order.answer)?.[1]]))
  const steady = steadyHolders({ holders }, people)
  const usesOf = groupBy(uses.filter(isTaken), use => use.offer_id)
  for (const offer of offers)
    for (const { uses: allowed, period } of personLimits(offer)) {
      const own = usesOf.get(offer.id) ?? []
      for (const use of own) {
        if (use.holder_id === null) {
          wrong.push(`offer ${offer.id} is limited per person, and redemption ${use.id} belongs to nobody`)
          continue
        }
        const at = madeAt(use.id)
        const same = new Set([use.holder_id, ...(unions.get(use.order_id) ?? [])])
        const link = linked.get(use.holder_id)
        if (link && link.at < at) same.add(link.other)
        const person = personIn.get(use.order_id)
        if (person !== undefined && steady.has(use.holder_id)) same.add(person.replace(/^per_/, 'hol_'))
        const counted = own.filter(
          other =>
            madeAt(other.id) <= at &&
            other.holder_id !== null &&
            same.has(other.holder_id) &&
            periodName(other.at, period) === periodName(use.at, period),
        )
        if (counted.length > allowed)
          wrong.push(
            `offer ${offer.id} allows ${allowed} uses a person${period ? ` and ${period}` : ''}; redemption ${use.id} of ${use.holder_id} at ${at} (answered as of ${person}; link acknowledged at ${link?.at}, stored at ${linkAt(use.holder_id)}) was one of ${counted.length}: ${JSON.stringify(counted.map(it => [it.order_id, it.id, it.state, it.holder_id, madeAt(it.id), personIn.get(it.order_id)]))}`,
          )
      }
    }
  return wrong
}

/** @param {KnownOffer} offer @returns {{ uses: number, period?: string }[]} */
const personLimits = ({ limits, chance }) => [
  ...(limits.perPerson === undefined ? [] : [{ uses: limits.perPerson }]),
  ...(limits.per ?? []).filter(limit => limit.by === 'person'),
  ...(chance ? [{ uses: 1, period: chance.period }] : []),
]

/** @param {Stored} stored */
const auditTotals = ({ orders, holders }) => {
  /** @type {string[]} */
  const wrong = []
  const bought = groupBy(orders.filter(isBought), order => order.holder_id)
  for (const holder of holders) {
    const own = bought.get(holder.id) ?? []
    const placed = own.filter(order => order.state === 'placed')
    /** @type {Record<string, number>} */
    const spend = {}
    for (const order of own) spend[order.currency] = (spend[order.currency] ?? 0) + order.total - refundedOf(order)
    const stored = Object.fromEntries(Object.entries(JSON.parse(holder.spend)).filter(([, amount]) => amount !== 0))
    const summed = Object.fromEntries(Object.entries(spend).filter(([, amount]) => amount !== 0))
    if (holder.orders !== placed.length || JSON.stringify(stored) !== JSON.stringify(summed))
      wrong.push(
        `${holder.type}:${holder.value} has ${holder.orders} orders and spent ${holder.spend}, placed are ${placed.length} of ${JSON.stringify(summed)}: ${own.map(order => `${order.id} (${order.state})`)}`,
      )
  }
  return wrong
}

/** @param {Stored} stored */
const auditGrants = ({ grants, uses }) => {
  /** @type {string[]} */
  const wrong = []
  const usesOf = groupBy(uses, use => use.grant_id)
  for (const grant of grants) {
    const own = usesOf.get(grant.id) ?? []
    const taken = own.filter(isTaken)
    const [use] = taken
    const free = own.some(it => it.state === 'returned') ? ['issued', 'returned', 'revoked'] : ['issued', 'revoked']
    if (taken.length > 1)
      wrong.push(`grant ${grant.id} is used ${taken.length} times: ${taken.map(it => `${it.order_id} (${it.state})`)}`)
    else if (use ? grant.state !== use.state : !free.includes(grant.state))
      wrong.push(`grant ${grant.id} is ${grant.state}; its redemptions say ${use ? use.state : free.join(' or ')}`)
    else if (grant.order_id !== (use?.order_id ?? null))
      wrong.push(`grant ${grant.id} is with order ${grant.order_id}; its redemptions say ${use?.order_id}`)
  }
  return wrong
}

/**
 * The books against the rows (promises 3 and 5): everything that was answered with success is there as it was answered; of the rest,
 * what was interrupted may be there whole, and what was refused is not.
 *
 * @param {Stored} stored
 * @param {readonly Asked[]} asked
 * @param {{ messages: ReadonlyMap<string, string>, offers: readonly KnownOffer[] }} load
 * @returns {string[]}
 */
export const auditBooks = (stored, asked, { messages, offers }) => [
  ...auditAnswers(stored, asked, messages),
  ...auditKeys(stored, asked),
  ...auditMessages(stored, asked, messages),
  ...auditSetup(stored, asked, offers),
  ...auditReturnAnswers(stored, asked),
  ...auditClaims(stored, asked),
  ...auditClerks(stored, asked),
]

/** @param {Stored} stored @param {readonly Asked[]} asked @param {ReadonlyMap<string, string>} messages */
const auditAnswers = ({ orders, uses, grants }, asked, messages) => {
  /** @type {string[]} */
  const wrong = []
  const granted = new Set(grants.map(grant => grant.id))
  const rowOf = new Map(orders.map(order => [order.id, order]))
  const usesOf = groupBy(uses, use => use.order_id)
  const aboutOrder = groupBy(asked, request => request.order)
  const ofEvents = new Set(
    [...messages.values()].filter(kind => kind.startsWith('order ')).map(kind => kind.slice('order '.length)),
  )

  for (const { id } of orders)
    if (!aboutOrder.has(id) && !ofEvents.has(id)) wrong.push(`order ${id} was asked for by nobody`)

  for (const [id, requests] of aboutOrder) {
    const row = rowOf.get(id)
    const say = (/** @type {string} */ what, /** @type {readonly Asked[]} */ about = requests) =>
      wrong.push(
        `order ${id}: ${what}\n      ${about.map(accountOf).join('\n      ')}\n      the store says: ${row ? `${row.state}, revision ${row.revision}, ${row.answer}` : 'no such order'}`,
      )
    const acknowledged = requests.filter(succeeded)
    const interrupted = requests.filter(request => request.interrupted || request.status === 0)
    const failed = requests.filter(request => request.status >= 500)
    if (failed.length > 0) say('a request failed', failed)
    /** @type {Map<number, Asked>} */
    const byRevision = new Map()
    for (const request of acknowledged) {
      const answer = JSON.parse(request.text)
      const twin = byRevision.get(answer.revision)
      if (twin && asSold(twin.text) !== asSold(request.text))
        say(`revision ${answer.revision} was answered in two ways`, [twin, request])
      byRevision.set(answer.revision, request)
      if (answer.id !== id) say('the answer is of another order', [request])
      for (const fault of faultsOfAnswer(request, answer)) say(fault, [request])
      for (const { redemption } of answer.applied ?? [])
        if (redemption !== undefined && !(usesOf.get(id) ?? []).some(use => use.id === redemption))
          say(`redemption ${redemption} was acknowledged and is not there`, [request])
      for (const id of grantsIn(answer.applied))
        if (!granted.has(id)) say(`grant ${id} was acknowledged and is not there`, [request])
    }
    if (!row) {
      if (acknowledged.length > 0) say('was acknowledged and is not there')
      continue
    }
    if (acknowledged.length === 0 && interrupted.length === 0 && !ofEvents.has(id)) say('was refused and is there')
    const last = Math.max(0, ...byRevision.keys())
    if (row.revision < last) say(`revision ${last} was acknowledged and is lost`)
    const same = byRevision.get(row.revision)
    if (same && asSold(same.text) !== asSold(row.answer)) say('is not as it was acknowledged', [same])
    const unexplained = row.revision - byRevision.size
    const allowed = interrupted.length + (ofEvents.has(id) ? 1 : 0)
    if (unexplained > allowed)
      say(`${unexplained} of its revisions were answered to nobody, and ${allowed} requests were interrupted`)

    // A hold that was booked was alive; one that expired was over.
    for (const request of acknowledged) {
      const answer = JSON.parse(request.text)
      if (answer.state !== 'open' || answer.heldUntil === null) continue
      const until = Date.parse(answer.heldUntil)
      for (const { redemption } of answer.applied) {
        const use = (usesOf.get(id) ?? []).find(it => it.id === redemption)
        if (use?.state === 'expired' && use.changed_at < until)
          say(`the hold of ${redemption} expired at ${use.changed_at}, before its time`, [request])
        if (use?.state === 'redeemed' && row.placed_at !== null && row.placed_at >= until)
          say(`the hold of ${redemption} was over when it was booked at ${row.placed_at}`, [request])
      }
    }
  }
  return wrong
}

/** The grants that an answer says were given. @param {{ gives?: { grants?: string[] }[] }[]} [given] */
const grantsIn = (given = []) => given.flatMap(it => (it.gives ?? []).flatMap(gift => gift.grants ?? []))

/** What was claimed at a moment without a basket, and acknowledged, is there. @param {Stored} stored @param {readonly Asked[]} asked */
const auditClaims = ({ uses, grants, decisions }, asked) => {
  /** @type {string[]} */
  const wrong = []
  const granted = new Set(grants.map(grant => grant.id))
  const usesOf = groupBy(uses, use => use.order_id)
  const known = new Set(decisions.map(decision => decision.id))
  for (const request of asked.filter(it => it.kind === 'claim' && succeeded(it))) {
    const { id, claimed, withheld = [] } = JSON.parse(request.text)
    if (id === null) {
      if (claimed.length > 0) wrong.push(`something was claimed by a decision that is not kept: ${accountOf(request)}`)
      continue
    }
    if (!known.has(id)) wrong.push(`decision ${id} was acknowledged and is not there: ${accountOf(request)}`)
    const own = usesOf.get(`claim/${id}`) ?? []
    for (const { redemption } of claimed)
      if (!own.some(use => use.id === redemption))
        wrong.push(`redemption ${redemption} was acknowledged and is not there: ${accountOf(request)}`)
    if (own.length > claimed.length + withheld.length)
      wrong.push(`decision ${id} has ${own.length} uses, not as many were claimed: ${accountOf(request)}`)
    for (const grant of grantsIn(claimed))
      if (!granted.has(grant)) wrong.push(`grant ${grant} was acknowledged and is not there: ${accountOf(request)}`)
  }
  return wrong
}

/** What the answer must say, knowing what was asked. @param {Asked} request @param {Record<string, any>} answer */
const faultsOfAnswer = (request, answer) => {
  /** @type {string[]} */
  const faults = []
  const put = JSON.parse(request.body ?? '{}')
  if (answer.state !== put.state && !(put.state === 'placed' && answer.state === 'returned'))
    faults.push(`${put.state} was asked, ${answer.state} answered`)
  if (put.state === 'cancelled') return faults
  const subtotal = sum(
    put.lines.map((/** @type {{ quantity: number, unitPrice: number }} */ line) => line.quantity * line.unitPrice),
  )
  if (answer.totals.subtotal !== subtotal)
    faults.push(`its lines cost ${subtotal}, answered is ${answer.totals.subtotal}`)
  if (put.expectTotal !== undefined && answer.totals.total !== put.expectTotal)
    faults.push('another total was expected')
  for (const { code } of answer.applied)
    if (code !== undefined && !put.codes.includes(code)) faults.push(`code ${code} was not asked for`)
  const told = new Set([...answer.applied, ...answer.refused].map(it => it.code))
  for (const code of put.codes) if (!told.has(code)) faults.push(`nothing is said about code ${code}`)
  if (put.requireCodes && answer.refused.some((/** @type {{ code?: string }} */ it) => it.code !== undefined))
    faults.push('a required code was refused')
  return faults
}

/** A key is remembered once for a success, and not for a refusal. @param {Stored} stored @param {readonly Asked[]} asked */
const auditKeys = ({ answers }, asked) => {
  /** @type {string[]} */
  const wrong = []
  let least = 0
  let perhaps = 0
  for (const [key, requests] of groupBy(asked, request => request.key)) {
    const acknowledged = requests.filter(succeeded)
    const [first] = acknowledged
    if (first) least += 1
    else if (requests.some(request => request.interrupted || request.status === 0)) perhaps += 1
    for (const request of acknowledged) {
      if (request.body !== first?.body)
        wrong.push(
          `key ${key} answered two requests with success\n      ${accountOf(/** @type {Asked} */ (first))}\n      ${accountOf(request)}`,
        )
      else if (request.text !== first?.text || request.status !== first.status)
        wrong.push(
          `key ${key} answered the same request in two ways\n      ${accountOf(/** @type {Asked} */ (first))}\n      ${accountOf(request)}`,
        )
    }
    for (const request of requests) {
      // Decided against what came first: only a success before it makes a key taken.
      const before = first !== undefined && first.answeredAt < request.sentAt
      if (
        before &&
        request.body !== first.body &&
        request.status !== 0 &&
        !request.text.includes('"idempotency_key_reused"')
      )
        wrong.push(`key ${key} was used and takes another body\n      ${accountOf(first)}\n      ${accountOf(request)}`)
      if (before && request.body === first.body && request.status !== 0 && !succeeded(request))
        wrong.push(
          `key ${key} was answered with success and refuses the retry\n      ${accountOf(first)}\n      ${accountOf(request)}`,
        )
    }
  }
  const count = answers[0]?.count ?? 0
  if (count < least || count > least + perhaps)
    wrong.push(`${count} keys are remembered; ${least} were answered with success, ${perhaps} more were interrupted`)
  return wrong
}

/** @param {Stored} stored @param {readonly Asked[]} asked @param {ReadonlyMap<string, string>} messages */
const auditMessages = ({ messages: all, orders, holders }, asked, messages) => {
  /** @type {string[]} */
  const wrong = []
  const rows = all.filter(row => !isMadeHere(row))
  const stored = new Set(rows.map(row => row.message_id))
  const batches = asked.filter(request => request.kind === 'batch')
  let told = 0
  let slack = 0
  for (const request of batches) {
    const ids = JSON.parse(request.body ?? '{}').batch.map(
      (/** @type {{ messageId: string }} */ event) => event.messageId,
    )
    if (request.interrupted || request.status === 0) slack += ids.length
    if (request.status === 0) continue
    if (request.status !== 200) {
      wrong.push(`events were not taken: ${accountOf(request)}`)
      continue
    }
    const answer = JSON.parse(request.text)
    told += answer.stored
    if (answer.stored + answer.known !== ids.length) wrong.push(`${ids.length} events came: ${accountOf(request)}`)
    const missing = ids.filter((/** @type {string} */ id) => !stored.has(id))
    if (missing.length > 0) wrong.push(`events ${missing} were acknowledged and are not there: ${accountOf(request)}`)
  }
  if (rows.length < told || rows.length > told + slack)
    wrong.push(
      `${rows.length} events are stored, ${told} were answered as new and ${slack} were in interrupted batches`,
    )
  const known = new Set(orders.map(order => order.id))
  for (const row of rows) {
    if (!messages.has(row.message_id)) wrong.push(`event ${row.message_id} was sent by nobody`)
    if (row.order_id !== null && !known.has(row.order_id))
      wrong.push(`event ${row.message_id} is there without its order ${row.order_id}`)
  }
  const personOf = new Map(holders.map(holder => [`${holder.type}:${holder.value}`, holder.person_id]))
  for (const { message_id } of rows) {
    const [kind, first = '', second = ''] = messages.get(message_id)?.split(' ') ?? []
    if (kind === 'link' && (!personOf.has(first) || personOf.get(first) !== personOf.get(second)))
      wrong.push(`event ${message_id} is there, and ${first} and ${second} are not one person`)
  }
  return wrong
}

/** What was set up is there in full: codes and grants of every acknowledged call, once. @param {Stored} stored @param {readonly Asked[]} asked @param {readonly KnownOffer[]} offers */
const auditSetup = ({ codes, grants, uses }, asked, offers) => {
  /** @type {string[]} */
  const wrong = []
  const given = new Set(uses.flatMap(givenBy).flatMap(it => it.grants ?? []))
  const issued = grants.filter(grant => !given.has(grant.id)).length
  const countOf = new Map(codes.map(row => [row.offer_id, row.count]))
  for (const { id, codes: imported } of offers)
    if ((countOf.get(id) ?? 0) !== imported.length)
      wrong.push(`offer ${id} has ${countOf.get(id) ?? 0} codes, imported were ${imported.length}`)
  const stored = new Set(grants.map(grant => grant.id))
  const calls = groupBy(
    asked.filter(request => request.kind === 'createGrants'),
    request => request.key,
  )
  let least = 0
  let most = 0
  for (const [, requests] of calls) {
    const done = requests.find(succeeded)
    const size = JSON.parse(requests[0]?.body ?? '{}').people.length
    if (done) {
      least += size
      most += size
      for (const { id } of JSON.parse(done.text).data)
        if (!stored.has(id)) wrong.push(`grant ${id} was acknowledged and is not there: ${accountOf(done)}`)
    } else if (requests.some(request => request.interrupted || request.status === 0)) most += size
  }
  if (issued < least || issued > most)
    wrong.push(
      `${issued} grants are stored that no use gave, ${least} were acknowledged, with interrupted calls ${most}`,
    )
  return wrong
}

/** What ended stays ended (promise 4): the end of a hold or of a use that an earlier audit saw is still the same. */
export const makeLifeWatch = () => {
  /** @type {Map<string, string>} */
  const ended = new Map()
  return (/** @type {Stored} */ { uses }) => {
    /** @type {string[]} */
    const wrong = []
    const seen = new Map(uses.map(use => [use.id, `${use.state} at ${use.changed_at}`]))
    for (const [id, before] of ended)
      if (seen.get(id) !== before) wrong.push(`redemption ${id} was ${before} and now is ${seen.get(id) ?? 'gone'}`)
    for (const use of uses) if (!isTaken(use)) ended.set(use.id, `${use.state} at ${use.changed_at}`)
    return wrong
  }
}
