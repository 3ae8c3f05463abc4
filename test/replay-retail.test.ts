// A year of a real shop as a points programme, against an oracle that reads the same file with code of its own.
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import type { RetailSummary } from '../src/cli/replay/play-retail.ts'
import { run } from '../src/cli/run.ts'
import { predictPoints } from './oracle/points.ts'
import { describeRealData } from './real-data.ts'
import { freshFolder } from './stores.ts'

const replay = async (...args: string[]): Promise<RetailSummary> => {
  const out = new PassThrough()
  const pieces: string[] = []
  out.on('data', piece => pieces.push(String(piece)))
  const terminal = { out, err: new PassThrough().resume(), stop: new AbortController().signal }
  expect(await run(['replay', 'online-retail', ...args, '--json'], terminal)).toBe(0)
  return JSON.parse(pieces.join('')) as RetailSummary
}

describeRealData('a year of a shop as a points programme', 'online-retail', folder => {
  // One customer in 40 over the whole year, so that points end and goods come back after they did. All: `tessera replay online-retail`.
  const oneIn = 40
  it('is what the rows come to, and played again it stays so', async () => {
    const data = freshFolder()
    const args = [folder, '--one-in', String(oneIn), '--data', data]
    const summary = await replay(...args)
    const predicted = predictPoints(folder, { oneIn })
    const { members, sales, earned, takenBack, expired, closing } = summary
    expect({
      members,
      sales,
      earned,
      takenBack,
      expired,
      closing,
      months: Object.fromEntries(summary.months.map(({ period, worth: _, ...month }) => [period, month])),
    }).toEqual(predicted)
    // The sample has all that the year is about.
    expect(Math.min(members, takenBack, expired, closing, summary.returns)).toBeGreaterThan(50)
    expect(summary.months.at(-1)!.worth).toBe(closing)
    const { seconds: _, ...again } = await replay(...args)
    expect({ ...again, seconds: 0 }).toEqual({ ...summary, seconds: 0 })
  }, 600_000)
})
