import { isBlocked } from './blocked.ts'
import type { IdentityRules, TypeRule } from './identity-rules.ts'
import { linkKey, type Standing, type StoredLink, type Suppression } from './links.ts'
import { isAnonymous } from './traits-of.ts'
import { personIdOf } from './union.ts'

/** Of a holder what counts for who is who. `standing` is read only where not everything about it is given. */
export type Atom = {
  readonly id: string
  readonly type: string
  readonly value: string
  readonly createdAt: number
  readonly standing?: Standing | null
}
/** Of a link what counts. */
export type Evidence = Pick<StoredLink, 'a' | 'b' | 'verified' | 'firstSeenAt' | 'removedAt'>

export type Known = {
  readonly holders: Iterable<Atom>
  /** Between these holders; others are left out. */
  readonly links: Iterable<Evidence>
  readonly neverMerge: Iterable<{ readonly a: string; readonly b: string }>
  /** Holders not all of whose links are given: what they stand as is taken as it is, and their own persons are not worked out. */
  readonly incomplete?: ReadonlySet<string>
  /** Holders in quarantine of which only a neighbourhood is given: they stay there. */
  readonly quarantined?: ReadonlySet<string>
}

export type Resolved = {
  readonly personOf: Map<string, string>
  readonly standing: Map<string, Standing | null>
  /** Anonymous holder → the holder whose person its behaviour joins; not in it: nobody's. */
  readonly behaviourOf: Map<string, string>
  /** By `linkKey`: why a link does not unite, or null. */
  readonly suppressed: Map<string, Suppression | null>
}

const otherTypes: TypeRule = { atMost: 50, priority: 60 }
export const ruleOf = ({ types }: IdentityRules, type: string): TypeRule =>
  Object.hasOwn(types, type) ? types[type]! : otherTypes

/** An anonymous identifier that unverified links tie to more identifiers than this tells of nobody's behaviour. */
export const maxHearsay = 200

/**
 * Who is who: a function of the set of holders, links and never-merge pairs, whatever order they came in and however often. Given
 * whole components of links it says the same as given everything.
 *
 * 1. A blocked value is nobody's; an identifier that verified links tie to too many of one known type is everybody's: no link through
 *    them unites.
 * 2. What then hangs together in more than `rules.component` identifiers is in quarantine: only each user's first e-mail, first phone… unite.
 * 3. Elsewhere links unite one after the other in the order of `before`, unless what they unite would be more than one person.
 * 4. A person is named by the oldest known of her holders.
 * 5. An anonymous person whom an unverified link ties to a known one tells of that person's behaviour, and gets nothing of hers.
 *
 *     resolve({ holders: [{ id: 'hol_a', type: 'userId', value: '7', createdAt: 1 }, { id: 'hol_b', type: 'email', … }],
 *       links: [{ a: 'hol_a', b: 'hol_b', verified: true, firstSeenAt: 5, removedAt: null }], neverMerge: [] }, rules)
 *     // personOf: Map { 'hol_a' => 'per_a', 'hol_b' => 'per_a' }
 */
export const resolve = (known: Known, rules: IdentityRules): Resolved => {
  const holders = new Map<string, Atom>()
  for (const holder of known.holders) holders.set(holder.id, holder)
  const links = [...known.links].filter(({ a, b }) => a !== b && holders.has(a) && holders.has(b))
  const standing = standingsOf(known, holders, links, rules)
  const suppressed = new Map<string, Suppression | null>()
  const candidates: Ranked[] = []
  const hearsay: Ranked[] = []
  for (const link of links) {
    const left = holders.get(link.a)!
    const right = holders.get(link.b)!
    const ends = [standing.get(link.a), standing.get(link.b)]
    const why: Suppression | undefined =
      link.removedAt !== null
        ? 'removed'
        : !link.verified
          ? 'unverified'
          : ends.includes('blocked')
            ? 'blocked'
            : ends.includes('shared')
              ? 'shared'
              : undefined
    if (why === undefined) candidates.push(rank(link, left, right, rules))
    else suppressed.set(linkKey(link), why)
    if (why === 'unverified') hearsay.push(rank(link, left, right, rules))
  }
  quarantine(known, holders, candidates, standing, rules)
  candidates.sort(before)
  const groups = new Groups(holders, known.neverMerge, rules)
  const first = firstOfUsers(known, candidates, rules)
  for (const { link } of candidates) {
    const isLocal = standing.get(link.a) === 'quarantined'
    const why = isLocal && !first.has(link) ? 'quarantined' : groups.why(link)
    if (why === null) groups.unite(link)
    // Of several mentions of one link the first in order is the evidence, and says why.
    const key = linkKey(link)
    if (!suppressed.has(key)) suppressed.set(key, why)
  }
  const roots = groups.roots()
  return {
    personOf: new Map([...roots].map(([id, root]) => [id, personIdOf(root.id)])),
    standing,
    behaviourOf: behavioursOf(roots, hearsay, standing),
    suppressed,
  }
}

