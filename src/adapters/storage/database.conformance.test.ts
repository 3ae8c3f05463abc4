import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newCluster } from '../../../test/clusters.ts'
import { freshFolder, freshPostgres } from '../../../test/stores.ts'
import { type Database, sqlState } from './database.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'

const stores: { store: string; open: () => Promise<Database> }[] = [
  { store: 'pglite', open: async () => openPglite({ folder: await newCluster(freshFolder()) }) },
  { store: 'postgres', open: async () => openPostgres({ url: await freshPostgres() }) },
]

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable('it should have been rejected'),
    (error: unknown) => error,
  )

describe.each(stores)('a database on $store', ({ open }) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await database.script('CREATE TABLE item (id int8 PRIMARY KEY, name text)')
  })
  beforeEach(() => database.script('TRUNCATE item'))
  afterAll(() => database.close())

  const value = async (sql: string, params: unknown[] = []) => {
    const { rows } = await database.query(`SELECT ${sql} AS value`, params)
    return rows[0]!.value
  }
  const names = async () => (await database.query('SELECT name FROM item ORDER BY id')).rows.map(row => row.name)

  describe('values out', () => {
    it.each<[string, unknown]>([
      ['1::int8', 1],
      ['9007199254740991::int8', Number.MAX_SAFE_INTEGER],
      ['-9007199254740991::int8', Number.MIN_SAFE_INTEGER],
      ['NULL::int8', null],
      ['count(*)', 1],
      ['7::int4', 7],
      ['0.5::float8', 0.5],
      ['true', true],
      [`'naïve 🌱'::text`, 'naïve 🌱'],
      [`'2026-03-29T02:30:00.123456+02'::timestamptz`, Date.UTC(2026, 2, 29, 0, 30, 0, 123)],
      [`'2026-03-29T00:30:00Z'::timestamptz`, Date.UTC(2026, 2, 29, 0, 30)],
      [`'1969-12-31T23:59:59.999Z'::timestamptz`, -1],
      [`'2026-03-29'::date`, '2026-03-29'],
      [`'{"a":[1,null,"x"]}'::jsonb`, { a: [1, null, 'x'] }],
      [`'{"a": 1}'::json`, { a: 1 }],
      [`'null'::jsonb`, null],
      [`ARRAY[1,NULL,3]::int8[]`, [1, null, 3]],
      [`ARRAY['2026-01-01T00:00:00Z',NULL]::timestamptz[]`, [Date.UTC(2026, 0, 1), null]],
      [`ARRAY['a','b c','d"e','f\\g',NULL,'NULL','']::text[]`, ['a', 'b c', 'd"e', 'f\\g', null, 'NULL', '']],
      [`ARRAY[true,NULL,false]`, [true, null, false]],
      [`ARRAY['{"a":1}','2']::jsonb[]`, [{ a: 1 }, 2]],
      [`'{}'::text[]`, []],
      [`current_setting('TimeZone')`, 'UTC'],
    ])('%s is %j', async (sql, expected) => {
      expect(await value(sql)).toEqual(expected)
    })

    it('bytea comes as bytes', async () => {
      expect([...((await value(`'\\x00ff10'::bytea`)) as Uint8Array)]).toEqual([0, 255, 16])
    })

    it.each(['9007199254740992::int8', '(-9007199254740992)::int8', `ARRAY[9007199254740993]::int8[]`])(
      '%s does not fit a number and throws',
      async sql => {
        expect(await failure(value(sql))).toBeInstanceOf(RangeError)
        expect(await value('1')).toBe(1)
      },
    )
  })

  describe('values in', () => {
    const texts = [
      'plain',
      '',
      'it\'s "quoted"',
      'back\\slash',
      '{curly,comma}',
      'NULL',
      'naïve 🌱',
      'line\nbreak',
      ' pad ',
      null,
    ]
    it.each<[string, unknown, unknown?]>([
      ['$1::int8', Number.MAX_SAFE_INTEGER],
      ['$1::int8', null],
      ['$1::text', 'a\u2028b'],
      ['$1::bool', false],
      ['to_timestamp($1::float8 / 1000.0)', 1_774_744_200_123],
      ['$1::jsonb', JSON.stringify({ name: 'naïve "🌱"' }), { name: 'naïve "🌱"' }],
      ['$1::text[]', texts],
      ['$1::text[]', []],
      ['$1::int8[]', [1, null, Number.MIN_SAFE_INTEGER]],
      ['$1::bool[]', [true, false, null]],
      ['$1::timestamptz[]', ['2026-03-29T00:30:00.123Z', null], [1_774_744_200_123, null]],
      ['$1::text[]::jsonb[]', ['{"a":"b\\"c"}', '[1]', null], [{ a: 'b"c' }, [1], null]],
      ['$1::text::json', '{"b":1,"a":2}', { b: 1, a: 2 }],
    ])('%s takes %j', async (sql, given, expected = given) => {
      expect(await value(sql, [given])).toEqual(expected)
    })

    it('bytes go in as bytea', async () => {
      expect(await value(`encode($1::bytea, 'hex')`, [Buffer.from([0, 255, 92, 39])])).toBe('00ff5c27')
    })

    it('a value of 5 MB goes in and comes out', async () => {
      const large = 'naïve '.repeat(750_000)
      expect(await value('$1::text', [large])).toBe(large)
    })

    it('an array of 50,000 values goes in and comes out', async () => {
      const many = Array.from({ length: 50_000 }, (_, index) => `code-${index}`)
      expect(await value('$1::text[]', [many])).toEqual(many)
    })
  })

  describe('statements', () => {
    it('tell how many rows they affected', async () => {
      const insert = await database.query(`INSERT INTO item SELECT g, 'x' FROM generate_series(1, 5) g`)
      const update = await database.query(`UPDATE item SET name = 'y' WHERE id > $1 RETURNING id`, [3])
      const none = await database.query('DELETE FROM item WHERE id = 99')
      expect([insert.affected, update.affected, none.affected]).toEqual([5, 2, 0])
      expect(update.rows).toEqual([{ id: 4 }, { id: 5 }])
    })

    it('run again by name', async () => {
      for (const id of [1, 2, 3]) {
        const { rows } = await database.query('SELECT $1::int8 * 2 AS twice', [id], 'twice')
        expect(rows).toEqual([{ twice: id * 2 }])
      }
    })

    it('of a name that failed at first work when they can', async () => {
      const late = () => database.query('SELECT count(*) AS n FROM late', [], 'late')
      expect(sqlState(await failure(late()))).toBe('42P01')
      await database.script('CREATE TABLE late (id int)')
      expect((await late()).rows).toEqual([{ n: 0 }])
      await database.script('DROP TABLE late')
    })

    it('of a script run in order', async () => {
      await database.script(`INSERT INTO item VALUES (1, 'a;b'); UPDATE item SET name = name || 'c'; SELECT 1`)
      expect(await names()).toEqual(['a;bc'])
    })

    it('run a hundred at once', async () => {
      const ids = Array.from({ length: 100 }, (_, index) => index)
      const results = await Promise.all(ids.map(id => database.query('SELECT $1::int8 AS id', [id], 'echo')))
      expect(results.map(result => result.rows[0]!.id)).toEqual(ids)
    })

    it.each([
      ['SELEC 1', '42601'],
      ['SELECT 1 / 0', '22012'],
      ['SELECT * FROM nowhere', '42P01'],
      [`INSERT INTO item VALUES (1), (1)`, '23505'],
    ])('%s fails with SQLSTATE %s', async (sql, state) => {
      expect(sqlState(await failure(database.query(sql)))).toBe(state)
    })

    it('with a parameter that cannot be sent fail and leave the database usable', async () => {
      const circle: Record<string, unknown> = {}
      circle.circle = circle
      expect(await failure(database.query('SELECT $1::jsonb', [circle], 'circle'))).toBeInstanceOf(TypeError)
      expect(await value('1')).toBe(1)
    })
  })

  describe('a transaction', () => {
    it('commits what it did and gives the value of its work', async () => {
      const done = await database.transaction(async tx => {
        await tx.query(`INSERT INTO item VALUES (1, 'a')`)
        await tx.script(`INSERT INTO item VALUES (2, 'b')`)
        return 'done'
      })
      expect(done).toBe('done')
      expect(await names()).toEqual(['a', 'b'])
    })

    it('rolls back when its work rejects, with the same error', async () => {
      const why = new Error('no')
      const error = await failure(
        database.transaction(async tx => {
          await tx.query(`INSERT INTO item VALUES (1, 'a')`)
          throw why
        }),
      )
      expect(error).toBe(why)
      expect(await names()).toEqual([])
    })

    it('rolls back when a statement fails', async () => {
      const error = await failure(
        database.transaction(async tx => {
          await tx.query(`INSERT INTO item VALUES (1, 'a')`)
          await tx.query(`INSERT INTO item VALUES (1, 'b')`)
        }),
      )
      expect(sqlState(error)).toBe('23505')
      expect(await names()).toEqual([])
    })

    it('does not pretend to have committed when the error of a statement was swallowed', async () => {
      const error = await failure(
        database.transaction(async tx => {
          await tx.query(`INSERT INTO item VALUES (1, 'a')`)
          await failure(tx.query('SELECT 1 / 0'))
        }),
      )
      expect(String(error)).toMatch('rolled back')
      expect(await names()).toEqual([])
    })

    it('refuses a statement that comes after its end', async () => {
      const late = await database.transaction(async tx => tx)
      expect(String(await failure(late.query('SELECT 1')))).toMatch('over')
    })

    it('fails at COMMIT when a deferred rule is broken', async () => {
      await database.script('CREATE TABLE once (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)')
      const error = await failure(database.transaction(tx => tx.query('INSERT INTO once VALUES (1), (1)')))
      expect(sqlState(error)).toBe('23505')
      expect(await value('(SELECT count(*) FROM once)')).toBe(0)
    })

    it('is not seen by others before it commits', async () => {
      const seen: unknown[] = []
      let watched: Promise<unknown> = Promise.resolve()
      await database.transaction(async tx => {
        await tx.query(`INSERT INTO item VALUES (1, 'a')`)
        // With one connection the watcher waits for the end; with several it looks at once, and must not see the row.
        watched = database
          .query('SELECT 1')
          .then(() => names())
          .then(found => seen.push(...found))
        if (database.kind === 'postgres') await watched
        await tx.query(`INSERT INTO item VALUES (2, 'b')`)
      })
      await watched
      expect(seen).toEqual(database.kind === 'postgres' ? [] : ['a', 'b'])
    })

    it('does not lose an update to another', async () => {
      await database.query(`INSERT INTO item VALUES (1, '0')`)
      const addOne = () =>
        database.transaction(async tx => {
          const { rows } = await tx.query<{ name: string }>('SELECT name FROM item WHERE id = 1 FOR UPDATE')
          await tx.query('UPDATE item SET name = $1 WHERE id = 1', [`${Number(rows[0]!.name) + 1}`], 'put')
        })
      await Promise.all(Array.from({ length: 20 }, addOne))
      expect(await names()).toEqual(['20'])
    })

    it('waits for its turn among a hundred', async () => {
      const insert = (id: number) => database.transaction(tx => tx.query('INSERT INTO item VALUES ($1)', [id], 'add'))
      await Promise.all(Array.from({ length: 100 }, (_, id) => insert(id)))
      expect(await value('(SELECT count(*) FROM item)')).toBe(100)
    })
  })

  it('refuses everything once it is closed', async () => {
    const closing = await open()
    await closing.query('SELECT 1')
    await closing.close()
    await failure(closing.query('SELECT 1'))
    await failure(closing.script('SELECT 1'))
    await failure(closing.transaction(tx => tx.query('SELECT 1')))
  })
})

