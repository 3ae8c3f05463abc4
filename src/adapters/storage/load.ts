import { createHash } from 'node:crypto'
import type { Database, Queryable } from './database.ts'
import { batchRows, type DumpFooter, type DumpHeader, type DumpRow, dumpFormat } from './dump.ts'
import { StoreRefused } from './store-refused.ts'
import { dataTables, migrationOf, quoted, type Table } from './tables.ts'

/**
 * Fills an empty store from a dump, all of it or nothing; throws StoreRefused when it may not or the dump is damaged. A dump of
 * an older schema is fine: migrations only add, so what it does not know takes its default. Calls `onProgress` with the rows so far.
 *
 *     await load(database, createInterface({ input: createReadStream('tessera.ndjson') }), rows => …)   // { events: 12, … }
 */
export const load = async (
  database: Database,
  lines: AsyncIterable<string>,
  onProgress: (rows: number) => void = () => {},
): Promise<Record<string, number>> => {
  const counts = await database.transaction(tx => loadInto(tx, database.kind, lines, onProgress))
  await database.script('ANALYZE')
  return counts
}

/** A transaction that writes gigabytes fills the write-ahead log of the embedded store, which nobody else empties. */
const rowsPerCheckpoint = 50_000

const loadInto = async (
  tx: Queryable,
  kind: Database['kind'],
  lines: AsyncIterable<string>,
  onProgress: (rows: number) => void,
): Promise<Record<string, number>> => {
  const tables = await dataTables(tx)
  await refuseUnlessEmpty(tx, tables)

  const hash = createHash('sha256')
  const counts: Record<string, number> = Object.fromEntries(tables.map(table => [table.name, 0]))
  let number = 0
  let footer: DumpFooter | undefined
  let batch: DumpRow[] = []
  let loaded = 0

  const save = async () => {
    const [first] = batch
    if (!first) return
    const table = tables.find(({ name }) => name === first.t)
    if (!table) throw new StoreRefused(`Line ${number} of the dump: this version of Tessera has no table ${first.t}.`)
    await insert(tx, table, batch)
    counts[table.name]! += batch.length
    const checkpoints = Math.floor(loaded / rowsPerCheckpoint)
    loaded += batch.length
    batch = []
    if (kind === 'pglite' && Math.floor(loaded / rowsPerCheckpoint) > checkpoints) await tx.script('CHECKPOINT')
    onProgress(loaded)
  }

  for await (const line of lines) {
    number++
    if (footer) throw new StoreRefused(`Line ${number} of the dump comes after its end: two dumps in one file?`)
    const entry = parse(line, number)
    if (number === 1) {
      await refuseUnlessKnown(tx, entry)
    } else if (isFooter(entry)) {
      footer = entry
      continue
    } else if (isRow(entry)) {
      if (batch.length === batchRows || (batch[0] && batch[0].t !== entry.t)) await save()
      batch.push(entry)
    } else {
      throw new StoreRefused(`Line ${number} of the dump is neither a row nor its end.`)
    }
    hash.update(line).update('\n')
  }
  await save()
  if (!footer)
    throw new StoreRefused(`The dump is cut off after line ${number}: its last line is missing. Nothing was loaded.`)
  const same = tables.every(({ name }) => counts[name] === (footer.counts[name] ?? 0))
  if (!same || hash.digest('hex') !== footer.sha256) {
    throw new StoreRefused('The dump is damaged: its lines are not those it was written with. Nothing was loaded.')
  }
  return counts
}

const parse = (line: string, number: number): unknown => {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw new StoreRefused(
      `Line ${number} of the dump is not JSON: the file is cut off or damaged. Nothing was loaded.`,
      {
        cause: error,
      },
    )
  }
}

const isFooter = (entry: unknown): entry is DumpFooter => (entry as DumpFooter | null)?.tessera === 'end'

const isRow = (entry: unknown): entry is DumpRow => {
  const row = entry as DumpRow | null
  return typeof row?.t === 'string' && typeof row.r === 'object' && row.r !== null
}

const refuseUnlessKnown = async (tx: Queryable, entry: unknown): Promise<void> => {
  const header = entry as DumpHeader | null
  if (header?.tessera !== 'dump') throw new StoreRefused('This is not a dump of Tessera: its first line is no header.')
  const migration = await migrationOf(tx)
  if (header.format !== dumpFormat || header.migration > migration) {
    throw new StoreRefused(
      `The dump was made by a newer version of Tessera: format ${header.format}, migration ${header.migration}; ` +
        `this version knows format ${dumpFormat}, migration ${migration}. Update Tessera.`,
    )
  }
}

const refuseUnlessEmpty = async (tx: Queryable, tables: readonly Table[]): Promise<void> => {
  // Two loads at once: the second waits here, and then finds rows.
  await tx.script(`LOCK TABLE ${tables.map(({ name }) => quoted(name)).join(', ')} IN SHARE ROW EXCLUSIVE MODE`)
  for (const { name } of tables) {
    const { rows } = await tx.query(`SELECT 1 FROM ${quoted(name)} LIMIT 1`)
    if (rows.length > 0) {
      throw new StoreRefused(
        `A dump is loaded into an empty store only, and this one has rows in ${name}. Choose another store.`,
      )
    }
  }
}

const insert = async (tx: Queryable, table: Table, batch: readonly DumpRow[]): Promise<void> => {
  const given = Object.keys(batch[0]!.r)
  const columns = given.map(name => {
    const column = table.columns.find(other => other.name === name)
    if (!column)
      throw new StoreRefused(
        `The dump has a column ${name} in ${table.name} that this version of Tessera does not know.`,
      )
    return column
  })
  const names = columns.map(({ name }) => quoted(name))
  await tx.query(
    `INSERT INTO ${quoted(table.name)} (${names.join(', ')}) OVERRIDING SYSTEM VALUE
      SELECT ${columns.map(({ type }, index) => `${names[index]}::${type}`).join(', ')}
        FROM unnest(${columns.map((_, index) => `$${index + 1}::text[]`).join(', ')}) AS given (${names.join(', ')})`,
    given.map(name => batch.map(({ r }) => r[name])),
  )
}