type Ranked = {
  readonly link: Evidence
  readonly left: Atom
  readonly right: Atom
  readonly low: number
  readonly high: number
  readonly names: readonly [string, string]
}

const rank = (link: Evidence, left: Atom, right: Atom, rules: IdentityRules): Ranked => {
  const [p, q] = [ruleOf(rules, left.type).priority, ruleOf(rules, right.type).priority]
  const [n, m] = [`${left.type}:${left.value}`, `${right.type}:${right.value}`]
  return { link, left, right, low: Math.min(p, q), high: Math.max(p, q), names: n < m ? [n, m] : [m, n] }
}

/**
 * The order in which links are believed: by the better of the two types, then by the other, then what was seen first, then by what they
 * say. Never by ids or arrival, which depend on how events came in.
 */
const before = (a: Ranked, b: Ranked): number =>
  a.low - b.low ||
  a.high - b.high ||
  a.link.firstSeenAt - b.link.firstSeenAt ||
  compare(a.names[0], b.names[0]) ||
  compare(a.names[1], b.names[1])

/** Of links the one that is believed first. */
export const believedFirst = (
  links: readonly Evidence[],
  holderOf: (id: string) => Atom,
  rules: IdentityRules,
): Evidence | undefined =>
  links.map(link => rank(link, holderOf(link.a), holderOf(link.b), rules)).sort(before)[0]?.link

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Blocked and shared holders; all others null for now. */
const standingsOf = (
  { incomplete }: Known,
  holders: ReadonlyMap<string, Atom>,
  links: readonly Evidence[],
  rules: IdentityRules,
): Map<string, Standing | null> => {
  const standing = new Map<string, Standing | null>()
  for (const holder of holders.values()) standing.set(holder.id, isBlocked(holder, rules) ? 'blocked' : null)
  const neighbours = new Map<string, Map<string, Set<string>>>()
  const note = (holder: Atom, other: Atom): void => {
    if (!countsAsNeighbour(holder, other, rules)) return
    const byType = neighbours.get(holder.id) ?? new Map<string, Set<string>>()
    neighbours.set(holder.id, byType)
    const seen = byType.get(other.type)
    if (seen) seen.add(other.id)
    else byType.set(other.type, new Set([other.id]))
  }
  for (const { a, b, verified, removedAt } of links) {
    if (!verified || removedAt !== null || standing.get(a) !== null || standing.get(b) !== null) continue
    note(holders.get(a)!, holders.get(b)!)
    note(holders.get(b)!, holders.get(a)!)
  }
  for (const holder of holders.values()) {
    if (standing.get(holder.id) !== null) continue
    const isShared = incomplete?.has(holder.id)
      ? holder.standing === 'shared'
      : [...(neighbours.get(holder.id) ?? [])].some(([type, ids]) => ids.size > mostNeighbours(holder, type, rules))
    if (isShared) standing.set(holder.id, 'shared')
  }
  return standing
}

/**
 * Whether a neighbour says that an identifier is shared. Anonymous ones do not: many browsers are no sign of many people. Nor does
 * another of the same unique type, as where an alias names a user's former id: such a link never unites anyway.
 */
export const countsAsNeighbour = (
  holder: Pick<Atom, 'type'>,
  other: Pick<Atom, 'type'>,
  rules: IdentityRules,
): boolean => !isAnonymous(other.type) && !(other.type === holder.type && ruleOf(rules, other.type).atMost === 1)

