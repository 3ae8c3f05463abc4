import { accountOf, succeeded } from './caller.mjs'
import { groupBy, sum } from './grouping.mjs'

/**
 * @typedef {import('./stored.mjs').Stored} Stored
 * @typedef {import('./stored.mjs').OrderRow} OrderRow
 * @typedef {import('./caller.mjs').Asked} Asked
 */

/** @param {OrderRow} order @returns {{ units: Record<string, [number, number][]>, gifts: string[], shipping: boolean, refunded: number }} */
const returnedOf = order =>
  order.returned === null ? { units: {}, gifts: [], shipping: false, refunded: 0 } : JSON.parse(order.returned)

/** Minor units that an order has paid back so far. @param {OrderRow} order */
export const refundedOf = order => returnedOf(order).refunded

/**
 * What came back (promise 6): each unit once, what was refunded is what the returns say and never more than was paid, and what came
 * back of a discount is what its uses say.
 *
 * @param {Stored} stored
 */
export const auditReturns = ({ orders, uses, returns }) => {
  /** @type {string[]} */
  const wrong = []
  const returnsOf = groupBy(returns, row => row.order_id)
  const usesOf = groupBy(uses, use => use.order_id)
  const known = new Set(orders.map(order => order.id))
  for (const id of returnsOf.keys()) if (!known.has(id)) wrong.push(`order ${id} has returns and is not there`)
  for (const order of orders) {
    const rows = returnsOf.get(order.id) ?? []
    if (rows.length === 0 && order.returned === null) {
      if (order.state === 'returned') wrong.push(`order ${order.id} is returned, and nothing came back`)
      continue
    }
    const say = (/** @type {string} */ what) =>
      wrong.push(
        `order ${order.id} (${order.state}): ${what}; it says ${order.returned}, its returns ${rows.map(row => row.answer).join(' ')}, its answer ${order.answer}`,
      )
    const returned = returnedOf(order)
    const answers = rows.map(row => JSON.parse(row.answer))
    const sold = JSON.parse(order.answer)
    if (order.state !== 'placed' && order.state !== 'returned') say('something came back of what was not bought')
    if (order.source !== 'put') say('something came back of what only an event told of')
    if (new Set(rows.map(row => row.seq)).size !== rows.length) say('two returns have one number')
    let refunded = 0
    for (const [index, { refund, lines, shipping, chargedBack, totals }] of answers.entries()) {
      refunded += refund
      if (refund < 0 || refund !== rows[index]?.refund) say(`return ${rows[index]?.id} refunds ${refund}`)
      if (sum(lines.map((/** @type {{ refund: number }} */ line) => line.refund)) + shipping - chargedBack !== refund)
        say(`return ${rows[index]?.id} does not add up`)
      if (totals.paid !== order.total || totals.refunded !== refunded || totals.remaining !== order.total - refunded)
        say(`return ${rows[index]?.id} sums up wrongly`)
    }
    if (refunded !== returned.refunded || refunded !== sold.returned?.refunded) say(`its returns refund ${refunded}`)
    if (refunded > order.total) say(`${refunded} are refunded of ${order.total}`)
    if (sum(answers.map(it => it.shipping)) > order.shipping) say('the shipping is refunded twice')

    let isAllBack = true
    for (const [at, { id, quantity }] of JSON.parse(order.basket).lines.entries()) {
      const back = (returned.units[id] ?? []).flatMap(([first, last]) =>
        Array.from({ length: last - first + 1 }, (_, index) => first + index),
      )
      const told = answers.flatMap(it => it.lines.filter((/** @type {{ id: string }} */ line) => line.id === id))
      isAllBack &&= back.length === quantity
      if (new Set(back).size !== back.length || back.some(unit => unit < 1 || unit > quantity))
        say(`the units ${back} of line ${id}, which has ${quantity}, are back`)
      if (sum(told.map(line => line.quantity)) !== back.length || (sold.returned?.lines[id] ?? 0) !== back.length)
        say(`${back.length} units of line ${id} are back, and not as many came`)
      const prices = pricesOf(sold.lines[at], quantity)
      if (sum(told.map(line => line.refund)) !== sum(back.map(unit => prices[unit - 1] ?? 0)))
        say(`what came back of line ${id} cost ${sum(back.map(unit => prices[unit - 1] ?? 0))}`)
    }
    if (isAllBack !== (order.state === 'returned')) say(isAllBack ? 'every unit is back' : 'not every unit is back')
    if (isAllBack && refunded !== order.total - (returned.shipping ? 0 : order.shipping))
      say('everything is back, and not everything is refunded')

    const own = (usesOf.get(order.id) ?? []).filter(use => use.state === 'redeemed' || use.state === 'returned')
    for (const [offer, ofOffer] of groupBy(own, use => use.offer_id)) {
      const told = answers.flatMap(it => it.offers.filter((/** @type {{ offer: string }} */ of) => of.offer === offer))
      // A later return may give an earlier charge back; what a use has given back stays all the same.
      let givenBack = 0
      const most = Math.max(0, ...told.map(it => (givenBack += it.givenBack)))
      const back = sum(ofOffer.map(use => use.returned))
      if (back !== most) say(`the uses of ${offer} say that ${back} were given back`)
      const ended = ofOffer.filter(use => use.state === 'returned')
      if (sum(told.map(it => it.usesBack)) !== ended.length) say(`${ended.length} uses of ${offer} are returned`)
      if (isAllBack && back !== sum(ofOffer.map(use => use.amount))) say(`${offer} still gives, and everything is back`)
      for (const use of ofOffer)
        if (use.returned > use.amount || (use.state === 'returned' && use.returned !== use.amount))
          say(`redemption ${use.id} is ${use.state}, of its ${use.amount} are ${use.returned} back`)
    }
    const kept = own.filter(use => returned.gifts.includes(use.offer_id) && use.state !== 'returned')
    if (kept.length > 0 || new Set(returned.gifts).size !== returned.gifts.length)
      say(`the gifts of ${returned.gifts} are back`)
  }
  return wrong
}

