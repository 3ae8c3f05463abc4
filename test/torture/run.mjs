// `npm run torture -- --cycles 50 --store pglite|postgres|both --seed 7 --fault no-limit-check`
import { parseArgs } from 'node:util'
import { faultNames } from './faults.mjs'
import { torture } from './torture.mjs'

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '50' },
    store: { type: 'string', default: 'both' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    fault: { type: 'string', ...(process.env.TESSERA_FAULT ? { default: process.env.TESSERA_FAULT } : {}) },
  },
})
const cycles = Number(values.cycles)
const seed = Number(values.seed)
const stores = values.store === 'both' ? ['pglite', 'postgres'] : [values.store]
if (
  !Number.isInteger(cycles) ||
  cycles < 1 ||
  !Number.isInteger(seed) ||
  stores.some(it => it !== 'pglite' && it !== 'postgres')
) {
  console.error(`Use --cycles <number> --store pglite|postgres|both --seed <number> [--fault ${faultNames.join('|')}]`)
  process.exit(2)
}

let violations = 0
const summary = []
for (const store of stores) {
  const began = Date.now()
  const result = await torture({
    store: /** @type {'pglite' | 'postgres'} */ (store),
    cycles,
    seed,
    fault: values.fault,
    say: line => console.log(line),
  })
  violations += result.violations.length
  for (const violation of result.violations.slice(0, 20)) console.log(`\nVIOLATION ${violation}`)
  if (result.violations.length > 20) console.log(`\n… and ${result.violations.length - 20} more`)
  if (result.violations.length > 0)
    console.log(
      `\nTo repeat: npm run torture -- --store ${store} --seed ${seed} --cycles ${result.cycles}${values.fault ? ` --fault ${values.fault}` : ''}`,
    )
  summary.push(
    `${store}: ${result.cycles} cycles, ${result.kills} kills, ${result.requests} requests (${result.acknowledged} acknowledged, ${result.interrupted} interrupted), ${result.redemptions} redemptions, ${result.returns} returns, ${result.merges} merges, ${result.splits} splits, ${result.violations.length} violations, ${Math.round((Date.now() - began) / 1000)} s`,
  )
}
console.log(`torture seed ${seed} · ${summary.join(' · ')}`)
process.exit(violations > 0 ? 1 : 0)
