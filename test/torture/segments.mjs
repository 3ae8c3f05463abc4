/**
 * The live segments of the load: each has two conditions, between which it is changed while people come and go, and each condition is
 * written a second time as what it means.
 *
 * @typedef {object} Facts of a person, counted from the rows; nothing of the load is older than a window
 * @property {number} orders
 * @property {number} inStore
 * @property {number} used offers
 * @property {number} returns
 * @property {number} viewed products, by her and by browsers that are probably hers
 * @property {boolean} mayBeMailed
 * @property {(segment: string) => boolean} is
 *
 * @typedef {readonly [when: string, means: (person: Facts) => boolean]} Condition
 */

/** The event that conditions count. */
export const viewed = 'Product Viewed'

/** @type {Readonly<Record<string, readonly Condition[]>>} */
export const segmentConditions = {
  regulars: [
    ['orders(30) >= 2', person => person.orders >= 2],
    ['orders(30) >= 3', person => person.orders >= 3],
  ],
  newcomers: [
    ["ordersIn('store') >= 1 && !inSegment('regulars')", person => person.inStore >= 1 && !person.is('regulars')],
  ],
  lookers: [
    [`events('${viewed}', 7) >= 1`, person => person.viewed >= 1],
    [`events('${viewed}', 7) >= 2`, person => person.viewed >= 2],
  ],
  reachable: [["consented('email', 'marketing')", person => person.mayBeMailed]],
  fickle: [['returns() >= 1 || offersUsed() >= 3', person => person.returns >= 1 || person.used >= 3]],
}

const meanings = new Map(Object.values(segmentConditions).flat())

/** What a stored condition means. @param {string} when @returns {(person: Facts) => boolean} */
export const meaningOf = when => {
  const means = meanings.get(when)
  if (!means) throw new Error(`the load has no segment with the condition ${when}`)
  return means
}
