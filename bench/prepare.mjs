import { makeCaller } from './caller.mjs'
import { hotCode, spreadCode, spreadOffers, uniqueCode } from './requests.mjs'

const coffee = { kind: 'percentOff', percent: 20, lines: "line.category == 'coffee'" }
const codesPerCall = 10_000
/** More orders than a measurement can place in a second: so many codes lie ready for each. */
export const mostPerSecond = 10_000
/** Never reached: an offer that limits its uses is counted in a row of its own, one without is not. */
const manyUses = 1_000_000_000

/**
 * A campaign with its offers; answers a secret key, and what makes sure that orders up to a number find their codes.
 * @param {string} url @param {string} adminKey
 */
export const prepare = async (url, adminKey) => {
  const { post } = makeCaller(url, adminKey)
  const { key } = await post('/v1/keys', { name: 'Bench', scope: 'secret' })
  const { id: campaign } = await post('/v1/campaigns', { name: 'Bench' })
  /** @param {string} name @param {object} limits */
  const makeOffer = async (name, limits) => {
    const offer = { campaign, name, trigger: { on: 'code' }, benefit: coffee, limits }
    return /** @type {string} */ ((await post('/v1/offers', offer)).id)
  }
  const unique = await makeOffer('A code each', { perCode: 1 })
  const hot = await makeOffer('One for all', { uses: manyUses })
  await post(`/v1/offers/${hot}/codes`, { codes: [hotCode], shared: true })
  for (let n = 0; n < spreadOffers; n++) {
    const offer = await makeOffer(`Spread ${n}`, { uses: manyUses })
    await post(`/v1/offers/${offer}/codes`, { codes: [spreadCode(n)], shared: true })
  }
  let stocked = 0
  /** @param {number} to */
  const stock = async to => {
    for (; stocked < to; stocked += codesPerCall) {
      const codes = Array.from({ length: codesPerCall }, (_, index) => uniqueCode(stocked + index))
      await post(`/v1/offers/${unique}/codes`, { codes })
    }
  }
  return { key: /** @type {string} */ (key), stock }
}
