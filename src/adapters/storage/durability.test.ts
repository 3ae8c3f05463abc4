import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { newCluster } from '../../../test/clusters.ts'
import { freshFolder } from '../../../test/stores.ts'
import { openPglite } from './pglite.ts'

const compiled = fileURLToPath(new URL('../../../dist/adapters/storage/pglite.js', import.meta.url))

// Writes numbered pairs for ever, two at a time, and says which are acknowledged.
const writer = (folder: string, from: number) => `
  const { openPglite } = await import(${JSON.stringify(compiled)})
  const database = await openPglite({ folder: ${JSON.stringify(folder)} })
  let id = ${from}
  const write = async () => {
    for (;;) {
      const mine = id++
      await database.transaction(async tx => {
        await tx.query('INSERT INTO pair VALUES ($1, 1, $2)', [mine, 'x'.repeat(mine % 3000)], 'pair')
        await tx.query('INSERT INTO pair VALUES ($1, 2, NULL)', [mine], 'other')
      })
      process.stdout.write(mine + '\\n')
      if (mine % 40 === 0) await database.script('CHECKPOINT')
    }
  }
  await Promise.all([write(), write()])`

it('what the embedded store acknowledged survives SIGKILL, and nothing is half done', async () => {
  const folder = await newCluster(join(freshFolder(), 'pglite'))
  const first = await openPglite({ folder })
  await first.script('CREATE TABLE pair (id int8, half int, text text, PRIMARY KEY (id, half))')
  await first.close()

  const acknowledged: number[] = []
  for (const lines of [1, 7, 60, 200]) {
    const from = (acknowledged.at(-1) ?? 0) + 1_000
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer(folder, from)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'exit')
    let seen = 0
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(Number(line)) // also what was said between the kill and the death
      if (++seen === lines) child.kill('SIGKILL')
    }
    expect(await ended).toEqual([null, 'SIGKILL'])

    const database = await openPglite({ folder })
    const { rows } = await database.query<{ ids: number[] }>(
      'SELECT array_agg(id) AS ids FROM (SELECT id FROM pair GROUP BY id HAVING count(*) = 2) whole',
    )
    const halves = await database.query('SELECT id FROM pair GROUP BY id HAVING count(*) <> 2')
    const whole = new Set(rows[0]!.ids)
    expect(acknowledged.filter(id => !whole.has(id))).toEqual([])
    expect(halves.rows).toEqual([])
    await database.close()
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(268)
})
