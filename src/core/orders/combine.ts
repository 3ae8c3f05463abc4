import type { Combination } from '../workspaces/schema.ts'
import type { Applied, Prices, Run } from './prices.ts'

/**
 * An offer in play: it fits, and what is left is which of those that fit go together. `try` applies it to running prices; a text is the
 * reason why it cannot apply there. Players are numbered in the order in which they apply.
 */
export type Player = {
  readonly index: number
  readonly offerId: string
  readonly group: string | undefined
  readonly priority: number
  /** Players of one tie apply in whatever order is best for the customer. */
  readonly tie: number
  /** Whether it gives something besides money, and what that counts for, in minor units. */
  readonly isGift: boolean
  readonly worth: number
  /** The most money it can ever take off. */
  readonly most: number
  /** Whether the rest can only gain from it, so that it need not be tried without. */
  readonly isFree: boolean
  /** Whether it looks at what the basket costs in all and nothing else: the less that is, the less it leaves, or as much. */
  readonly isOfTotal: boolean
  /** Steps that applying it costs; one is about a tenth of a microsecond. */
  readonly steps: number
  readonly try: (prices: Prices, before: readonly Turn[]) => Applied | Failure
}

export type Failure = {
  readonly failed: 'no_effect' | 'limit_reached' | 'condition_false' | 'condition_error'
  readonly details: Readonly<Record<string, unknown>>
}

/** A player that applied, and what it did. */
export type Turn = { readonly player: Player; readonly applied: Applied }

export type Combined = {
  readonly turns: readonly Turn[]
  /** Money off and the worth of what is given, in minor units. */
  readonly value: number
  /** No legal combination is worth more; equal to `value` where the search was complete. */
  readonly bound: number
  readonly isExact: boolean
}

/**
 * Up to so many players the best combination is found for certain, unless hundreds of lines meet offers that permute: nobody waits at a till
 * for seconds. Beyond, the search stops after far fewer steps.
 */
export const exactPlayers = 12
export const exactSteps = 3_000_000
export const boundedSteps = 30_000
/** A good combination to begin with may take so many besides. */
const climbSteps = 20_000
/** Steps to find what makes no difference: enough for 30 offers on 500 lines. */
const idleSteps = 300_000
/** A tie of more players than this applies by age. */
export const maxTie = 5

/** Whether two players may not apply to one order. */
export type Conflicts = (a: Player, b: Player) => boolean

const isFailure = (applied: Applied | Failure): applied is Failure => 'failed' in applied

const gainOf = ({ applied, player }: Turn): number => applied.amount + (player.isGift ? player.worth : 0)

/** What a search has found: what applies, what it is worth, and how many gifts are in it. */
type Found = { readonly turns: readonly Turn[]; readonly value: number; readonly given: number }

const isBetter = (a: Found, b: Found): boolean => a.value > b.value || (a.value === b.value && a.given > b.given)

const playersOf = (turns: readonly Turn[]): Player[] => turns.map(turn => turn.player)

/** How many more of a group, or in all, may join those that apply. */
const roomFor = ({ perOrder, perGroup }: Combination, chosen: readonly Player[], { group }: Player): boolean => {
  if (perOrder !== undefined && chosen.length >= perOrder) return false
  const most = group === undefined ? undefined : perGroup[group]
  return most === undefined || chosen.filter(player => player.group === group).length < most
}

/** Whether nothing that comes after could tell two states apart. */
const isSame = (a: Prices, b: Prices): boolean =>
  a.total === b.total &&
  a.shipping === b.shipping &&
  a.lines.every((price, line) => price === b.lines[line]) &&
  a.runs.every((runs, line) => areSameRuns(runs, b.runs[line]))

const areSameRuns = (a: readonly Run[] | undefined, b: readonly Run[] | undefined): boolean =>
  a === b ||
  (a?.length === b?.length &&
    a?.every((run, index) => {
      const { count, left, taken } = b![index]!
      return run.count === count && run.left === left && run.taken === taken
    }) === true)

/** Sets of more players do not fit into one number together with a place among them. */
const maxRemembered = 40

