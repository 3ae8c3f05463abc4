import { startProcess } from './processes.mjs'
import { median, percentile, rounded } from './statistics.mjs'

const counts = [10, 100, 1000, 10_000]
/** What the others are compared with. */
const yardstick = 100

/**
 * Decisions in process over a growing number of offers of which at most twenty can match.
 *
 * @param {{ quick: boolean, seconds: number, profile: readonly string[], say: (text: string) => void }} options
 */
export const decide = async ({ quick, seconds, profile, say }) => {
  const decider = await startProcess('decider.mjs', { execArgv: [...profile] })
  try {
    say(`baskets against ${counts.join(', ')} offers`)
    const takes = /** @type {import('./decider.mjs').Measured[][]} */ (
      await decider.ask('run', {
        counts,
        seconds: seconds * counts.length,
        takes: quick ? 1 : 3,
        different: quick ? 20 : 500,
      })
    )
    const of = (/** @type {number} */ count) => takes.flatMap(take => take.filter(it => it.offers === count))
    /** @param {number} count @param {number} share */
    const latency = (count, share) => median(of(count).map(it => percentile(it.latenciesMs, share)))
    const results = counts.map(count => {
      const measured = of(count)
      const latenciesMs = measured.flatMap(it => it.latenciesMs)
      const busyMs = latenciesMs.reduce((sum, ms) => sum + ms, 0)
      const p99s = measured.map(it => percentile(it.latenciesMs, 0.99))
      /** @param {'found' | 'fitted' | 'exact'} what */
      const each = what => measured.reduce((sum, it) => sum + it[what], 0) / latenciesMs.length
      return {
        case: `${count} offers`,
        store: 'none',
        connections: 1,
        perSecond: Math.round((latenciesMs.length / busyMs) * 1000),
        p50Ms: rounded(latency(count, 0.5)),
        p99Ms: rounded(latency(count, 0.99)),
        ratios: {
          p50Of100: rounded(latency(yardstick, 0.5) / latency(count, 0.5)),
          p99Of100: rounded(latency(yardstick, 0.99) / latency(count, 0.99)),
        },
        decisions: latenciesMs.length,
        p99Spread: rounded((Math.max(...p99s) - Math.min(...p99s)) / median(p99s)),
        offersFound: rounded(each('found')),
        offersThatFit: rounded(each('fitted')),
        shareExact: rounded(each('exact')),
        indexBuildMs: rounded(measured[0]?.buildMs ?? 0),
      }
    })
    return { bench: 'decide', results }
  } finally {
    await decider.stop()
  }
}
