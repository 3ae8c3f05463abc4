import { Readable } from 'node:stream'
import type { Queryable } from '../../adapters/storage/database.ts'
import type {
  createCodes,
  exportCodes,
  listCodeRefusals,
  listCodeSets,
  lookupCode,
  updateCode,
} from '../../contract/codes.ts'
import { csvLine } from '../../core/kernel/csv.ts'
import { makeId } from '../../core/kernel/id.ts'
import { type InputError, no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { codePattern, normalizeCode, possibleCodes, possiblePerCode } from '../../core/offers/code.ts'
import { catalogueRefusals } from '../../core/offers/refusals.ts'
import { change } from '../change.ts'
import { findOffer, findOfferTriggeredBy } from '../find-offer.ts'
import type { Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { readCodeRefusals } from '../orders/code-refusals.ts'
import { orderPlaceOf, orderPlaceText } from '../orders/list-orders.ts'
import { cursorOf, startAfter } from '../page.ts'
import { usesOfOffer } from '../reports/uses-of-offers.ts'
import type { Services } from '../services.ts'
import type { GenerateCodes } from '../worker/generate-codes.ts'
import { addJob, withLocation } from '../worker/job-store.ts'
import { readCodeSets } from './code-sets.ts'

const rowsAtOnce = 1000
const usesAtOnce = 5000

type Given = { readonly given: string; readonly code: string; readonly index: number }
type ExportRow = {
  code: string
  given: string
  shared: boolean
  job_id: string | null
  created_at: number
  state: 'held' | 'redeemed' | null
  blocked_at: number | null
}
type FoundRow = {
  given: string
  shared: boolean
  offer_id: string
  campaign_id: string
  grant_id: string | null
  created_at: number
  blocked_at: number | null
}

const at = (index: number): string => `/codes/${index}`

/** Codes that are no code, or stand in the list twice. */
const readCodes = (texts: readonly string[]): Result<Given[]> => {
  const codes = texts.map((given, index) => ({ given, code: normalizeCode(given), index }))
  const empty = codes.filter(({ code }) => code === '')
  if (empty.length > 0) {
    return no(invalidInput(empty.map(({ index }) => ({ pointer: at(index), message: 'has no letter or digit' }))))
  }
  const first = new Map<string, number>()
  const errors: InputError[] = []
  for (const { code, index } of codes) {
    const before = first.get(code)
    if (before === undefined) first.set(code, index)
    else errors.push({ pointer: at(index), message: `is the same code as ${at(before)}` })
  }
  return errors.length > 0 ? no(invalidInput(errors.slice(0, 50))) : ok(codes)
}

const importCodes = async (
  tx: Queryable,
  row: { readonly workspaceId: string; readonly offer: string; readonly shared: boolean; readonly now: number },
  codes: readonly Given[],
): Promise<Result<{ imported: number }>> => {
  // Sorted, so that two imports with the same codes wait for each other instead of deadlocking.
  const sorted = codes.toSorted((left, right) => (left.code < right.code ? -1 : 1))
  const inserted = new Set<string>()
  for (let start = 0; start < sorted.length; start += rowsAtOnce) {
    const piece = sorted.slice(start, start + rowsAtOnce)
    const { rows } = await tx.query<{ code: string }>(
      `insert into codes (workspace_id, code, offer_id, given, shared, created_at)
       select $1, n.code, $2, n.given, $5, to_timestamp($6 / 1000.0) from unnest($3::text[], $4::text[]) as n(code, given)
       on conflict do nothing returning code`,
      [row.workspaceId, row.offer, piece.map(({ code }) => code), piece.map(({ given }) => given), row.shared, row.now],
    )
    for (const { code } of rows) inserted.add(code)
  }
  const taken = codes.filter(({ code }) => !inserted.has(code))
  if (taken.length === 0) return ok({ imported: codes.length })
  const errors = taken
    .slice(0, 50)
    .map(({ index }) => ({ pointer: at(index), message: 'exists for this offer already' }))
  return no(refuse(catalogueRefusals.code_taken, { code: taken[0]!.given, place: at(taken[0]!.index) }, errors))
}

export const codesHandlers = (services: Services) => {
  const { database, random } = services

  const create: Handler<typeof createCodes> = async call => {
    const { body, now, params } = call
    const { workspaceId } = call.auth
    const jobId = makeId('job', now, random(10))
    const answer = await change(services, call, { action: 'createCodes', subject: params.id }, async tx => {
      const offer = await findOfferTriggeredBy(tx, workspaceId, params.id, 'code')
      if (!offer.ok) return offer
      if ('codes' in body) {
        const codes = readCodes(body.codes)
        if (!codes.ok) return codes
        const imported = await importCodes(tx, { workspaceId, offer: params.id, shared: body.shared, now }, codes.value)
        return imported.ok ? ok({ status: 201, json: imported.value }) : imported
      }
      const { count, pattern } = body
      if (!codePattern.test(pattern)) {
        const message = 'may hold letters, digits, spaces and - _ . besides #'
        return no(invalidInput([{ pointer: '/pattern', message }]))
      }
      const possible = possibleCodes(pattern)
      const needed = possiblePerCode * count
      if (possible < needed)
        return no(refuse(catalogueRefusals.pattern_too_small, { pattern, possible, count, needed }))
      const details: GenerateCodes = { offer: params.id, pattern }
      const job = { workspaceId, id: jobId, kind: 'generateCodes', params: details, total: count, now }
      return ok({ status: 202, json: await addJob(tx, job) })
    })
    return withLocation(answer)
  }

  async function* exportRows(workspaceId: string, offer: string, job: string | undefined): AsyncGenerator<string> {
    yield 'code,offer,shared,created_at,state\r\n'
    for (let after: string | undefined = ''; after !== undefined; ) {
      const { rows }: { rows: ExportRow[] } = await database.query<ExportRow>(
        `select c.*, u.state from (
           select code, given, shared, job_id, created_at, blocked_at from codes
           where workspace_id = $1 and offer_id = $2 and code > $3 order by code limit ${rowsAtOnce}) c
         left join lateral (
           select state from redemptions r
           where not c.shared and r.workspace_id = $1 and r.code = c.code and r.offer_id = $2 and state in ('held', 'redeemed')
           order by state desc limit 1) u on true
         order by c.code`,
        [workspaceId, offer, after],
      )
      // A job's codes are picked here: an index for this alone would cost every code an entry.
      yield rows
        .filter(row => job === undefined || row.job_id === job)
        .map(row =>
          csvLine([
            row.given,
            offer,
            row.shared,
            formatInstant(row.created_at),
            row.state ?? (row.blocked_at === null ? 'issued' : 'blocked'),
          ]),
        )
        .join('')
      after = rows.length === rowsAtOnce ? rows.at(-1)!.code : undefined
    }
  }

  const exportAll: Handler<typeof exportCodes> = async ({ params: { id }, query: { job }, auth: { workspaceId } }) => {
    const offer = await findOffer(database, workspaceId, id)
    if (!offer.ok) return offer
    return { stream: Readable.from(exportRows(workspaceId, id, job)), contentType: 'text/csv' }
  }

  const countUses = async (source: Queryable, workspaceId: string, code: string, offer: string, now: number) => {
    const count = { uses: 0, held: 0 }
    const add = (state: string, heldUntil: number | null): void => {
      if (state === 'redeemed') count.uses += 1
      if (state === 'held' && heldUntil !== null && heldUntil > now) count.held += 1
    }
    const { rows } = await source.query<{ state: string; held_until: number | null }>(
      `select state, held_until from redemptions where workspace_id = $1 and code = $2 and offer_id = $3 limit ${usesAtOnce}`,
      [workspaceId, code, offer],
    )
    if (rows.length < usesAtOnce) {
      for (const { state, held_until } of rows) add(state, held_until)
      return count
    }
    // A shared code with many uses: its offer's, in pieces.
    for await (const uses of usesOfOffer(source, workspaceId, offer)) {
      for (const use of uses) if (use.code === code) add(use.state, use.held_until)
    }
    return count
  }

  /** Every offer that a code belongs to, with its uses; `code` as codes are matched. */
  const readFound = async (source: Queryable, workspaceId: string, code: string, now: number) => {
    const { rows } = await source.query<FoundRow>(
      `select c.given, c.shared, c.offer_id, o.campaign_id, c.grant_id, c.created_at, c.blocked_at from codes c
       join offers o on o.workspace_id = c.workspace_id and o.id = c.offer_id
       where c.workspace_id = $1 and c.code = $2 order by c.offer_id`,
      [workspaceId, code],
    )
    const data = []
    for (const row of rows) {
      data.push({
        code: row.given,
        offer: row.offer_id,
        campaign: row.campaign_id,
        shared: row.shared,
        grant: row.grant_id,
        ...(await countUses(source, workspaceId, code, row.offer_id, now)),
        createdAt: formatInstant(row.created_at),
        blockedAt: row.blocked_at === null ? null : formatInstant(row.blocked_at),
      })
    }
    return data
  }

  const lookup: Handler<typeof lookupCode> = async ({ params, auth: { workspaceId }, now }) => {
    const data = await readFound(database, workspaceId, normalizeCode(params.code), now)
    return data.length === 0 ? { refusal: refuse(catalogueRefusals.code_not_found) } : { json: { data } }
  }

  const update: Handler<typeof updateCode> = call => {
    const { body, now } = call
    const { workspaceId } = call.auth
    const code = normalizeCode(call.params.code)
    return change(services, call, { action: 'updateCode', subject: code }, async tx => {
      const { affected } = await tx.query(
        `update codes set blocked_at = case when $4 then coalesce(blocked_at, to_timestamp($5 / 1000.0)) end
         where workspace_id = $1 and code = $2 and ($3::text is null or offer_id = $3)`,
        [workspaceId, code, body.offer ?? null, body.blocked, now],
      )
      if (affected === 0) return no(refuse(catalogueRefusals.code_not_found))
      return ok({ json: { data: await readFound(tx, workspaceId, code, now) } })
    })
  }

  const refusals: Handler<typeof listCodeRefusals> = async ({ query: { code, cursor, limit }, auth }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const place = orderPlaceOf(after.value)
    if (!place)
      return { refusal: invalidInput([{ pointer: '?cursor', message: 'is not a nextCursor of a page before' }]) }
    const { data, next } = await readCodeRefusals(database, auth.workspaceId, normalizeCode(code), place, limit)
    return { json: { data, nextCursor: cursorOf(next ? orderPlaceText(next) : null) } }
  }

  const sets: Handler<typeof listCodeSets> = async ({ params: { id }, auth: { workspaceId } }) => {
    const offer = await findOffer(database, workspaceId, id)
    return offer.ok ? { json: { data: await readCodeSets(database, workspaceId, id) } } : offer
  }

  return {
    createCodes: create,
    exportCodes: exportAll,
    lookupCode: lookup,
    updateCode: update,
    listCodeRefusals: refusals,
    listCodeSets: sets,
  }
}
