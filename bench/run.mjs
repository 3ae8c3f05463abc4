// `npm run bench -- <name> [--json] [--quick] …`: measurements that print ratios; see bench/README.md.
import { parseArgs } from 'node:util'
import { decide } from './decide.mjs'
import { identity } from './identity.mjs'
import { ingest } from './ingest.mjs'
import { ledger } from './ledger.mjs'
import { redeem } from './redeem.mjs'
import { simulate } from './simulate.mjs'
import { sweep } from './sweep.mjs'
import { table } from './table.mjs'

const stores = ['pglite', 'postgres']
const benches = { redeem, ledger, ingest, identity, decide, simulate, sweep }
const usage = `npm run bench -- <${Object.keys(benches).join(' | ')}> [--json] [--quick] [--store pglite|postgres] [--seconds 3] [--events 200000] [--links 1000000] [--members 100000] [--orders file] [--against folder] [--profile folder]\n`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    store: { type: 'string' },
    seconds: { type: 'string' },
    events: { type: 'string', default: '200000' },
    links: { type: 'string', default: '1000000' },
    members: { type: 'string' },
    orders: { type: 'string' },
    against: { type: 'string' },
    profile: { type: 'string' },
  },
})
const run = benches[/** @type {keyof typeof benches} */ (positionals[0])]
if (!run || (values.store !== undefined && !stores.includes(values.store))) {
  process.stderr.write(usage)
  process.exit(2)
}
const { quick, store } = values
const result = await run({
  quick,
  stores: store ? [/** @type {'pglite' | 'postgres'} */ (store)] : quick ? ['pglite'] : ['pglite', 'postgres'],
  seconds: Number(values.seconds ?? (quick ? 0.2 : 3)),
  events: Number(values.events),
  links: Number(values.links),
  members: Number(values.members ?? (quick ? 300 : 100_000)),
  orders: values.orders,
  against: values.against,
  profile: values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [],
  say: text => process.stderr.write(`${text}\n`),
})
process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : table(result.results))