/**
 * The combination that saves the customer most. A depth-first search over the players in their order, each taken or left (of a tie in every
 * order), which cuts a branch when even all that is left could not beat the best so far, or when the same players have led to the same prices
 * in another order. Deterministic: steps are counted, never timed, and of equals the first found stays, which has the earlier offers.
 *
 * The bound of a branch is what it has, plus the most that each player left can take off; of players that exclude each other only the
 * largest counts (a cover by cliques), and no more of them than may still join.
 */
export const bestForCustomer = (
  players: readonly Player[],
  start: Prices,
  conflicts: Conflicts,
  rules: Combination,
): Combined => {
  // Of one there is nothing to choose, and most orders have no more.
  if (players.length <= 1) return byPriority(players, start, conflicts, rules)
  const size = players.length
  const opponents = players.map(a => players.flatMap(b => (a !== b && conflicts(a, b) ? [b.index] : [])))
  const cliqueOf = coverByCliques(players, conflicts)
  const cliques = Math.max(-1, ...cliqueOf) + 1
  const blocked = new Int32Array(size)
  const isDone = new Uint8Array(size)
  const isLimited = rules.perOrder !== undefined || Object.keys(rules.perGroup).length > 0
  const perOrder = rules.perOrder ?? size
  // What an offer has used up depends on the order of its uses, so states are compared only where each offer is in play once.
  const isRemembering =
    size <= maxRemembered &&
    new Set(players.map(player => player.offerId)).size === size &&
    new Set(players.map(player => player.tie)).size < size
  const states = new Map<number, Prices[]>()
  let steps = size <= exactPlayers ? exactSteps : boundedSteps
  let best: Found | undefined = size <= exactPlayers ? undefined : climb(players, start, opponents, rules)
  let missed = 0
  const most = new Float64Array(cliques)

  /** The most that players from `from` on can add, if `room` more may apply. */
  const potential = (from: number, prices: Prices, room: number): number => {
    most.fill(0)
    let worth = 0
    for (let index = from; index < size; index += 1) {
      if (isDone[index] || blocked[index]! > 0) continue
      const player = players[index]!
      const clique = cliqueOf[index]!
      if (player.most > most[clique]!) most[clique] = player.most
      if (player.isGift) worth += player.worth
    }
    if (room < cliques) most.sort()
    let money = 0
    for (let clique = Math.max(0, cliques - room); clique < cliques; clique += 1) money += most[clique]!
    return Math.min(money, prices.total + prices.shipping) + worth
  }
  const couldGive = (from: number): number => {
    let count = 0
    for (let index = from; index < size; index += 1)
      if (!isDone[index] && blocked[index] === 0 && players[index]!.isGift) count += 1
    return count
  }
  /** Whether the same players have come here before, and at prices that are as good for what is left. */
  const wasBetter = (position: number, prices: Prices, chosen: number): boolean => {
    if (!isRemembering) return false
    const key = chosen * size + position
    const before = states.get(key)
    if (!before) {
      states.set(key, [prices])
      return false
    }
    let isOfTotal = true
    for (let index = position; index < size; index += 1)
      if (!isDone[index] && blocked[index] === 0 && !players[index]!.isOfTotal) isOfTotal = false
    const isWorse = isOfTotal
      ? before.some(other => other.total <= prices.total && other.shipping <= prices.shipping)
      : before.some(other => isSame(other, prices))
    if (!isWorse) before.push(prices)
    return isWorse
  }

  const visit = (
    from: number,
    prices: Prices,
    turns: readonly Turn[],
    value: number,
    given: number,
    chosen: number,
  ): void => {
    let position = from
    while (position < size && (isDone[position] || blocked[position]! > 0)) position += 1
    if (position === size || turns.length >= perOrder) {
      const found = { turns, value, given }
      if (!best || isBetter(found, best)) best = found
      return
    }
    // Looking at what is left is a tenth of an offer's work for each player.
    steps -= 2 + Math.ceil(size / 8)
    const bound = value + potential(position, prices, perOrder - turns.length)
    if (best && (bound < best.value || (bound === best.value && given + couldGive(position) <= best.given))) return
    if (steps <= 0 && best) {
      missed = Math.max(missed, bound)
      return
    }
    if (wasBetter(position, prices, chosen)) return
    const { tie } = players[position]!
    let mustTake = false
    for (let index = position; index < size && players[index]!.tie === tie; index += 1) {
      if (isDone[index] || blocked[index]! > 0) continue
      const player = players[index]!
      if (isLimited && !roomFor(rules, playersOf(turns), player)) continue
      steps -= player.steps
      const applied = player.try(prices, turns)
      if (isFailure(applied)) continue
      const turn = { player, applied }
      isDone[index] = 1
      for (const opponent of opponents[index]!) blocked[opponent]! += 1
      visit(
        position,
        applied.prices,
        [...turns, turn],
        value + gainOf(turn),
        given + Number(player.isGift),
        chosen + 2 ** index,
      )
      for (const opponent of opponents[index]!) blocked[opponent]! -= 1
      isDone[index] = 0
      if (player.isFree) mustTake = true
    }
    if (mustTake) return
    // None of the tie any more.
    const closed: number[] = []
    for (let index = position; index < size && players[index]!.tie === tie; index += 1) {
      if (isDone[index]) continue
      isDone[index] = 1
      closed.push(index)
    }
    visit(position, prices, turns, value, given, chosen)
    for (const index of closed) isDone[index] = 0
  }
  visit(0, start, [], 0, 0, 0)
  const { turns, value } = best!
  return { turns, value, bound: Math.max(value, missed), isExact: missed <= value }
}

