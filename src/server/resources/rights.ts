import type { Queryable } from '../../adapters/storage/database.ts'
import type { erasePerson, exportPerson, listErasures } from '../../contract/rights.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { peopleRefusals } from '../../core/people/refusals.ts'
import { change } from '../change.ts'
import type { Call, Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import { describePerson } from '../people/describe-person.ts'
import {
  countErasure,
  type ErasureRow,
  eraseIn,
  erasureAnswer,
  erasureColumns,
  holdersToErase,
  withoutHolds,
} from '../people/erase-person.ts'
import { bookEnded } from '../people/erase-value.ts'
import type { ErasureJournal } from '../people/erasure-journal.ts'
import { exportAs } from '../people/export-formats.ts'
import { findPerson } from '../people/find-person.ts'
import { holdersFor } from '../people/holders.ts'
import { journalEntry } from '../people/keep-erasures.ts'
import type { Services } from '../services.ts'

export const rightsHandlers = (services: Services, journal: ErasureJournal) => {
  const { database, workspaces, random } = services

  const exports: Handler<typeof exportPerson> = async call => {
    const { workspace } = workspaces.known(call.auth.workspaceId)
    const found = await findPerson(database, workspace, call.auth, call.params.ref, call.now)
    if (!found.ok) return found
    const { id } = found.value
    const { computed } = await describePerson(services, workspace, id, call.now)
    return exportAs(call.query.format, {
      source: database,
      workspace,
      now: call.now,
      person: id,
      computedTraits: computed,
    })
  }

  type EraseCall = Call<typeof erasePerson>

  /** The erasure that the caller's own id names, where it is that of whom the reference names now, or of nobody who is known. */
  const findAgain = async (source: Queryable, call: EraseCall): Promise<Result<ErasureRow | undefined>> => {
    const { requestId } = call.body
    const { workspaceId } = call.auth
    if (requestId === undefined) return ok(undefined)
    const { rows } = await source.query<ErasureRow>(
      `select ${erasureColumns} from erasures where workspace_id = $1 and request_id = $2`,
      [workspaceId, requestId],
    )
    const [row] = rows
    if (!row) return ok(undefined)
    const holder = await holderNamed(source, call)
    return holder.ok && !row.holders.includes(holder.value.id)
      ? no(refuse(peopleRefusals.erasure_request_taken, { requestId }))
      : ok(row)
  }

  const holderNamed = async (source: Queryable, { auth, params, now }: EraseCall) => {
    const { workspace } = workspaces.known(auth.workspaceId)
    const found = await holdersFor(source, workspace, [params.ref], now, { create: false })
    if (found.ok) return ok(found.value[0]!)
    const { errors: _, ...refusal } = found.refusal
    return no(refusal)
  }

  const erase: Handler<typeof erasePerson> = async call => {
    const { workspaceId, keyId } = call.auth
    const { reason, requestId = null } = call.body
    const again = await findAgain(database, call)
    if (!again.ok) return again
    if (again.value) {
      await journal.add([journalEntry(workspaceId, again.value)])
      return answer(workspaceId, again.value)
    }
    const named = await holderNamed(database, call)
    if (!named.ok) return named
    const { id: holderId, personId } = named.value
    const of = { personOf: holderId }

    if (call.query.dryRun) {
      const holders = (await holdersToErase(database, workspaceId, of)).map(it => it.id)
      if (holders.length === 0) return { refusal: refuse(peopleRefusals.person_not_found, { type: 'id' }) }
      const counts = await countErasure(database, workspaceId, holders)
      const at = formatInstant(call.now)
      const json = {
        id: null,
        workspace: workspaceId,
        state: 'dryRun',
        at,
        by: keyId,
        reason,
        requestId,
        person: personId,
        holders,
        counts,
        job: null,
      }
      return { json }
    }

    let made: ErasureRow | undefined
    const id = makeId('ers', call.now, random(10))
    const erased = await withoutHolds(services, workspaceId, of, () =>
      change(services, call, { action: 'erasePerson', subject: personId }, async tx => {
        // Twins of one request: the second waits here, as batches do, and is answered as the first.
        await tx.query('select 1 from workspaces where id = $1 for update', [workspaceId])
        const twin = await findAgain(tx, call)
        if (!twin.ok) return twin
        const row = twin.value
          ? ok(twin.value)
          : await eraseIn(tx, services, { workspaceId, id, at: call.now, by: keyId, reason, requestId, of })
        if (!row.ok) return row
        made = row.value
        return ok(answer(workspaceId, row.value))
      }),
    )
    if ('refusal' in erased) return erased
    // Not answered before it is in the journal too: an older dump may be loaded the next minute.
    if (made) {
      await journal.add([journalEntry(workspaceId, made)])
      await bookEnded(services, workspaceId, made.holders)
    }
    return erased
  }

  const answer = (workspaceId: string, row: ErasureRow) => ({
    status: row.progress === null ? 200 : 202,
    json: erasureAnswer(workspaceId, row),
  })

  const list: Handler<typeof listErasures> = async ({ query: { limit, cursor }, auth }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const { rows } = await database.query<ErasureRow>(
      `select ${erasureColumns} from erasures where workspace_id = $1 and id > $2 order by id limit $3`,
      [auth.workspaceId, after.value, limit + 1],
    )
    return {
      json: makePage(
        rows,
        limit,
        row => row.id,
        row => erasureAnswer(auth.workspaceId, row),
      ),
    }
  }

  return { exportPerson: exports, erasePerson: erase, listErasures: list }
}
