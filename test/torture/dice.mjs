/**
 * Repeatable dice (mulberry32): the same seed throws the same, and `fork` gives an actor dice of its own, so that what one
 * actor throws does not depend on how fast the others are.
 *
 *     makeDice(7).below(6)   // 0 … 5, always the same first throw
 *
 * @typedef {ReturnType<typeof makeDice>} Dice
 * @param {number} seed
 */
export const makeDice = seed => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (/** @type {number} */ limit) => Math.floor(next() * limit)
  return {
    below,
    between: (/** @type {number} */ least, /** @type {number} */ most) => least + below(most - least + 1),
    chance: (/** @type {number} */ probability) => next() < probability,
    /** @template T @param {readonly T[]} list @returns {T} */
    pick: list => /** @type {T} */ (list[below(list.length)]),
    fork: () => makeDice(Math.floor(next() * 4294967296)),
  }
}
