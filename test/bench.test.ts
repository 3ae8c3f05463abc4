import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../bench/run.mjs', import.meta.url))

const bench = (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((done, failed) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    const output = { stdout: '', stderr: '' }
    child.stdout.on('data', chunk => {
      output.stdout += chunk
    })
    child.stderr.on('data', chunk => {
      output.stderr += chunk
    })
    child.once('error', failed)
    child.once('close', code => done({ code, ...output }))
  })

const positive: unknown = expect.toSatisfy((value: unknown) => typeof value === 'number' && value > 0)
const measured = (
  name: string,
  connections: number,
  ratios: readonly string[],
  more: Record<string, unknown> = {},
  store = 'pglite',
) => ({
  case: name,
  store,
  connections,
  perSecond: positive,
  p50Ms: positive,
  p99Ms: positive,
  ratios: Object.fromEntries(ratios.map(ratio => [ratio, positive])),
  ...more,
})

// Generous, since whole servers are started and a store is filled; on an idle machine it takes some 15 seconds.
describe.concurrent('npm run bench, in its short form', { timeout: 240_000 }, () => {
  it('redeem measures orders against its yardsticks, and prints one JSON object', async () => {
    const { code, stdout, stderr } = await bench('redeem', '--quick', '--json')
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      bench: 'redeem',
      results: [
        measured('pglite 1', 1, ['noop', 'bareTransaction'], { bareTransactionMs: positive }),
        measured('pglite 32', 32, ['noop']),
        measured('pglite noop 32', 32, ['bareHttp']),
        measured('pglite anonymous 32', 32, ['known']),
        measured('pglite spread 32', 32, ['unique']),
        measured('pglite hot 32', 32, ['spread']),
        measured('pglite during report 32', 32, ['alone', 'p99'], { reports: positive }),
      ],
    })
  })

  it('redeem measures one build against another: here against itself', async () => {
    const { code, stdout, stderr } = await bench('redeem', '--quick', '--against', '.', '--json')
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    const ratios = ['against', 'p50', 'p99', 'cpu']
    const spread = { lowest: positive, highest: positive }
    expect(JSON.parse(stdout)).toEqual({
      bench: 'redeem',
      results: [
        measured('pglite unique 1', 1, ratios, spread),
        measured('pglite unique 32', 32, ratios, spread),
        measured('pglite anonymous 1', 1, ratios, spread),
        measured('pglite anonymous 32', 32, ratios, spread),
      ],
    })
  })

  it('ledger measures transfers in process and over HTTP, and wallets of few lots and very many', async () => {
    const { code, stdout, stderr } = await bench('ledger', '--quick', '--json')
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      bench: 'ledger',
      results: [
        measured('pglite in process spread', 512, ['bareTransaction']),
        measured('pglite in process hot', 512, ['bareTransaction']),
        measured('pglite http spread 32', 32, ['noop']),
        measured('pglite http hot 32', 32, ['noop']),
        measured('pglite wallet of 10,000 lots', 1, ['p99Of10']),
      ],
    })
  })

  it('ingest measures events one by one, in batches and with a hundred segments, and the memory they take', async () => {
    const { code, stdout, stderr } = await bench('ingest', '--quick', '--json')
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      bench: 'ingest',
      results: [
        measured('pglite batches of 100', 8, ['oneByOne'], {
          oneByOnePerSecond: positive,
          events: 5000,
          rssStartMb: positive,
          rssEndMb: positive,
        }),
        measured('pglite with 100 segments', 8, ['segments', 'secondHalf'], {
          events: 5000,
          segments: 100,
          segmentsWithMembers: positive,
          members: positive,
          visible: 100,
          rssStartMb: positive,
          rssEndMb: positive,
        }),
      ],
    })
  })

  it('identity measures events that say who is who, a storm of them on one user id, and who people are in the end', async () => {
    const { code, stdout, stderr } = await bench('identity', '--quick', '--json')
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    const storm = 1000 + 10 * 100
    expect(JSON.parse(stdout)).toEqual({
      bench: 'identity',
      results: [
        measured('pglite links', 8, ['ingest', 'events'], {
          links: 4332,
          people: 1000,
          events: 3000,
          plainPerSecond: positive,
          stormSlowestMs: positive,
          stormAloneMs: positive,
          largestComponent: storm + 1,
          sharedIdentifiers: positive,
          peopleRight: 100,
          rssStartMb: positive,
          rssEndMb: positive,
        }),
      ],
    })
  })

  it('decide measures decisions over more and more offers, and how many of them it met', async () => {
    const { code, stdout, stderr } = await bench('decide', '--quick', '--json')
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    const number: unknown = expect.any(Number)
    const more = {
      decisions: positive,
      p99Spread: number,
      offersFound: positive,
      offersThatFit: positive,
      shareExact: number,
      indexBuildMs: positive,
    }
    const counts = [10, 100, 1000, 10_000]
    expect(JSON.parse(stdout)).toEqual({
      bench: 'decide',
      results: counts.map(count => measured(`${count} offers`, 1, ['p50Of100', 'p99Of100'], more, 'none')),
    })
  })

  it('simulate measures a file of past orders against parsing it, and against the server', async () => {
    const { code, stdout, stderr } = await bench('simulate', '--quick', '--json')
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      bench: 'simulate',
      results: [
        measured('a file of orders', 32, ['parse', 'read', 'http'], {
          timesParse: positive,
          orders: 500,
          ordersTouched: positive,
          httpPerSecond: positive,
          rssOnceMb: positive,
          rss5TimesMb: positive,
        }),
      ],
    })
  })

  it('sweep measures the end of a month against one statement, and what those who shop feel of it', async () => {
    const { code, stdout, stderr } = await bench('sweep', '--quick', '--json')
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    const more = {
      people: 240,
      seconds: positive,
      batches: positive,
      longestMs: positive,
      statementMs: positive,
      p99WithoutMs: positive,
      rssMb: positive,
      auditSeconds: positive,
    }
    expect(JSON.parse(stdout)).toEqual({
      bench: 'sweep',
      results: [measured('pglite 300', 4, ['statement', 'longest', 'p99'], more)],
    })
  })

  it('an unknown bench is told what there is', async () => {
    const { code, stdout, stderr } = await bench('fly')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('<redeem | ledger | ingest | identity | decide | simulate | sweep>')
  })
})