/** What each unit cost in the end. @param {{ total: number, units?: { quantity: number, each: number }[] }} line @param {number} quantity */
const pricesOf = ({ total, units }, quantity) =>
  (units ?? [{ quantity, each: total / quantity }]).flatMap(run => Array.from({ length: run.quantity }, () => run.each))

/**
 * A return that was answered with success is there once, as it was answered, for ever; one that was refused is not.
 *
 * @param {Stored} stored @param {readonly Asked[]} asked
 */
export const auditReturnAnswers = ({ returns }, asked) => {
  /** @type {string[]} */
  const wrong = []
  const rowOf = new Map(returns.map(row => [`${row.order_id}/${row.id}`, row]))
  const requestsOf = groupBy(asked, request => request.returns)
  for (const key of rowOf.keys()) if (!requestsOf.has(key)) wrong.push(`return ${key} was asked for by nobody`)
  for (const [key, requests] of requestsOf) {
    const row = rowOf.get(key)
    const say = (/** @type {string} */ what) =>
      wrong.push(
        `return ${key}: ${what}\n      ${requests.map(accountOf).join('\n      ')}\n      the store says: ${row?.answer ?? 'no such return'}`,
      )
    const acknowledged = requests.filter(succeeded)
    const [first] = acknowledged
    if (first && row?.answer !== first.text) say('is not as it was acknowledged')
    if (acknowledged.some(it => it.text !== first?.text || it.body !== first.body)) say('was answered in two ways')
    if (!first && row && !requests.some(it => it.interrupted || it.status === 0)) say('was refused and is there')
    for (const request of requests) {
      if (!first || first.answeredAt >= request.sentAt || request.status === 0) continue
      if (request.body === first.body && !succeeded(request)) say('was answered with success and refuses the retry')
      if (request.body !== first.body && !request.text.includes('"return_id_reused"')) say('takes another body')
    }
  }
  return wrong
}