/**
 * A good combination to begin with, because among many players a search from the first on does not come to change its mind about the first.
 * All that fit one after the other; then each in turn is left out, or put in and those that exclude it left out, as long as that is
 * worth more.
 */
const climb = (
  players: readonly Player[],
  start: Prices,
  opponents: readonly (readonly number[])[],
  rules: Combination,
): Found => {
  let steps = climbSteps
  const fill = (out: ReadonlySet<number>): Found => {
    const turns: Turn[] = []
    const chosen: Player[] = []
    const shut = new Set(out)
    let [prices, value, given] = [start, 0, 0]
    steps -= players.length
    for (const player of players) {
      if (shut.has(player.index) || !roomFor(rules, chosen, player)) continue
      steps -= player.steps
      const applied = player.try(prices, turns)
      if (isFailure(applied)) continue
      const turn = { player, applied }
      turns.push(turn)
      chosen.push(player)
      prices = applied.prices
      value += gainOf(turn)
      given += Number(player.isGift)
      for (const opponent of opponents[player.index]!) shut.add(opponent)
    }
    return { turns, value, given }
  }
  /** Who is left out if a player is put in: those that it excludes, and if there is no room then who gives least. */
  const without = (player: Player, out: ReadonlySet<number>, { turns }: Found): Set<number> => {
    const next = new Set([...out, ...opponents[player.index]!])
    next.delete(player.index)
    if (roomFor(rules, playersOf(turns), player)) return next
    const rivals = turns.filter(turn => !next.has(turn.player.index))
    const least = rivals.reduce<Turn | undefined>((a, b) => (a && gainOf(a) <= gainOf(b) ? a : b), undefined)
    return least ? next.add(least.player.index) : next
  }

  let out: ReadonlySet<number> = new Set()
  let best = fill(out)
  // Those that can take off most before those that they exclude.
  const dear = new Set<number>()
  for (const player of [...players].sort((a, b) => b.most + b.worth - a.most - a.worth || a.index - b.index))
    if (!dear.has(player.index)) for (const opponent of opponents[player.index]!) dear.add(opponent)
  const other = fill(dear)
  if (isBetter(other, best)) [best, out] = [other, dear]

  let unchanged = 0
  for (let index = 0; unchanged < players.length && steps > 0; index = (index + 1) % players.length) {
    const player = players[index]!
    unchanged += 1
    const isIn = best.turns.some(turn => turn.player === player)
    if (isIn && player.isFree) continue
    const next = isIn ? new Set([...out, index]) : without(player, out, best)
    const found = fill(next)
    if (isBetter(found, best)) [best, out, unchanged] = [found, next, 0]
  }
  return best
}

