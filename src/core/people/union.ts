/**
 * Persons are computed, never stored as truth: a person is a connected component of holders over verified links.
 * `personsOf` is a function of sets, so arrival order and repetition do not matter and removing a link undoes it
 * (promise 9). Ids of persons come from holders and holders stay for ever, so an old person id always leads somewhere.
 */
export type Holder = { readonly id: string; readonly createdAt: number }

/** Evidence between two holders, through an identifier of each. */
export type Link = { readonly a: string; readonly b: string; readonly verified: boolean }

const holderPrefix = 'hol_'
const personPrefix = 'per_'

/** `personIdOf('hol_01kjm…')` is 'per_01kjm…': the id of the person of whom that is the oldest holder. */
export const personIdOf = (holderId: string): string => swapPrefix(holderId, holderPrefix, personPrefix)

/** `holderIdOf('per_01kjm…')` is 'hol_01kjm…': ask that holder who its person is now. */
export const holderIdOf = (personId: string): string => swapPrefix(personId, personPrefix, holderPrefix)

const swapPrefix = (id: string, from: string, to: string): string => {
  if (!id.startsWith(from)) throw new RangeError(`expected an id that begins with ${from}`)
  return to + id.slice(from.length)
}

/**
 * Gives every holder its person. Verified links must lie between the given holders; others change nothing.
 *
 *     personsOf([{ id: 'hol_a', createdAt: 1 }, { id: 'hol_b', createdAt: 2 }],
 *       [{ a: 'hol_b', b: 'hol_a', verified: true }])   // Map { 'hol_a' => 'per_a', 'hol_b' => 'per_a' }
 */
export const personsOf = (holders: Iterable<Holder>, links: Iterable<Link>): Map<string, string> => {
  const roots = oldestOf(holders, links)
  return new Map([...roots].map(([holderId, oldest]) => [holderId, personIdOf(oldest)]))
}

/**
 * The same for a batch: given every holder and verified link of the components that the new links touch, the persons of those
 * components alone. Components among the given that no new verified link touches are left out.
 */
export const personsTouched = (
  holders: Iterable<Holder>,
  existing: Iterable<Link>,
  added: readonly Link[],
): Map<string, string> => {
  const persons = personsOf(holders, [...existing, ...added])
  const touched = new Set(added.filter(link => link.verified).map(link => persons.get(link.a)))
  return new Map([...persons].filter(([, personId]) => touched.has(personId)))
}

/** Union-find in which the oldest holder (by time, then id) is always the root, so the root alone names the person. */
const oldestOf = (holders: Iterable<Holder>, links: Iterable<Link>): Map<string, string> => {
  const known = new Map<string, Holder>()
  for (const holder of holders) known.set(holder.id, holder)
  const parents = new Map<string, string>()
  const rootOf = (id: string): string => {
    let root = id
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent
    for (let step = id; step !== root; ) {
      const next = parents.get(step)!
      parents.set(step, root)
      step = next
    }
    return root
  }
  for (const { a, b, verified } of links) {
    if (!verified) continue
    if (!known.has(a) || !known.has(b)) throw new RangeError('a verified link leads outside the given holders')
    const left = known.get(rootOf(a))!
    const right = known.get(rootOf(b))!
    if (left.id === right.id) continue
    const [older, younger] = isOlder(left, right) ? [left, right] : [right, left]
    parents.set(younger.id, older.id)
  }
  return new Map([...known.keys()].map(id => [id, rootOf(id)]))
}

const isOlder = (left: Holder, right: Holder): boolean =>
  left.createdAt < right.createdAt || (left.createdAt === right.createdAt && left.id < right.id)
