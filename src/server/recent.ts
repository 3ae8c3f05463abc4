/**
 * A map of bounded size that forgets what was used longest ago: caches whose names strangers choose must not grow.
 *
 *     const recent = makeRecent<string, number>(2)
 *     recent.set('a', 1); recent.set('b', 2); recent.get('a'); recent.set('c', 3)
 *     recent.get('b')   // undefined: 'a' was used after it
 */
export type Recent<K, V> = { get(key: K): V | undefined; set(key: K, value: V): void; delete(key: K): void }

export const makeRecent = <K, V>(most: number): Recent<K, V> => {
  // A Map keeps the order of insertion, so taking a key out and putting it in again makes it the newest.
  const entries = new Map<K, V>()
  return {
    get: key => {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set: (key, value) => {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size > most) entries.delete(entries.keys().next().value as K)
    },
    delete: key => {
      entries.delete(key)
    },
  }
}
