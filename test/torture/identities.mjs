import { groupBy } from './grouping.mjs'

/**
 * Who is who, worked out from everything that is stored, in one pass and by lists: the rules of src/core/people/README.md written a
 * second time. Only the default rules of a workspace are known here.
 *
 * @typedef {import('./stored.mjs').HolderRow} HolderRow
 * @typedef {import('./stored.mjs').LinkRow} LinkRow
 */

/** Type → how many of it a person may have, and its place in the order of belief. @type {Record<string, readonly [atMost: number, rank: number]>} */
const types = {
  userId: [1, 0],
  loyaltyCard: [1, 10],
  email: [5, 30],
  anonymousId: [200, 90],
}
const sharedBeyond = 3
const mostTogether = 500
const nobodys = /^(test|info)@/

const ruleOf = (/** @type {string} */ type) => types[type] ?? [50, 60]
const isAnonymous = (/** @type {HolderRow} */ { type }) => type === 'anonymousId'
const nameOf = (/** @type {HolderRow} */ { type, value }) => `${type}:${value}`

/** @param {readonly (string | number)[]} left @param {readonly (string | number)[]} right */
const compare = (left, right) => {
  for (const [index, value] of left.entries()) {
    const other = /** @type {string | number} */ (right[index])
    if (value !== other) return value < other ? -1 : 1
  }
  return 0
}

/** `linkName({ a: 'hol_1', b: 'hol_2', verified: true })` is 'hol_1 hol_2 true'. @param {Pick<LinkRow, 'a' | 'b' | 'verified'>} link */
export const linkName = ({ a, b, verified }) => `${a} ${b} ${verified}`

/**
 * What every holder and every link must say.
 *
 * @param {{ holders: readonly HolderRow[], links: readonly LinkRow[], neverMerge: readonly { a: string, b: string }[] }} stored
 * @returns {{ personOf: Map<string, string>, standing: Map<string, string>, suppressed: Map<string, string>, behaviourOf: Map<string, string> }}
 *   `standing` and `suppressed` name those alone that have one; of `personOf` the values are ids of holders
 */
export const whoIsWho = ({ holders, links, neverMerge }) => {
  const holderOf = new Map(holders.map(holder => [holder.id, holder]))
  const at = (/** @type {string} */ id) => /** @type {HolderRow} */ (holderOf.get(id))
  const order = (/** @type {LinkRow} */ { a, b, first_seen_at }) => {
    const [low, high] = [a, b].map(id => ruleOf(at(id).type)[1]).sort((left, right) => left - right)
    return [low ?? 0, high ?? 0, first_seen_at, ...[a, b].map(id => nameOf(at(id))).sort()]
  }
  const inOrder = (/** @type {LinkRow[]} */ list) =>
    list
      .map(link => ({ link, place: order(link) }))
      .sort((left, right) => compare(left.place, right.place))
      .map(({ link }) => link)

  /** @type {Map<string, string>} */
  const standing = new Map()
  for (const holder of holders) if (nobodys.test(holder.value)) standing.set(holder.id, 'blocked')
  const proven = links.filter(link => link.verified && link.removed_at === null)
  const unblocked = proven.filter(({ a, b }) => !standing.has(a) && !standing.has(b))
  const ends = unblocked.flatMap(({ a, b }) => [
    { of: a, other: b },
    { of: b, other: a },
  ])
  for (const [id, own] of groupBy(ends, it => it.of)) {
    const holder = at(id)
    const known = own.map(it => at(it.other)).filter(it => !isAnonymous(it))
    const counting = known.filter(it => !(it.type === holder.type && ruleOf(it.type)[0] === 1))
    for (const [type, ofType] of groupBy(counting, it => it.type)) {
      const limit = isAnonymous(holder) ? sharedBeyond : Math.max(sharedBeyond, ruleOf(type)[0])
      if (new Set(ofType.map(it => it.id)).size > limit) standing.set(id, 'shared')
    }
  }

  /** @type {Map<string, string>} */
  const suppressed = new Map()
  const groups = new Map(holders.map(holder => [holder.id, [holder]]))
  const groupOf = (/** @type {string} */ id) => /** @type {HolderRow[]} */ (groups.get(id))
  const strangers = new Set(neverMerge.flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]))
  const whyNot = (/** @type {LinkRow} */ { a, b }) => {
    const [left, right] = [groupOf(a), groupOf(b)]
    if (left === right) return undefined
    const counts = groupBy([...left, ...right], it => it.type)
    const tooMany = [...counts].filter(([type, own]) => own.length > ruleOf(type)[0])
    // Beyond the limit only because both sides have some: each alone is within it.
    if (tooMany.some(([type]) => ruleOf(type)[0] === 1)) return 'uniqueType'
    if (tooMany.length > 0) return 'tooMany'
    const knownTypes = new Set(left.filter(it => !isAnonymous(it)).map(it => it.type))
    const isBridge = [a, b].some(id => isAnonymous(at(id)))
    if (isBridge && right.some(it => knownTypes.has(it.type))) return 'differentPeople'
    return left.some(it => right.some(other => strangers.has(`${it.id} ${other.id}`))) ? 'neverMerge' : undefined
  }
  for (const link of inOrder([...links])) {
    const stands = [standing.get(link.a), standing.get(link.b)]
    const why =
      link.removed_at !== null
        ? 'removed'
        : !link.verified
          ? 'unverified'
          : stands.includes('blocked')
            ? 'blocked'
            : stands.includes('shared')
              ? 'shared'
              : whyNot(link)
    if (why !== undefined) suppressed.set(linkName(link), why)
    const [left, right] = [groupOf(link.a), groupOf(link.b)]
    if (why !== undefined || left === right) continue
    const united = [...left, ...right]
    if (united.length > mostTogether) throw new Error('the load unites more than this audit knows the rules of')
    for (const { id } of united) groups.set(id, united)
  }

  /** @type {Map<string, string>} */
  const personOf = new Map()
  for (const group of new Set(groups.values())) {
    const [root] = [...group].sort((left, right) =>
      compare(
        [Number(isAnonymous(left)), left.created_at, nameOf(left), left.id],
        [Number(isAnonymous(right)), right.created_at, nameOf(right), right.id],
      ),
    )
    for (const { id } of group) personOf.set(id, /** @type {HolderRow} */ (root).id)
  }

  // A browser whose person is not known tells of the first known person that anybody tied it to.
  const isKnown = (/** @type {string} */ id) => !isAnonymous(at(personOf.get(id) ?? ''))
  /** @type {Map<string, string>} */
  const anchors = new Map()
  for (const { a, b } of inOrder(links.filter(link => !link.verified && link.removed_at === null))) {
    if ([a, b].some(id => standing.get(id) === 'blocked')) continue
    for (const [one, other] of /** @type {const} */ ([
      [a, b],
      [b, a],
    ])) {
      const person = personOf.get(one) ?? ''
      if (!isKnown(one) && isKnown(other) && !anchors.has(person)) anchors.set(person, other)
    }
  }
  const behaviourOf = new Map(
    holders.flatMap(({ id }) => {
      const anchor = anchors.get(personOf.get(id) ?? '')
      return anchor === undefined ? [] : [[id, anchor]]
    }),
  )
  return { personOf, standing, suppressed, behaviourOf: /** @type {Map<string, string>} */ (behaviourOf) }
}