describe('sqlState', () => {
  it('is undefined for what no database said', async () => {
    const database = openPostgres({ url: 'postgres://127.0.0.1:1/nowhere' })
    const error = await failure(database.query('SELECT 1'))
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
    expect(sqlState(error)).toBeUndefined()
    await database.close()
  })
})

describe('a pool of PostgreSQL connections', () => {
  it('goes on after the server has cut its connections', async () => {
    const url = await freshPostgres()
    const database = openPostgres({ url, poolSize: 2 })
    const killer = openPostgres({ url, poolSize: 1 })
    const cut =
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()'
    await Promise.all([database.query('SELECT 1'), database.query('SELECT 1')])
    await killer.query(cut)
    const error = await failure(
      database.transaction(async tx => {
        await tx.query('SELECT 1')
        await killer.query(cut)
        await tx.query('SELECT 1')
      }),
    )
    expect(error).toBeInstanceOf(Error)
    await expect
      .poll(() => database.query('SELECT 1 AS one').then(result => result.rows), { timeout: 30_000 })
      .toEqual([{ one: 1 }])
    await Promise.all([database.close(), killer.close()])
  })

  it('does not hand on a connection on which a transaction was left open', async () => {
    const database = openPostgres({ url: await freshPostgres(), poolSize: 1 })
    await database.script('BEGIN')
    const { rows } = await database.query('SELECT now() = statement_timestamp() AS own')
    await database.script('CREATE TABLE kept (id int)')
    expect(rows).toEqual([{ own: true }])
    expect((await database.query('SELECT count(*) AS n FROM kept')).rows).toEqual([{ n: 0 }])
    await database.close()
  })
})
