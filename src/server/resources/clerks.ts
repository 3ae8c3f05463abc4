import { pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import type * as contract from '../../contract/clerks.ts'
import { makeId } from '../../core/kernel/id.ts'
import { no, ok, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import type { PinCheck } from '../../core/workspaces/clerk.ts'
import { workspaceRefusals } from '../../core/workspaces/refusals.ts'
import { change } from '../change.ts'
import type { Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'

/** OWASP's advice for PBKDF2 with SHA-256, which browsers have: a till has to do the same by WebCrypto, and takes about a second. */
const rounds = 600_000

type Clerk = {
  readonly name: string
  readonly supervisor: boolean
  readonly locations: readonly string[]
  readonly active: boolean
}
type Row = { id: string; body: Clerk; pin: PinCheck; created_at: number; updated_at: number }
const columns = 'id, body, pin, created_at, updated_at'

const answerOf = ({ id, body, created_at, updated_at }: Row) => ({
  id,
  ...body,
  createdAt: formatInstant(created_at),
  updatedAt: formatInstant(updated_at),
})

const derive = promisify(pbkdf2)
const checkOf = async (pin: string): Promise<PinCheck> => {
  const salt = randomBytes(16)
  const hash = await derive(pin, salt, rounds, 32, 'sha256')
  return { salt: salt.toString('base64'), hash: hash.toString('base64'), rounds }
}

export const clerksHandlers = (services: Services) => {
  const { database, random } = services
  const missing = (id: string) => no(refuse(workspaceRefusals.setting_not_found, { kind: 'clerk', id }))

  const list: Handler<typeof contract.listClerks> = async ({ query: { limit, cursor }, auth }) => {
    const after = startAfter(cursor)
    if (!after.ok) return after
    const isTill = auth.scope === 'till'
    const { rows } = await database.query<Row>(
      `select ${columns} from clerks where workspace_id = $1 and id > $2 and ($3::text is null or
         ((body->>'active')::boolean and (jsonb_array_length(body->'locations') = 0 or body->'locations' ? $3)))
       order by id limit $4`,
      [auth.workspaceId, after.value, isTill ? (auth.location ?? '') : null, limit + 1],
    )
    return {
      json: makePage(
        rows,
        limit,
        row => row.id,
        row => ({ ...answerOf(row), ...(isTill && { pinCheck: row.pin }) }),
      ),
    }
  }

  const create: Handler<typeof contract.createClerk> = async call => {
    const { pin, ...input } = call.body
    const check = await checkOf(pin)
    const id = makeId('clk', call.now, random(10))
    return change(services, call, { action: 'createClerk', subject: id }, async tx => {
      const { rows } = await tx.query<Row>(
        `insert into clerks (workspace_id, id, body, pin, created_at, updated_at)
         values ($1, $2, $3::jsonb, $4::jsonb, to_timestamp($5 / 1000.0), to_timestamp($5 / 1000.0)) returning ${columns}`,
        [call.auth.workspaceId, id, JSON.stringify({ ...input, active: true }), JSON.stringify(check), call.now],
      )
      return ok({ status: 201, json: answerOf(rows[0]!) })
    })
  }

  const update: Handler<typeof contract.updateClerk> = async call => {
    const { id } = call.params
    const { pin, ...patch } = call.body
    const check = pin === undefined ? null : await checkOf(pin)
    return change(services, call, { action: 'updateClerk', subject: id }, async tx => {
      const place = [call.auth.workspaceId, id]
      const { rows: before } = await tx.query<Row>(
        `select ${columns} from clerks where workspace_id = $1 and id = $2 for update`,
        place,
      )
      if (!before[0]) return missing(id)
      const { rows } = await tx.query<Row>(
        `update clerks set body = $3::jsonb, pin = coalesce($4::jsonb, pin), updated_at = to_timestamp($5 / 1000.0)
         where workspace_id = $1 and id = $2 returning ${columns}`,
        [...place, JSON.stringify({ ...before[0].body, ...patch }), check && JSON.stringify(check), call.now],
      )
      return ok({ json: answerOf(rows[0]!), was: answerOf(before[0]) })
    })
  }

  const remove: Handler<typeof contract.deleteClerk> = call => {
    const { id } = call.params
    return change(services, call, { action: 'deleteClerk', subject: id }, async tx => {
      const { rows } = await tx.query<Row>(
        `delete from clerks where workspace_id = $1 and id = $2 returning ${columns}`,
        [call.auth.workspaceId, id],
      )
      return rows[0] ? ok({ json: answerOf(rows[0]) }) : missing(id)
    })
  }

  return { listClerks: list, createClerk: create, updateClerk: update, deleteClerk: remove }
}
