import { describe, expect, it } from 'vitest'
import { newCluster } from '../../../test/clusters.ts'
import { freshFolder } from '../../../test/stores.ts'
import { openPglite } from './pglite.ts'
import { doChore, nextChore, startUpkeep, type TableState } from './upkeep.ts'

const still: TableState = {
  name: 'event',
  pages: 100,
  pagesThen: 100,
  rowsThen: 4_000,
  changed: 0,
  live: 4_000,
  dead: 0,
}
const MB = 1 << 20

describe('the next chore', () => {
  it.each<{ when: string; table: Partial<TableState>; wal?: number; quiet: boolean; sql: string | undefined }>([
    { when: 'nothing happened', table: {}, quiet: true, sql: undefined },
    { when: 'half as much again was written', table: { changed: 2_201 }, quiet: false, sql: 'ANALYZE "event"' },
    { when: 'less was written', table: { changed: 2_200 }, quiet: true, sql: undefined },
    {
      when: 'a new table got its first rows',
      table: { pages: 8, pagesThen: 0, rowsThen: 0, changed: 201 },
      quiet: false,
      sql: 'ANALYZE "event"',
    },
    { when: 'it doubled, though a crash lost the count', table: { pages: 217 }, quiet: false, sql: 'ANALYZE "event"' },
    {
      when: 'a fifth is dead and it is quiet',
      table: { dead: 1_801 },
      quiet: true,
      sql: 'VACUUM (TRUNCATE false) "event"',
    },
    { when: 'a fifth is dead and it is not', table: { dead: 1_801 }, quiet: false, sql: undefined },
    {
      when: 'twice as much is dead as alive',
      table: { dead: 18_001 },
      quiet: false,
      sql: 'VACUUM (TRUNCATE false) "event"',
    },
    { when: 'the log grew and it is quiet', table: {}, wal: 17 * MB, quiet: true, sql: 'CHECKPOINT' },
    { when: 'the log grew and it is not', table: {}, wal: 17 * MB, quiet: false, sql: undefined },
    { when: 'the log grew long', table: {}, wal: 65 * MB, quiet: false, sql: 'CHECKPOINT' },
  ])('is $sql when $when', ({ table, wal = 0, quiet, sql }) => {
    expect(nextChore([{ ...still, ...table }], wal, quiet)?.sql).toBe(sql)
  })
})

describe('an embedded store', () => {
  it('is looked after until nothing is left to do', async () => {
    const database = await openPglite({ folder: await newCluster(freshFolder()) })
    await database.script(`CREATE TABLE "Big one" (id int8, text text);
      INSERT INTO "Big one" SELECT g, repeat('x', 500) FROM generate_series(1, 80000) g; DELETE FROM "Big one" WHERE id % 2 = 0`)
    // The counters are seen a second late otherwise.
    const flush = () => database.query('SELECT pg_stat_force_next_flush()')
    const done = new Set<string>()
    await flush()
    for (let chore = await doChore(database, true); chore; chore = await doChore(database, true)) {
      done.add(chore.sql)
      await flush()
    }
    expect([...done].sort()).toEqual(['ANALYZE "Big one"', 'CHECKPOINT', 'VACUUM (TRUNCATE false) "Big one"'])
    const { rows } = await database.query(`SELECT reltuples::int8 AS rows FROM pg_class WHERE relname = 'Big one'`)
    expect(rows[0]!.rows).toBeGreaterThan(30_000)
    await database.close()
  })

  it('is looked after by itself, until told to stop', async () => {
    const database = await openPglite({ folder: await newCluster(freshFolder()) })
    const stop = startUpkeep(database, 5)
    await database.script('CREATE TABLE t (id int); INSERT INTO t SELECT generate_series(1, 5000)')
    await expect
      .poll(
        async () => (await database.query(`SELECT reltuples::int8 AS rows FROM pg_class WHERE relname = 't'`)).rows,
        {
          timeout: 30_000,
        },
      )
      .toEqual([{ rows: 5_000 }])
    await stop()
    await database.close()
  })
})
