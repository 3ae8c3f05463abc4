export const sum = (/** @type {readonly number[]} */ numbers) => numbers.reduce((all, number) => all + number, 0)

/** Lists by key, in the order of `list`; what has no key is left out. @template T @param {readonly T[]} list @param {(item: T) => string | null | undefined} keyOf */
export const groupBy = (list, keyOf) => {
  /** @type {Map<string, T[]>} */
  const groups = new Map()
  for (const item of list) {
    const key = keyOf(item)
    if (key === null || key === undefined) continue
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
