/** Chance that is the same on every machine. */
export type Dice = {
  /** An integer from `low` to `high`, both included. */
  between: (low: number, high: number) => number
  /** True once in a while: `chance(0.25)`. */
  chance: (probability: number) => boolean
  pick: <T>(items: readonly T[]) => T
  /** `count` different items, or all there are, in the order they stood in. */
  some: <T>(items: readonly T[], count: number) => T[]
}

/** Mulberry32: 32 bits of state and integer arithmetic only, so every machine rolls the same numbers. */
export const diceFrom = (seed: number): Dice => {
  let state = seed | 0
  const roll = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const between = (low: number, high: number): number => low + Math.floor(roll() * (high - low + 1))
  const some = <T>(items: readonly T[], count: number): T[] => {
    let wanted = Math.min(count, items.length)
    return items.filter((_, index) => {
      const taken = roll() * (items.length - index) < wanted
      if (taken) wanted--
      return taken
    })
  }
  return {
    between,
    chance: probability => roll() < probability,
    pick: items => items[between(0, items.length - 1)]!,
    some,
  }
}