/** How many different identifiers of a type may be linked to one that is somebody's: a few, or as many as a person may have. */
export const mostNeighbours = (holder: Pick<Atom, 'type'>, type: string, rules: IdentityRules): number =>
  isAnonymous(holder.type) ? rules.shared : Math.max(rules.shared, ruleOf(rules, type).atMost)

/** Marks what hangs together in too many holders. */
const quarantine = (
  { quarantined }: Known,
  holders: ReadonlyMap<string, Atom>,
  candidates: readonly Ranked[],
  standing: Map<string, Standing | null>,
  rules: IdentityRules,
): void => {
  const components = new Forest()
  const ids = [...holders.keys()].filter(id => standing.get(id) === null)
  for (const { link } of candidates) components.join(link.a, link.b)
  const sizes = new Map<string, number>()
  const held = new Set<string>()
  for (const id of ids) {
    const root = components.rootOf(id)
    sizes.set(root, (sizes.get(root) ?? 0) + 1)
    if (quarantined?.has(id)) held.add(root)
  }
  for (const id of ids) {
    const root = components.rootOf(id)
    if (held.has(root) || sizes.get(root)! > rules.component) standing.set(id, 'quarantined')
  }
}

const userTypes = new WeakMap<IdentityRules, string | undefined>()

/** The unique type whose links are believed first: what a quarantined component falls apart into. Worked out once a set of rules. */
export const userType = (rules: IdentityRules): string | undefined => {
  if (!userTypes.has(rules)) {
    const [first] = Object.entries(rules.types)
      .filter(([type, { atMost }]) => atMost === 1 && !isAnonymous(type))
      .sort(([n, p], [m, q]) => p.priority - q.priority || compare(n, m))
    userTypes.set(rules, first?.[0])
  }
  return userTypes.get(rules)
}

/**
 * Of links in order those that unite in quarantine: between a user's id and another known identifier, if it is the other's first to any
 * user and the user's first to that type. Each depends on the links of its two ends alone.
 */
const firstOfUsers = (
  { incomplete }: Known,
  ordered: readonly Ranked[],
  rules: IdentityRules,
): ReadonlySet<Evidence> => {
  const users = userType(rules)
  const taken = new Set<string>()
  const first = new Set<Evidence>()
  for (const { link, left, right } of ordered) {
    const [user, other] = left.type === users ? [left, right] : [right, left]
    if (user.type !== users || other.type === users || isAnonymous(other.type)) continue
    const keys = [other.id, `${user.id}\n${other.type}`]
    const isFirst = keys.every(key => !taken.has(key))
    for (const key of keys) taken.add(key)
    if (isFirst && !incomplete?.has(link.a) && !incomplete?.has(link.b)) first.add(link)
  }
  return first
}

/** Union-find over ids. */
class Forest {
  readonly parents = new Map<string, string>()

  rootOf(id: string): string {
    let root = id
    for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root)) root = parent
    for (let step = id; step !== root; ) {
      const next = this.parents.get(step)!
      this.parents.set(step, root)
      step = next
    }
    return root
  }

  /** The root of what is joined is b's. */
  join(a: string, b: string): void {
    const [from, to] = [this.rootOf(a), this.rootOf(b)]
    if (from !== to) this.parents.set(from, to)
  }
}

/** Holders united so far, with what they hold by type. */
class Groups {
  readonly forest = new Forest()
  readonly members = new Map<string, string[]>()
  readonly types = new Map<string, Map<string, number>>()
  readonly strangers = new Map<string, Set<string>>()
  readonly holders: ReadonlyMap<string, Atom>
  readonly rules: IdentityRules

  constructor(holders: ReadonlyMap<string, Atom>, neverMerge: Known['neverMerge'], rules: IdentityRules) {
    this.holders = holders
    this.rules = rules
    for (const { id, type } of holders.values()) {
      this.members.set(id, [id])
      this.types.set(id, new Map([[type, 1]]))
    }
    for (const { a, b } of neverMerge) {
      for (const [one, other] of [
        [a, b],
        [b, a],
      ] as const)
        this.strangers.set(one, (this.strangers.get(one) ?? new Set()).add(other))
    }
  }

