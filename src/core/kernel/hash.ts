/**
 * FNV-1a, 32 bits, over UTF-16 code units and not UTF-8 bytes: what GrowthBook's JavaScript SDK does, so that an experiment
 * there and a hold-out here agree. For ASCII both are the same. Spreads well and hides nothing: never for secrets.
 *
 *     fnv1a32('a')   // 3826002220, 0xe40c292c
 */
export const fnv1a32 = (text: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

/** How a value falls into a bucket, as GrowthBook numbers it. 1 is biased between experiments: only to agree with old ones. */
export type HashVersion = 1 | 2

/**
 * Where a value falls in [0, 1) for a seed: always the same place, another one for another seed. Version 2 knows 10,000 places
 * and hashes twice, because one round of FNV-1a leaves values under similar seeds in similar places; version 1 knows 1,000.
 * Source: GrowthBook's SDK specification, `hash`.
 *
 *     bucketOf('seed', 'a', 2)   // 0.0505
 */
export const bucketOf = (seed: string, value: string, version: HashVersion): number =>
  version === 2 ? (fnv1a32(String(fnv1a32(seed + value))) % 10_000) / 10_000 : (fnv1a32(value + seed) % 1000) / 1000
