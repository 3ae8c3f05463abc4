import { startIngesting } from './ingest.mjs'
import { eventsOf, identifiersOf, isOrdinary, linksOf, peopleOf } from './people.mjs'
import { startProcess } from './processes.mjs'
import { eventsPerBatch } from './requests.mjs'
import { rounded } from './statistics.mjs'
import { makeStores } from './stores.mjs'

const connections = 8
const pieces = 20
/** Plain events for each event that tells who somebody is: they are the yardstick, and need not be as many. */
const plainShare = 0.25
/** People who are looked at in the end. */
const looked = 100
/** Of all links so many are the storm's; but always enough to come far beyond what a component may have. */
const shareOfStorm = 100
const smallestStorm = 1000

/**
 * Evidence of who is who, as events with two to four identifiers each, against plain events of the same batches to another server in
 * turn. In the middle a storm: one user id with ever more browsers.
 *
 * @param {{ quick: boolean, stores: readonly ('pglite' | 'postgres')[], links: number, profile: readonly string[], say: (text: string) => void }} options
 */
export const identity = async ({ quick, stores, links: wished, profile, say }) => {
  const results = []
  const people = peopleOf(quick ? 1000 : wished)
  const batches = eventsOf(people) / eventsPerBatch
  const stormBatches = Math.ceil(Math.max(smallestStorm, linksOf(people) / shareOfStorm) / eventsPerBatch)
  const links = linksOf(people) + stormBatches * eventsPerBatch
  const places = await makeStores()
  const generator = await startProcess('generator.mjs')
  try {
    for (const store of stores) {
      say(`${store}: starting`)
      const known = await startIngesting(generator, { env: await places.fresh(store), execArgv: profile })
      const plain = await startIngesting(generator, { env: await places.fresh(store), execArgv: profile })
      let rssStartMb = 0
      let stormSlowestMs = 0
      for (let piece = 0; piece < pieces; piece++) {
        const share = (/** @type {number} */ of) =>
          /** @type {const} */ ([Math.floor((of * piece) / pieces), Math.floor((of * (piece + 1)) / pieces)])
        const turns = [
          () => known.send('identify', ...share(batches)),
          () => plain.send('batch', ...share(Math.max(pieces, Math.round(batches * plainShare)))),
        ]
        for (const turn of piece % 2 === 0 ? turns : turns.toReversed()) await turn()
        if (piece === pieces / 2) stormSlowestMs = Math.max(...(await known.send('storm', 0, stormBatches)))
        // The first twentieth fills the heap and the caches, and is not yet what "flat" means.
        if (piece === 0) rssStartMb = await known.rssMb()
        say(`${store}: ${(piece + 1) * (100 / pieces)} % of ${links} links`)
      }
      const rssEndMb = await known.rssMb()
      const linksPerSecond = links / known.seconds()
      const { events, perSecond, latencies } = {
        events: known.events(),
        perSecond: known.rate(),
        latencies: known.latencies(),
      }
      // Without others that wait in the same commits: what one batch about the component takes.
      const stormAloneMs = Math.max(...(await known.send('storm', stormBatches, stormBatches + 10, 1)))
      const { right, largest, shared } = await lookAt(known.caller, people)
      if (right !== looked) throw new Error(`of ${looked} people ${right} are who they should be`)
      results.push({
        case: `${store} links`,
        store,
        connections,
        perSecond: Math.round(linksPerSecond),
        ...latencies,
        ratios: { ingest: rounded(linksPerSecond / plain.rate()), events: rounded(perSecond / plain.rate()) },
        links,
        people,
        events,
        plainPerSecond: Math.round(plain.rate()),
        stormSlowestMs: rounded(stormSlowestMs),
        stormAloneMs: rounded(stormAloneMs),
        largestComponent: largest,
        sharedIdentifiers: shared,
        peopleRight: right,
        rssStartMb,
        rssEndMb,
      })
      await Promise.all([known.stop(), plain.stop()])
    }
  } finally {
    await generator.stop()
    await places.remove()
  }
  return { bench: 'identity', results }
}

/**
 * How many of so many ordinary people have exactly their own identifiers, what hangs together with the storm's user, and how many
 * identifiers everybody uses.
 *
 * @param {ReturnType<typeof import('./caller.mjs').makeCaller>} caller @param {number} people
 */
const lookAt = async ({ get }, people) => {
  let right = 0
  for (let n = 0; n < looked; n++) {
    let person = Math.floor((people * n) / looked)
    while (!isOrdinary(person)) person--
    const expected = identifiersOf(person)
    const { identifiers } = await get(`/v1/people/${encodeURIComponent(expected.at(-1) ?? '')}`)
    const found = identifiers.map((/** @type {any} */ it) => `${it.type}:${it.value}`).sort()
    if (found.join(' ') === expected.join(' ')) right++
  }
  const { data } = await get('/v1/identity/quarantine?limit=100')
  const components = data.filter((/** @type {any} */ it) => it.kind === 'component')
  const largest = Math.max(0, ...components.map((/** @type {any} */ it) => it.size))
  if (largest === 0) throw new Error('the storm was not quarantined')
  return { right, largest, shared: data.length - components.length }
}