/** Puts each player into the first set of players that all exclude each other. */
const coverByCliques = (players: readonly Player[], conflicts: Conflicts): readonly number[] => {
  const cliques: Player[][] = []
  return players.map(player => {
    const found = cliques.findIndex(clique => clique.every(member => conflicts(player, member)))
    if (found < 0) return cliques.push([player]) - 1
    cliques[found]!.push(player)
    return found
  })
}

/**
 * The offers of the highest priority that may apply together, whatever they save: from the highest down each joins where it does something
 * and all that joined before still apply. So an offer of low priority that takes effect earlier, on single units, cannot spoil the condition of
 * one of high priority. Where putting players before others takes more steps than a search may, the rest joins at the end or not at all.
 */
export const byPriority = (
  players: readonly Player[],
  start: Prices,
  conflicts: Conflicts,
  rules: Combination,
): Combined => {
  const ranked = [...players].sort((a, b) => b.priority - a.priority || a.index - b.index)
  let turns: readonly Turn[] = []
  let steps = exactSteps
  for (const player of ranked) {
    const chosen = playersOf(turns)
    if (chosen.some(other => conflicts(player, other)) || !roomFor(rules, chosen, player)) continue
    const before = turns.filter(turn => turn.player.index < player.index)
    const after = chosen.slice(before.length)
    if (after.length > 0 && steps <= 0) continue
    const joined = applyAll([player, ...after], start, before)
    steps -= stepsOf([player, ...after])
    if (joined) turns = joined
  }
  const value = turns.reduce((sum, turn) => sum + gainOf(turn), 0)
  return { turns, value, bound: value, isExact: true }
}

const stepsOf = (players: readonly Player[]): number => players.reduce((sum, player) => sum + player.steps, 0)

/** Applies players one after the other; undefined where one of them cannot. */
const applyAll = (players: readonly Player[], start: Prices, before: readonly Turn[]): readonly Turn[] | undefined => {
  const turns = [...before]
  for (const player of players) {
    const applied = player.try(turns.at(-1)?.applied.prices ?? start, turns)
    if (isFailure(applied)) return undefined
    turns.push({ player, applied })
  }
  return turns
}

/** What became of a player that did not apply, when it is tried beside those that did: at its place among them. */
export const tryBeside = (player: Player, start: Prices, turns: readonly Turn[]): Applied | Failure => {
  const before = turns.filter(turn => turn.player.index < player.index)
  return player.try(before.at(-1)?.applied.prices ?? start, before)
}

/**
 * The combination without what makes no difference to it: at the same price and with the same gifts nobody's coupon is used up. What was claimed
 * by a code or issued to the person is spared first, then the youngest; what has not been tried when the steps are used up is kept.
 */
export const withoutIdle = (combined: Combined, start: Prices, isClaimed: (player: Player) => boolean): Combined => {
  const order = playersOf(combined.turns).sort(
    (a, b) => Number(isClaimed(b)) - Number(isClaimed(a)) || b.index - a.index,
  )
  let { turns } = combined
  let steps = idleSteps
  for (const player of order) {
    if (player.isGift || steps <= 0) continue
    const place = turns.findIndex(turn => turn.player === player)
    const after = playersOf(turns.slice(place + 1))
    steps -= stepsOf(after)
    const rest = applyAll(after, start, turns.slice(0, place))
    if (rest && costs(rest, start) === costs(turns, start)) turns = rest
  }
  return { ...combined, turns }
}

/** Whether a player, put beside those that apply, would change nothing of what the order costs. */
export const isIdle = (player: Player, start: Prices, turns: readonly Turn[]): boolean => {
  if (player.isGift) return false
  const before = turns.filter(turn => turn.player.index < player.index)
  const after = playersOf(turns).filter(other => other.index > player.index)
  const all = applyAll([player, ...after], start, before)
  return all !== undefined && costs(all, start) === costs(turns, start)
}

const costs = (turns: readonly Turn[], start: Prices): number => {
  const { total, shipping } = turns.at(-1)?.applied.prices ?? start
  return total + shipping
}
