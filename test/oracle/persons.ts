/**
 * Who is who, worked out apart from the product: all links at once, in one pass, by lists instead of trees. Written from
 * docs/decisions/0011 alone; slow, and small enough to be believed.
 */
export type Said = {
  readonly userId?: string
  readonly anonymousId?: string
  readonly timestamp: string
  readonly traits: { readonly email?: string }
  readonly context: { readonly externalIds?: readonly { readonly type: string; readonly id: string }[] }
}

type Evidence = { readonly a: string; readonly b: string; readonly at: string }

const anonymous = ['anonymousId', 'device']
const ranks: Record<string, number> = { userId: 0, loyaltyCard: 10, email: 30, anonymousId: 90 }
const most: Record<string, number> = { userId: 1, loyaltyCard: 1, email: 5, anonymousId: 200 }
const sharedBeyond = 3
const nobodys = /^email:(test|info)@/

const typeOf = (identifier: string): string => identifier.slice(0, identifier.indexOf(':'))
const isAnonymous = (identifier: string): boolean => anonymous.includes(typeOf(identifier))

/** An event ties the first identifier it names, the most telling, to each other one. */
const evidenceOf = (events: readonly Said[]): Evidence[] => {
  const earliest = new Map<string, Evidence>()
  for (const { userId, anonymousId, timestamp, traits, context } of events) {
    const named = [
      ...(userId ? [`userId:${userId}`] : []),
      ...(traits.email ? [`email:${traits.email}`] : []),
      ...(context.externalIds ?? []).map(({ type, id }) => `${type}:${id}`),
      ...(anonymousId ? [`anonymousId:${anonymousId}`] : []),
    ].filter(it => !nobodys.test(it))
    for (const other of named.slice(1)) {
      const [a, b] = [named[0]!, other].sort() as [string, string]
      const known = earliest.get(`${a} ${b}`)
      if (!known || timestamp < known.at) earliest.set(`${a} ${b}`, { a, b, at: timestamp })
    }
  }
  return [...earliest.values()]
}

/** Too many people's: tied to more identifiers of one known type than one person, or a few people on one device, could have. */
const isShared = (identifier: string, evidence: readonly Evidence[]): boolean => {
  const neighbours = evidence.flatMap(({ a, b }) => (a === identifier ? [b] : b === identifier ? [a] : []))
  return ['userId', 'loyaltyCard', 'email'].some(type => {
    const limit = isAnonymous(identifier) ? sharedBeyond : Math.max(sharedBeyond, most[type]!)
    return neighbours.filter(it => typeOf(it) === type).length > limit
  })
}

const compare = (left: readonly (number | string)[], right: readonly (number | string)[]): number => {
  for (const [index, value] of left.entries()) if (value !== right[index]) return value < right[index]! ? -1 : 1
  return 0
}

/** The persons of all these events, each as the list of her identifiers; whoever is tied to nobody is one alone, and nobody's address is nobody. */
export const personsOfEvents = (events: readonly Said[], alone: readonly string[] = []): string[][] => {
  const evidence = evidenceOf(events)
  const named = [...evidence.flatMap(({ a, b }) => [a, b]), ...alone]
  const all = [...new Set(named)].filter(it => !nobodys.test(it))
  const standsOut = new Set(all.filter(it => isShared(it, evidence)))
  const order = ({ a, b, at }: Evidence) => {
    const [low, high] = [ranks[typeOf(a)]!, ranks[typeOf(b)]!].sort((left, right) => left - right) as [number, number]
    return [low, high, at, a, b]
  }
  let persons = all.map(it => [it])
  for (const { a, b } of evidence.toSorted((left, right) => compare(order(left), order(right)))) {
    if (standsOut.has(a) || standsOut.has(b)) continue
    const left = persons.find(it => it.includes(a))!
    const right = persons.find(it => it.includes(b))!
    if (left === right) continue
    const united = [...left, ...right]
    const isTooMany = Object.entries(most).some(
      ([type, limit]) => united.filter(it => typeOf(it) === type).length > limit,
    )
    const knownTypes = (person: readonly string[]): string[] => person.filter(it => !isAnonymous(it)).map(typeOf)
    const bridges =
      (isAnonymous(a) || isAnonymous(b)) && knownTypes(left).some(type => knownTypes(right).includes(type))
    if (isTooMany || bridges) continue
    persons = [...persons.filter(it => it !== left && it !== right), united]
  }
  return persons
}
