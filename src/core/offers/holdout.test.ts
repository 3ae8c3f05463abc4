import { describe, expect, it } from 'vitest'
import { bucketOf } from '../kernel/hash.ts'
import { isHeldOut } from './holdout.ts'

const anchors = Array.from({ length: 20_000 }, (_, index) => `customerId:made-up-${index}`)
const heldOut = (seed: string, percent: number) => anchors.filter(anchor => isHeldOut(seed, anchor, percent))
/** How far a count is from what so many fair draws would give, in standard deviations. */
const deviations = (count: number, share: number) =>
  Math.abs(count - anchors.length * share) / Math.sqrt(anchors.length * share * (1 - share))

describe('a hold-out', () => {
  it.each([
    ['cmp_spring', 9.7, false],
    ['cmp_spring', 9.71, true],
    ['cmp_autumn', 51.27, false],
    ['cmp_autumn', 51.28, true],
  ])('of %s with %d percent keeps Ana back: %s', (seed, percent, held) => {
    expect(isHeldOut(seed, 'customerId:ana', percent)).toBe(held)
  })

  it('keeps back nobody at 0 % and everybody at 100 %', () => {
    expect(heldOut('cmp_spring', 0)).toEqual([])
    expect(heldOut('cmp_spring', 100)).toEqual(anchors)
  })

  it.each([0.5, 1, 5, 10, 33.33, 50, 90])('of %d percent keeps back that share', percent => {
    expect(deviations(heldOut('cmp_spring', percent).length, percent / 100)).toBeLessThan(3)
  })

  it('splits by the hundredth of a percent: each bucket is held out by the next percent and by none below', () => {
    const buckets = new Map(anchors.map(anchor => [Math.round(bucketOf('cmp_spring', anchor, 2) * 10_000), anchor]))
    const wrong = [...buckets].filter(
      ([bucket, anchor]) =>
        isHeldOut('cmp_spring', anchor, Number((bucket / 100).toFixed(2))) ||
        !isHeldOut('cmp_spring', anchor, Number(((bucket + 1) / 100).toFixed(2))),
    )
    expect(buckets.size).toBeGreaterThan(8000)
    expect(wrong).toEqual([])
  })

  it('releases nobody when its percent is raised', () => {
    const percents = [0.5, 1, 5, 10, 33.33, 50, 90, 100]
    const groups = percents.map(percent => new Set(heldOut('cmp_spring', percent)))
    for (const [index, group] of groups.slice(1).entries()) {
      expect([...groups[index]!].filter(anchor => !group.has(anchor))).toEqual([])
    }
  })

  it('of one campaign says nothing about that of another', () => {
    const spring = new Set(heldOut('cmp_spring', 10))
    const both = heldOut('cmp_autumn', 10).filter(anchor => spring.has(anchor))
    expect(deviations(both.length, 0.01)).toBeLessThan(3)
  })
})
