import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newCluster } from '../../../test/clusters.ts'
import { freshFolder, freshPostgres } from '../../../test/stores.ts'
import { migrations } from './migrations/index.ts'
import { openStore } from './open.ts'
import { StoreRefused } from './store-refused.ts'

const url = 'http://127.0.0.1:8080'
const done = 'SELECT max(id) AS done FROM tessera_migration'

describe('the store of a data folder', () => {
  it('is made, kept, and this process’s alone while it is open', async () => {
    const folder = join(freshFolder(), 'data')
    const store = await openStore({ folder, url })
    expect(store.kind).toBe('pglite')
    expect((await store.query(done)).rows).toEqual([{ done: migrations.length }])
    await expect(openStore({ folder, url })).rejects.toThrow(/in use by process \d+ \(http:\/\/127\.0\.0\.1:8080\)/)
    await store.script(`CREATE TABLE kept AS SELECT 'this' AS what`)
    await store.close()
    expect(existsSync(join(folder, 'lock'))).toBe(false)
    expect(readFileSync(join(folder, 'version'), 'utf8')).toBe('{"version":1}\n')

    const again = await openStore({ folder, url })
    expect((await again.query('SELECT what FROM kept')).rows).toEqual([{ what: 'this' }])
    await again.close()
  })

  it.each([
    ['{"version":2}', /newer version of Tessera: its layout is 2, this version knows 1/],
    ['{"version', /damaged/],
    ['{"version":"1"}', /damaged/],
  ])('is refused when its version file says %s', async (version, says) => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'version'), version)
    const error = await openStore({ folder, url }).catch((refused: unknown) => refused)
    expect(error).toBeInstanceOf(StoreRefused)
    expect(String(error)).toMatch(says)
    expect(existsSync(join(folder, 'lock'))).toBe(false)
    expect(existsSync(join(folder, 'pglite'))).toBe(false)
  })

  it('is unlocked again when its schema is refused', async () => {
    const folder = freshFolder()
    await newCluster(join(folder, 'pglite'))
    const store = await openStore({ folder, url })
    await store.query('INSERT INTO tessera_migration (id, name) VALUES ($1, $2)', [migrations.length + 1, 'tomorrow'])
    await store.close()
    await expect(openStore({ folder, url })).rejects.toThrow(StoreRefused)
    expect(existsSync(join(folder, 'lock'))).toBe(false)
  })

  it('is made again when the first time was cut short', async () => {
    const folder = freshFolder()
    mkdirSync(join(folder, 'pglite'))
    writeFileSync(join(folder, 'pglite/PG_VERSION'), '18\n')
    writeFileSync(join(folder, 'pglite.creating'), '')
    const store = await openStore({ folder, url })
    expect((await store.query(done)).rows).toEqual([{ done: migrations.length }])
    await store.close()
    expect(existsSync(join(folder, 'pglite.creating'))).toBe(false)
  })

  it('does not keep the copy of a dump that was killed', async () => {
    const folder = freshFolder()
    await newCluster(join(folder, 'pglite'))
    mkdirSync(join(folder, 'snapshot-left/pglite'), { recursive: true })
    const store = await openStore({ folder, url })
    expect(existsSync(join(folder, 'snapshot-left'))).toBe(false)
    await store.close()
  })
})

describe('the store of a PostgreSQL server', () => {
  it('is shared: two open it at once, and one schema is made', async () => {
    const databaseUrl = await freshPostgres()
    const folder = freshFolder()
    const stores = await Promise.all([1, 2].map(() => openStore({ databaseUrl, folder, url })))
    expect(stores.map(({ kind }) => kind)).toEqual(['postgres', 'postgres'])
    const first = await stores[0]!.query('SELECT count(*) AS n FROM tessera_migration')
    expect(first.rows).toEqual([{ n: migrations.length }])
    await Promise.all(stores.map(store => store.close()))
  })
})
