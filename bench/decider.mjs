// Decides baskets in a process of its own: the look-up in the index, the candidates, the decision; no HTTP and no store.
import { makeOfferIndex } from '../dist/core/offers/offer-index.js'
import { decide } from '../dist/core/orders/decide.js'
import { noUsage } from '../dist/core/orders/limits.js'
import { answerCalls } from './processes.mjs'
import { baskets, grantedCandidates, openOffers } from './shop.mjs'

/** @typedef {{ offers: number, buildMs: number, decisions: number, latenciesMs: number[], found: number, fitted: number, exact: number }} Measured */

const own = grantedCandidates()

/** @param {import('../dist/core/offers/offer-index.js').OfferIndex} index @param {ReturnType<typeof baskets>[number]} basket */
const decideBasket = (index, { order, ...rest }) => {
  const skus = order.lines.map(line => line.sku)
  const found = index.matching({
    skus,
    categories: order.lines.map(line => line.category),
    collections: skus.some(sku => rest.inCollection(sku, 'breakfast')) ? ['breakfast'] : [],
    channel: order.channel,
    location: order.location,
    currency: order.currency,
    at: rest.at,
    person: rest.person,
    memberOf: [],
  })
  const candidates = found.map(offer => ({ offer, usage: noUsage, isMember: false }))
  return { found, decision: decide({ ...rest, order, unclaimed: [...own, ...candidates] }) }
}

/**
 * The same baskets against so many offers and so many more, in turn basket by basket, so that whatever else the machine does strikes all alike.
 *
 * @param {{ counts: readonly number[], seconds: number, takes: number, different: number }} asked `different` baskets, over and over
 * @returns {Measured[][]} by take, then by count
 */
const run = ({ counts, seconds, takes, different }) => {
  const orders = baskets(different)
  const cases = counts.map(count => {
    const offers = openOffers(count)
    makeOfferIndex(offers)
    const from = performance.now()
    const index = makeOfferIndex(offers)
    return { count, index, buildMs: performance.now() - from }
  })
  const take = (/** @type {number} */ ms) => {
    const measured = cases.map(({ count, buildMs }) => ({
      offers: count,
      buildMs,
      decisions: 0,
      /** @type {number[]} */
      latenciesMs: [],
      found: 0,
      fitted: 0,
      exact: 0,
    }))
    const until = performance.now() + ms
    for (let n = 0; n % orders.length !== 0 || performance.now() < until; n += 1) {
      const basket = orders[n % orders.length]
      for (let turn = 0; turn < cases.length; turn += 1) {
        // Another one first each time: the first to meet a basket pays for what the processor does not have at hand.
        const place = (n + turn) % cases.length
        const from = performance.now()
        const { found, decision } = decideBasket(cases[place].index, basket)
        const it = measured[place]
        it.latenciesMs.push(performance.now() - from)
        it.decisions += 1
        it.found += found.length
        it.fitted += decision.fitted.length
        it.exact += Number(decision.search.isExact)
      }
    }
    return measured
  }
  take(1) // warms up: every basket once
  return Array.from({ length: takes }, () => take(seconds * 1000))
}

answerCalls({ run }, () => {})
