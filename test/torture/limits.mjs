import { givenBy } from './stored.mjs'

/**
 * How limits in buckets count, written down a second time and in another way than the program does.
 *
 * @typedef {import('./stored.mjs').UseRow} UseRow
 */

/** Every offer of the load that counts by period reckons in this zone: its clock is never changed. */
export const timeZone = 'Asia/Kathmandu'
const eastMs = (5 * 60 + 45) * 60_000

/** `periodName(0, 'day')` is 'day=1970-01-01'. @param {number} at @param {string} [period] */
export const periodName = (at, period) => {
  const local = new Date(at + eastMs).toISOString()
  if (period === undefined) return ''
  return period === 'hour' ? `hour=${local.slice(0, 13)}+05:45` : `day=${local.slice(0, 10)}`
}

/**
 * The limits of an offer that are counted by place or period, each with the name of the bucket that a use falls into.
 *
 * @param {import('./workload.mjs').KnownOffer} offer
 */
export const limitsPer = ({ limits: { per = [] } }) =>
  per
    .filter(({ by }) => by !== 'person')
    .map(({ uses, period, by }) => ({
      uses,
      bucketOf: (/** @type {UseRow} */ use) => {
        if (by === 'location' && use.location === null) return undefined
        const where =
          by === 'location' ? [`location=${use.location}`] : by === 'channel' ? [`channel=${use.channel}`] : []
        return [...where, ...(period ? [periodName(use.at, period)] : [])].join(' ')
      },
    }))

/** How many of a gift a use gave. @param {UseRow} use @param {string} sku */
export const giftsBy = (use, sku) =>
  givenBy(use).reduce((all, given) => all + (given.what === 'gift' && given.sku === sku ? (given.quantity ?? 0) : 0), 0)
