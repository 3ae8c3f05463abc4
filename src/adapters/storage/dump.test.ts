import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newCluster } from '../../../test/clusters.ts'
import { freshFolder, freshPostgres } from '../../../test/stores.ts'
import type { Database } from './database.ts'
import { dump } from './dump.ts'
import { load } from './load.ts'
import { migrate } from './migrate.ts'
import type { Migration } from './migrations/migration.ts'
import { type EmbeddedDatabase, openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'
import { StoreRefused } from './store-refused.ts'

const things: Migration = {
  id: 1,
  name: 'things',
  sql: `CREATE TABLE thing (id int8 PRIMARY KEY, name text, data bytea, at timestamptz, body jsonb, kept json, tags text[],
          big int8[], ratio float8, price numeric, flag bool, day date, small smallint NOT NULL DEFAULT 7);
        CREATE TABLE "empty ""one" (id int);
        CREATE TABLE many (id int8 PRIMARY KEY, text text)`,
}
const more: Migration = {
  id: 2,
  name: 'more',
  sql: `ALTER TABLE thing ADD state text NOT NULL DEFAULT 'live'; CREATE TABLE later (id int)`,
}

const rows = `INSERT INTO thing VALUES
  (1, E'naïve 🌱\\n"quoted"\\\\ \\u2028', '\\x00ff0a22', '2026-03-29 00:30:00.123456+00', '{"n": 12345678901234567890.10, "a": "\\u00e9"}',
   E'{"b" :  1,\\n "a":2, "b":1.0}', ARRAY['a','b c',NULL,'NULL','d"e','f\\g',''], ARRAY[9223372036854775807,NULL,-1], 0.1, 1.50, true, '2024-02-29', 1),
  (9223372036854775807, '', '', '1969-12-31 23:59:59.999999+00', 'null', 'null', '{}', '{}', 'NaN', 1e-20, false, '0001-01-01', -1),
  (-2, NULL, NULL, 'infinity', NULL, NULL, NULL, NULL, '-Infinity', NULL, NULL, 'infinity', 0);
  INSERT INTO many SELECT g, repeat('x', 1000) || g FROM generate_series(1, 2500) g`

// Every value as PostgreSQL writes it, with its bytes: what must be the same on the other side.
const contents = async (database: Database): Promise<unknown[]> => {
  const found = await database.query('SELECT md5(thing::text) AS sum, thing::text AS text FROM thing ORDER BY id')
  const many = await database.query(
    `SELECT count(*) AS n, md5(string_agg(many::text, ',' ORDER BY id)) AS sum FROM many`,
  )
  return [...found.rows, ...many.rows]
}

async function* each(lines: readonly string[]) {
  yield* lines
}

const dumpOf = async (database: Database): Promise<string[]> => {
  const lines: string[] = []
  await dump(database, line => {
    lines.push(line)
  })
  return lines
}

const stores: { store: string; open: () => Promise<Database> }[] = [
  { store: 'pglite', open: async () => openPglite({ folder: await newCluster(join(freshFolder(), 'pglite')) }) },
  { store: 'postgres', open: async () => openPostgres({ url: await freshPostgres() }) },
]
const opened: Database[] = []
const fresh = async (open: () => Promise<Database>, list: readonly Migration[] = [things]) => {
  const database = await open()
  opened.push(database)
  await migrate(database, list)
  return database
}
afterAll(() => Promise.all(opened.map(database => database.close())))

describe.each(stores)('a dump taken from $store', ({ open }) => {
  let source: Database
  let lines: string[]
  let before: unknown[]
  beforeAll(async () => {
    source = await fresh(open)
    await source.script(rows)
    before = await contents(source)
    lines = await dumpOf(source)
  })

  it('begins with what it is and ends with what it holds', () => {
    const header = JSON.parse(lines[0]!)
    expect(header).toEqual({ tessera: 'dump', format: 1, migration: 1, takenAt: expect.stringMatching(/^\d{4}-.*Z$/) })
    const counts = { 'empty "one': 0, many: 2_500, thing: 3 }
    expect(JSON.parse(lines.at(-1)!)).toEqual({
      tessera: 'end',
      counts,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(lines).toHaveLength(2_505)
    expect(lines.filter(line => line.includes('\n'))).toEqual([])
  })

  it.each(stores)('comes back exactly in $store', async ({ open: openOther }) => {
    const target = await fresh(openOther)
    const progress: number[] = []
    const counts = await load(target, each(lines), done => progress.push(done))
    expect(counts).toEqual({ 'empty "one': 0, many: 2_500, thing: 3 })
    expect(progress).toEqual([1_000, 2_000, 2_500, 2_503])
    expect(await contents(target)).toEqual(before)
    expect((await dumpOf(target)).slice(1, -1)).toEqual(lines.slice(1, -1))
  })

  it('leaves nothing behind', async () => {
    if (source.kind === 'pglite') {
      expect(await readdir(dirname((source as EmbeddedDatabase).folder))).toEqual(['pglite'])
    }
    await source.script('CREATE TABLE after (id int); DROP TABLE after')
  })
})

describe.each(stores)('loading into $store', ({ open }) => {
  let target: Database
  let lines: string[]
  beforeAll(async () => {
    const source = await fresh(stores[1]!.open)
    await source.script(rows)
    lines = await dumpOf(source)
    target = await fresh(open, [things, more])
  })

  const refusals: { what: string; change: (lines: string[]) => string[]; says: RegExp }[] = [
    { what: 'without its last line', change: all => all.slice(0, -1), says: /cut off after line 2504/ },
    {
      what: 'cut within a line',
      change: all => [...all.slice(0, 9), all[9]!.slice(0, 50)],
      says: /Line 10 .* not JSON/,
    },
    { what: 'with a row missing', change: all => all.toSpliced(5, 1), says: /damaged/ },
    { what: 'with a letter changed', change: all => all.with(5, all[5]!.replace('xx', 'xy')), says: /damaged/ },
    { what: 'with something after its end', change: all => [...all, all[1]!], says: /after its end/ },
    { what: 'with a line of something else', change: all => all.with(5, '{"x":1}'), says: /Line 6 .* neither a row/ },
    {
      what: 'of an unknown table',
      change: all => all.map(line => line.replace('"many"', '"other"')),
      says: /no table other/,
    },
    {
      what: 'of an unknown column',
      change: all => all.map(line => line.replace('"text":', '"txt":')),
      says: /column txt in many/,
    },
    {
      what: 'of a newer schema',
      change: all => all.with(0, all[0]!.replace('"migration":1', '"migration":3')),
      says: /newer/,
    },
    {
      what: 'of a newer format',
      change: all => all.with(0, all[0]!.replace('"format":1', '"format":2')),
      says: /newer/,
    },
    { what: 'that is none', change: () => ['{"hello":"world"}'], says: /not a dump/ },
    { what: 'that is empty', change: () => [], says: /cut off after line 0/ },
  ]
  it.each(refusals)('refuses a dump $what and changes nothing', async ({ change, says }) => {
    const error = await load(target, each(change(lines))).catch((refused: unknown) => refused)
    expect(error).toBeInstanceOf(StoreRefused)
    expect(String(error)).toMatch(says)
    expect((await target.query('SELECT count(*) AS n FROM many')).rows).toEqual([{ n: 0 }])
  })

  it('takes a dump of an older schema, and then refuses another, as it is not empty', async () => {
    await load(target, each(lines))
    expect((await target.query('SELECT DISTINCT state FROM thing')).rows).toEqual([{ state: 'live' }])
    await expect(load(target, each(lines))).rejects.toThrow(/empty store only, and this one has rows in many/)
  })
})

describe.each(stores)('a dump taken while $store is written to', ({ open }) => {
  it('shows one instant: no order without its lines', async () => {
    const source = await fresh(open, [
      {
        id: 1,
        name: 'orders',
        sql: 'CREATE TABLE orders (id int8 PRIMARY KEY); CREATE TABLE lines (order_id int8, n int, text text)',
      },
    ])
    let written = 0
    let going = true
    const write = async () => {
      while (going) {
        const id = ++written
        await source.transaction(async tx => {
          await tx.query('INSERT INTO orders VALUES ($1)', [id], 'order')
          await tx.query(`INSERT INTO lines SELECT $1, n, repeat('x', 200) FROM generate_series(1, 3) n`, [id], 'lines')
        })
      }
    }
    const writing = write()
    await expect.poll(() => written, { timeout: 30_000 }).toBeGreaterThan(100)
    const before = written - 1
    const entries = (await dumpOf(source))
      .slice(1, -1)
      .map(line => JSON.parse(line) as { t: string; r: Record<string, string> })
    going = false
    await writing
    const orders = entries.filter(entry => entry.t === 'orders').map(entry => Number(entry.r.id))
    const lines = entries.filter(entry => entry.t === 'lines').map(entry => Number(entry.r.order_id))
    expect(lines.length).toBe(orders.length * 3)
    expect(new Set(lines)).toEqual(new Set(orders))
    expect(Math.max(...orders)).toBe(orders.length)
    expect(orders.length).toBeGreaterThanOrEqual(before)
    expect(written).toBeGreaterThan(orders.length)
  })
})
