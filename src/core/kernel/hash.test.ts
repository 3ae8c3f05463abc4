import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeRealData } from '../../../test/real-data.ts'
import { bucketOf, fnv1a32, type HashVersion } from './hash.ts'

it.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
])('FNV-1a of %j is what its authors publish', (text, hash) => {
  expect(fnv1a32(text)).toBe(hash)
})

it('a letter outside ASCII counts as its UTF-16 code units', () => {
  expect(fnv1a32('é')).toBe(Math.imul(0x811c9dc5 ^ 0xe9, 0x01000193) >>> 0)
  expect(fnv1a32('🎁')).toBe(fnv1a32('\ud83c\udf81'))
})

it.each([
  ['', 'a', 1, 0.22],
  ['b', 'a', 1, 0.946],
  ['', '___)((*":&', 1, 0.563],
  ['seed', 'a', 2, 0.0505],
  ['foo', 'def', 2, 0.2019],
  ['90850943850283058242805', '123', 2, 0.7516],
] as const)('under seed %j the value %j falls by version %i at %f', (seed, value, version, bucket) => {
  expect(bucketOf(seed, value, version)).toBe(bucket)
})

describeRealData('hash cases of GrowthBook', 'growthbook', folder => {
  it('falls where the specification says', () => {
    const { hash: cases } = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as {
      hash: [seed: string, value: string, version: number, bucket: number | null][]
    }
    // The one case without a bucket is a version that nobody knows, which our type does not let in.
    const known = cases.filter(([, , , bucket]) => bucket !== null)
    expect([cases.length, known.length]).toEqual([15, 14])
    expect(known.map(([seed, value, version]) => bucketOf(seed, value, version as HashVersion))).toEqual(
      known.map(([, , , bucket]) => bucket),
    )
  })
})
