import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { predict, readJourney, totals } from '../../../test/oracle/complete-journey.ts'
import { describeRealData } from '../../../test/real-data.ts'
import { freshFolder } from '../../../test/stores.ts'
import { readJourney as readAsProduct } from './journey.ts'
import { writeSyntheticJourney } from './synthetic.ts'

const yearIn = (options: { seed: number; households: number }): string => {
  const folder = freshFolder()
  writeSyntheticJourney(folder, options)
  return folder
}

const bytesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(readdirSync(folder).map(file => [file, readFileSync(join(folder, file), 'utf8')]))

describe('a made-up year', () => {
  it('is the same to the byte for the same seed, and another for another', () => {
    const first = bytesOf(yearIn({ seed: 1, households: 60 }))
    expect(Object.keys(first)).toHaveLength(7)
    expect(bytesOf(yearIn({ seed: 1, households: 60 }))).toEqual(first)
    expect(bytesOf(yearIn({ seed: 2, households: 60 }))).not.toEqual(first)
  })

  it.each([
    { seed: 1, households: 300 },
    { seed: 32, households: 300 },
    { seed: 3, households: 60 },
    { seed: 6, households: 300 },
    { seed: 12, households: 50 },
  ])('of seed $seed keeps its promises with $households households', options => {
    const journey = readJourney(yearIn(options))
    const types = [...journey.campaigns.values()].map(campaign => campaign.type)
    expect(['A', 'B', 'C'].map(letter => types.filter(type => type === `Type ${letter}`).length)).toEqual([4, 17, 6])
    expect(journey.baskets.lines).toBe(options.households * 10)
    expect([...journey.offers.values()].filter(list => list.length > 1).length).toBeGreaterThan(10)

    // predict() throws for a redemption that fits no campaign by person and date.
    const predictions = predict(journey)
    const sums = totals(journey, predictions)
    expect(sums.refused).toBe(0)
    expect(sums.redemptions).toBeGreaterThan(options.households)
    expect(sums.redemptions).toBeLessThan(options.households * 4)
    const uses = new Map<string, number>()
    for (const { household, code } of journey.redemptions)
      uses.set(`${household} ${code}`, (uses.get(`${household} ${code}`) ?? 0) + 1)
    expect(new Set(uses.values())).toEqual(new Set([1, 2]))
    for (const { probes } of predictions) expect(probes.every(probe => 'refused' in probe.answer)).toBe(true)
  })

  it('has redemptions that fit two campaigns, as the real year has', () => {
    const journey = readJourney(yearIn({ seed: 1, households: 300 }))
    expect(totals(journey, predict(journey)).ambiguous).toBeGreaterThan(0)
  })

  it('reads as a journey, and as the same one the oracle reads', async () => {
    const folder = yearIn({ seed: 1, households: 60 })
    const [ours, oracles] = [await readAsProduct(folder), readJourney(folder)]
    expect(ours.redemptions).toEqual(oracles.redemptions)
    expect(ours.coupons.length).toBe([...oracles.offers.values()].flat().length)
    expect(ours.baskets.length).toBe(oracles.baskets.baskets)
  })
})

describeRealData('a made-up year', 'complete-journey', real => {
  it('has the files and header lines of the real one', () => {
    const headers = (folder: string) =>
      Object.entries(bytesOf(folder)).map(([file, text]) => [file, text.slice(0, text.indexOf('\n'))])
    expect(headers(yearIn({ seed: 1, households: 20 }))).toEqual(headers(real))
  })
})
