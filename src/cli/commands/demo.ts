import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTessera, type Tessera } from '../../sdk/index.ts'
import { defineCommand, type Terminal } from '../command.ts'
import { describeSummary, isAsItMustBe } from '../replay/summary.ts'
import { localConfig } from '../settings.ts'
import { replaySynthetic } from './replay.ts'

const year = { seed: 1, households: 300 }
const usualPort = 8080

/** The usual port where it is free, else one that the system picks. */
const freePort = (wanted: number): Promise<number> =>
  new Promise((done, failed) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      wanted !== 0 && (error.code === 'EADDRINUSE' || error.code === 'EACCES') ? done(freePort(0)) : failed(error),
    )
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address ? address.port : wanted))
    })
  })

/** The made-up year is over, so a thank-you to those who redeemed gives something to try today, the code of the first of them, and points. */
const sayThankYou = async (tessera: Tessera, people: readonly string[]): Promise<string> => {
  const campaign = await tessera.createCampaign({ name: 'Thank you', goal: 'Another visit' })
  const offer = await tessera.createOffer({
    campaign: campaign.id,
    name: '10 % off your next basket',
    trigger: { on: 'grant' },
    benefit: { kind: 'percentOff', percent: 10 },
    limits: { perCode: 1 },
  })
  await tessera.putProgramme('club', {
    name: 'Club',
    rate: { points: 100, worth: { amount: 100, currency: 'USD' } },
    join: { on: 'firstOrder' },
    expiry: { kind: 'after', months: 12 },
  })
  await tessera.createOffer({
    campaign: campaign.id,
    name: 'A point per dollar',
    trigger: { on: 'basket' },
    benefit: { kind: 'points', programme: 'club', per: { amount: 100, currency: 'USD', points: 1 } },
  })
  const issued = await tessera.createGrants(offer.id, { people, withCode: true })
  return 'data' in issued ? issued.data[0]!.code! : ''
}

/** Three calls that a person can paste; each was made before it is shown. */
const thingsToTry = async (
  { tessera, url, keyFile }: { tessera: Tessera; url: string; keyFile: string },
  person: string,
  code: string,
): Promise<string> => {
  const order = {
    state: 'placed' as const,
    person,
    channel: 'store',
    currency: 'USD',
    codes: [code],
    lines: [{ id: '1', sku: 'COFFEE', quantity: 2, unitPrice: 450 }],
  }
  await tessera.getWallet(person)
  const { applied, earned } = await tessera.putOrder('demo-1', order, { dryRun: true })
  if (!applied.some(it => it.amount > 0) || !earned)
    throw new Error(`The code ${code} does not apply to the basket that the demo shows`)
  const { data } = await tessera.getCampaignReport()
  const busiest = data.reduce((best, row) => (row.redeemed > best.redeemed ? row : best))
  const curl = `curl -s -H "Authorization: Bearer $(cat ${keyFile})"`
  return [
    'What a customer has in the wallet:',
    `  ${curl} '${url}/v1/people/${person}/wallet'`,
    'What a basket with her code would cost at the till, and the points that it would earn (a dry run; without it the code is used up):',
    `  ${curl} -X PUT '${url}/v1/orders/demo-1?dryRun=true' -H 'Content-Type: application/json' -d '${JSON.stringify(order)}'`,
    `What came of ${busiest.name}:`,
    `  ${curl} '${url}/v1/reports/campaigns?campaign=${busiest.campaign}'`,
    '',
  ].join('\n')
}

const untilStopped = ({ stop, err }: Terminal): Promise<void> =>
  new Promise(done => {
    err.write('The server stays up; Ctrl-C stops it and throws its data away.\n')
    if (stop.aborted) done()
    else stop.addEventListener('abort', () => done(), { once: true })
  })

export const demo = defineCommand({
  name: 'demo',
  summary: 'See it work: a fresh server lives through a made-up year of coupons, and stays up to be tried',
  usage: ['[--exit]'],
  words: 0,
  options: { exit: { type: 'boolean', says: 'stop at the end instead of staying up' } },
  examples: ['npm run demo'],
  run: async ({ values, terminal }) => {
    const { out, err } = terminal
    const folder = mkdtempSync(join(tmpdir(), 'tessera-demo-'))
    try {
      const { startServer } = await import('../../server/compose.ts')
      const server = await startServer({
        ...localConfig(),
        host: '127.0.0.1',
        port: await freePort(usualPort),
        folder,
        databaseUrl: undefined,
        adminKey: undefined,
        logLevel: 'warn',
      })
      try {
        const { url, adminKey } = server
        err.write(`A fresh server is at ${url}, its docs at ${url}/docs. Its year goes through the HTTP API:\n`)
        const tessera = createTessera({ url, key: adminKey })
        const { summary, redeemers } = await replaySynthetic({ tessera, probe: false, terminal, ...year })
        out.write(describeSummary(summary))
        const code = await sayThankYou(tessera, redeemers)
        out.write(await thingsToTry({ tessera, url, keyFile: join(folder, 'admin-key') }, redeemers[0]!, code))
        if (!values.exit) await untilStopped(terminal)
        return isAsItMustBe(summary) ? 0 : 1
      } finally {
        await server.close()
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})
