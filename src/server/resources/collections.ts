import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Queryable } from '../../adapters/storage/database.ts'
import type {
  createCollection,
  getCollection,
  importCollection,
  listCollectionItems,
  listCollections,
} from '../../contract/collections.ts'
import { ok, type Refusal, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { catalogueRefusals } from '../../core/offers/refusals.ts'
import { raiseCatalogueVersion } from '../catalogue-version.ts'
import { type ChangeAnswer, type ChangeCall, type Changed, change } from '../change.ts'
import { csvRecords, FileMistake } from '../csv-file.ts'
import type { Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'

export const mostItems = 1_000_000
const longestSku = 128
/** Rows a commit, so that the embedded store's one connection is never held long: with two indexes 1,000 took it 70 ms. */
const chunkRows = 500

type CollectionRow = {
  id: string
  description: string
  size: number
  generation: number
  created_at: number
  updated_at: number
}

const columns = 'id, description, size, generation, created_at, updated_at'

const answerFrom = ({ id, description, size, created_at, updated_at }: CollectionRow) => ({
  id,
  description,
  size,
  createdAt: formatInstant(created_at),
  updatedAt: formatInstant(updated_at),
})

const noCollection = (id: string): Refusal => refuse(catalogueRefusals.collection_not_found, { id })

/** Why a text is no SKU; undefined when it is one. */
const skuMistake = (sku: string): string | undefined => {
  if (sku === '') return 'holds no sku'
  if (sku.length > longestSku) return `holds a sku longer than ${longestSku} characters`
  // Half a surrogate pair cannot be stored as UTF-8, and a control character is never part of an article's number.
  return /[\p{Cc}\p{Cs}]/u.test(sku) ? 'holds a sku with a control character' : undefined
}

/**
 * The SKUs of a CSV file in chunks: of the column `sku` of the header line, or of the only column when there is no such
 * header. `seen` is told every piece of the file. Throws a `FileMistake`.
 */
async function* skusIn(file: Readable, seen: (piece: Buffer) => void): AsyncGenerator<string[]> {
  let place: number | undefined
  let chunk: string[] = []
  for await (const { fields, line } of csvRecords(file, seen)) {
    if (place === undefined) {
      const header = fields.findIndex(field => field.trim().toLowerCase() === 'sku')
      if (header < 0 && fields.length > 1) throw new FileMistake(line, 'has several columns and none is named sku')
      place = Math.max(0, header)
      if (header >= 0) continue
    }
    const sku = fields[place]?.trim() ?? ''
    const mistake = skuMistake(sku)
    if (mistake !== undefined) throw new FileMistake(line, mistake)
    chunk.push(sku)
    if (chunk.length < chunkRows) continue
    yield chunk
    chunk = []
  }
  yield chunk
}

function* inChunks(skus: readonly string[]): Generator<string[]> {
  for (let at = 0; at < skus.length; at += chunkRows) yield skus.slice(at, at + chunkRows)
}

/**
 * Items are replaced whole: an import fills a generation of its own in small commits, and one commit makes it the one that
 * counts, so nobody ever reads half of it. Generations count up; below the one that counts everything is waste, also what
 * an import left behind that was cut off. A collection of generation 0 is not there yet: its first items are being filled.
 */
export const collectionsHandlers = (services: Services) => {
  const { database } = services

  const read = async (source: Queryable, workspaceId: string, id: string): Promise<CollectionRow | undefined> => {
    const { rows } = await source.query<CollectionRow>(
      `select ${columns} from collections where workspace_id = $1 and id = $2 and generation > 0`,
      [workspaceId, id],
    )
    return rows[0]
  }

  const claimGeneration = async (workspaceId: string, id: string, now: number): Promise<number> => {
    const { rows } = await database.query<{ generation: number }>(
      `insert into collections (workspace_id, id, description, size, generation, last_generation, created_at, updated_at)
       values ($1, $2, '', 0, 0, 1, to_timestamp($3 / 1000.0), to_timestamp($3 / 1000.0))
       on conflict (workspace_id, id) do update set last_generation = collections.last_generation + 1
       returning last_generation as generation`,
      [workspaceId, id, now],
    )
    return rows[0]!.generation
  }

  /** Stores items of a generation that does not count yet; returns how many different ones there are. */
  const fill = async (
    workspaceId: string,
    id: string,
    generation: number,
    chunks: Iterable<string[]> | AsyncIterable<string[]>,
  ): Promise<number> => {
    let size = 0
    for await (const skus of chunks) {
      const { affected } = await database.query(
        `insert into collection_items (workspace_id, sku, collection_id, generation)
         select $1, unnest($2::text[]), $3, $4 on conflict do nothing`,
        [workspaceId, skus, id, generation],
        'fill_collection',
      )
      size += affected
      if (size > mostItems)
        throw new FileMistake(mostItems + 1, `and more: a collection holds at most ${mostItems} items`)
    }
    return size
  }

  /** Deletes one generation in small commits, each going on where the one before ended, past the rows that are dead already. */
  const clear = async (workspaceId: string, id: string, generation: number): Promise<void> => {
    for (let after: string | null = ''; after !== null; ) {
      const { rows }: { rows: { last: string | null }[] } = await database.query(
        `with gone as (
           delete from collection_items where ctid = any(array(
             select ctid from collection_items
             where workspace_id = $1 and collection_id = $2 and generation = $3 and sku > $4
             order by sku limit ${chunkRows}))
           returning sku
         )
         select max(sku) as last from gone`,
        [workspaceId, id, generation, after],
        'clear_collection',
      )
      after = rows[0]!.last
    }
  }

  const clearBefore = async (workspaceId: string, id: string, generation: number): Promise<void> => {
    for (;;) {
      const { rows } = await database.query<{ oldest: number | null }>(
        `select min(generation) as oldest from collection_items
         where workspace_id = $1 and collection_id = $2 and generation < $3`,
        [workspaceId, id, generation],
      )
      const { oldest } = rows[0]!
      if (oldest === null) return
      await clear(workspaceId, id, oldest)
    }
  }

  /**
   * Makes a filled generation the one that counts. When one that was begun later counts already, this import happened just
   * before that one, and there is nothing left of it.
   */
  const switchTo = async (
    tx: Queryable,
    workspaceId: string,
    id: string,
    {
      generation,
      size,
      description,
    }: { generation: number; size: number | undefined; description: string | undefined },
    now: number,
  ): Promise<Result<Changed>> => {
    await raiseCatalogueVersion(tx, workspaceId)
    const { rows } = await tx.query<CollectionRow>(
      `update collections set
         description = coalesce($5, description),
         size = case when $3 > generation and ($4::int is not null or generation = 0) then coalesce($4, 0) else size end,
         created_at = case when generation = 0 then to_timestamp($6 / 1000.0) else created_at end,
         updated_at = to_timestamp($6 / 1000.0),
         generation = case when $3 > generation and ($4::int is not null or generation = 0) then $3 else generation end
       where workspace_id = $1 and id = $2 returning ${columns}`,
      [workspaceId, id, generation, size ?? null, description ?? null, now],
    )
    return ok({ json: answerFrom(rows[0]!) })
  }

  /** Fills, switches and clears up; `write` is what makes the change once the generation is filled. */
  const replace = async (
    workspaceId: string,
    id: string,
    now: number,
    write: (generation: number) => Promise<ChangeAnswer>,
  ): Promise<ChangeAnswer> => {
    const generation = await claimGeneration(workspaceId, id, now)
    try {
      return await write(generation)
    } catch (error) {
      if (error instanceof FileMistake) return { refusal: invalidInput([error.mistake]) }
      throw error
    } finally {
      const counting = (await read(database, workspaceId, id))?.generation ?? 0
      if (counting !== generation) await clear(workspaceId, id, generation)
      await clearBefore(workspaceId, id, counting)
    }
  }

  const create: Handler<typeof createCollection> = call => {
    const { now, auth } = call
    const { id } = call.params
    const { description, skus } = call.body
    const at = skus?.findIndex(sku => skuMistake(sku) !== undefined) ?? -1
    if (skus && at >= 0) return { refusal: invalidInput([{ pointer: `/skus/${at}`, message: skuMistake(skus[at]!)! }]) }
    return replace(auth.workspaceId, id, now, async generation => {
      const size = skus && (await fill(auth.workspaceId, id, generation, inChunks(skus)))
      return change(services, call, { action: 'createCollection', subject: id }, tx =>
        switchTo(tx, auth.workspaceId, id, { generation, size, description }, now),
      )
    })
  }

  const importItems: Handler<typeof importCollection> = async call => {
    const { now, auth, stream } = call
    const { id } = call.params
    if (!stream) throw new Error('the frame gave an import no stream')
    if (!(await read(database, auth.workspaceId, id))) {
      stream.resume()
      return { refusal: noCollection(id) }
    }
    return replace(auth.workspaceId, id, now, async generation => {
      const digest = createHash('sha256')
      const size = await fill(
        auth.workspaceId,
        id,
        generation,
        skusIn(stream, piece => digest.update(piece)),
      )
      // The same key with the same file is the same request, and the file is known only now.
      const asked: ChangeCall = { ...call, body: { sha256: digest.digest('base64url') } }
      return change(services, asked, { action: 'importCollection', subject: id }, tx =>
        switchTo(tx, auth.workspaceId, id, { generation, size, description: undefined }, now),
      )
    })
  }

  const get: Handler<typeof getCollection> = async ({ params: { id }, auth: { workspaceId } }) => {
    const row = await read(database, workspaceId, id)
    return row ? { json: answerFrom(row) } : { refusal: noCollection(id) }
  }

  const list: Handler<typeof listCollections> = async ({ query: { limit, cursor }, auth: { workspaceId } }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const { rows } = await database.query<CollectionRow>(
      `select ${columns} from collections where workspace_id = $1 and id > $2 and generation > 0 order by id limit $3`,
      [workspaceId, after.value, limit + 1],
    )
    return { json: makePage(rows, limit, row => row.id, answerFrom) }
  }

  const items: Handler<typeof listCollectionItems> = async call => {
    const { limit, cursor } = call.query
    const { id } = call.params
    const { workspaceId } = call.auth
    const after = startAfter(cursor)
    if (!after.ok) return after
    if (!(await read(database, workspaceId, id))) return { refusal: noCollection(id) }
    // One statement, so that an import that ends meanwhile cannot take the items away from under the page.
    const { rows } = await database.query<{ sku: string }>(
      `select sku from collection_items where workspace_id = $1 and collection_id = $2
         and generation = (select generation from collections where workspace_id = $1 and id = $2)
         and sku > $3 order by sku limit $4`,
      [workspaceId, id, after.value, limit + 1],
    )
    const skuOf = (item: { sku: string }): string => item.sku
    return { json: makePage(rows, limit, skuOf, skuOf) }
  }

  return {
    createCollection: create,
    importCollection: importItems,
    getCollection: get,
    listCollections: list,
    listCollectionItems: items,
  }
}