  /** Why the groups of a link's ends must not become one; null: they may, or they are. */
  why({ a, b }: Evidence): Suppression | null {
    const [left, right] = [this.forest.rootOf(a), this.forest.rootOf(b)]
    if (left === right) return null
    const ofLeft = this.types.get(left)!
    let tooMany: Suppression | undefined
    let isSameKnown = false
    for (const [type, count] of this.types.get(right)!) {
      const { atMost } = ruleOf(this.rules, type)
      const others = ofLeft.get(type) ?? 0
      if (others === 0) continue
      if (count + others > atMost) {
        if (atMost === 1) return 'uniqueType'
        tooMany = 'tooMany'
      }
      isSameKnown ||= !isAnonymous(type)
    }
    if (tooMany) return tooMany
    if (isSameKnown && [a, b].some(id => isAnonymous(this.holders.get(id)!.type))) return 'differentPeople'
    return this.areStrangers(left, right) ? 'neverMerge' : null
  }

  private areStrangers(left: string, right: string): boolean {
    if (this.strangers.size === 0) return false
    const [few, many] = this.members.get(left)!.length < this.members.get(right)!.length ? [left, right] : [right, left]
    return this.members
      .get(few)!
      .some(id => [...(this.strangers.get(id) ?? [])].some(other => this.holders.has(other) && this.isIn(other, many)))
  }

  private isIn(id: string, root: string): boolean {
    return this.forest.rootOf(id) === root
  }

  unite({ a, b }: Evidence): void {
    const [left, right] = [this.forest.rootOf(a), this.forest.rootOf(b)]
    if (left === right) return
    // The larger one takes the smaller in, so that a long chain costs little.
    const [from, to] = this.members.get(left)!.length < this.members.get(right)!.length ? [left, right] : [right, left]
    this.forest.join(from, to)
    for (const id of this.members.get(from)!) this.members.get(to)!.push(id)
    const types = this.types.get(to)!
    for (const [type, count] of this.types.get(from)!) types.set(type, (types.get(type) ?? 0) + count)
    this.members.delete(from)
    this.types.delete(from)
  }

  /** Each holder with the one that names its person: a known one before an anonymous, then the oldest. */
  roots(): Map<string, Atom> {
    const roots = new Map<string, Atom>()
    for (const ids of this.members.values()) {
      const root = ids.map(id => this.holders.get(id)!).reduce((a, b) => (namesBefore(a, b) ? a : b))
      for (const id of ids) roots.set(id, root)
    }
    return roots
  }
}

const namesBefore = (a: Atom, b: Atom): boolean =>
  (Number(isAnonymous(a.type)) - Number(isAnonymous(b.type)) ||
    a.createdAt - b.createdAt ||
    compare(`${a.type}:${a.value}`, `${b.type}:${b.value}`) ||
    compare(a.id, b.id)) < 0

/** Whose behaviour anonymous persons tell of: the first link in order from any holder of theirs to a known person's. */
const behavioursOf = (
  roots: ReadonlyMap<string, Atom>,
  hearsay: Ranked[],
  standing: ReadonlyMap<string, Standing | null>,
): Map<string, string> => {
  const told = new Map<string, Set<string>>()
  for (const { link } of hearsay) {
    for (const [one, other] of [
      [link.a, link.b],
      [link.b, link.a],
    ] as const)
      told.set(one, (told.get(one) ?? new Set()).add(other))
  }
  const tellsTooMuch = ({ id, type }: Atom): boolean => isAnonymous(type) && (told.get(id)?.size ?? 0) > maxHearsay
  const anchors = new Map<string, string>()
  for (const { left, right } of hearsay.sort(before)) {
    if ([left, right].some(it => standing.get(it.id) === 'blocked' || tellsTooMuch(it))) continue
    for (const [one, other] of [
      [left, right],
      [right, left],
    ] as const) {
      const root = roots.get(one.id)!
      if (!isAnonymous(root.type) || isAnonymous(roots.get(other.id)!.type) || anchors.has(root.id)) continue
      anchors.set(root.id, other.id)
    }
  }
  const behaviours = new Map<string, string>()
  if (anchors.size === 0) return behaviours
  for (const [id, root] of roots) {
    const anchor = anchors.get(root.id)
    if (anchor !== undefined) behaviours.set(id, anchor)
  }
  return behaviours
}
