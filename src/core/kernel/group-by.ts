/** As `Map.groupBy`, which Node.js 20 does not have: `groupBy(['ab', 'c', 'ad'], it => it[0])` → a: ab, ad; c: c. */
export const groupBy = <T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> => {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const known = groups.get(key)
    if (known) known.push(item)
    else groups.set(key, [item])
  }
  return groups
}
