import { no, ok, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { workspaceRefusals } from '../../core/workspaces/refusals.ts'
import { type ChangeAnswer, type ChangeCall, change } from '../change.ts'
import type { Answer, Auth } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import type { Services } from '../services.ts'

type Kind = 'brand' | 'location' | 'channel'
type NounRow = { id: string; body: object; created_at: number; updated_at: number }
const columns = 'id, body, created_at, updated_at'

type NounCall = ChangeCall & { readonly params: { readonly id: string } }

const answerOf = ({ id, body, created_at, updated_at }: NounRow) => ({
  id,
  ...body,
  createdAt: formatInstant(created_at),
  updatedAt: formatInstant(updated_at),
})

/** Brands, locations and channels are kept alike: a body by its id. */
export const nounsHandlers = (services: Services) => {
  const { database } = services
  const missing = (kind: Kind, id: string) => refuse(workspaceRefusals.setting_not_found, { kind, id })

  const lists =
    (kind: Kind) =>
    async ({
      query: { limit, cursor },
      auth: { workspaceId },
    }: {
      readonly query: { readonly limit: number; readonly cursor?: string | undefined }
      readonly auth: Auth
    }): Promise<Answer> => {
      const after = startAfter(cursor)
      if (!after.ok) return after
      const { rows } = await database.query<NounRow>(
        `select ${columns} from nouns where workspace_id = $1 and kind = $2 and id > $3 order by id limit $4`,
        [workspaceId, kind, after.value, limit + 1],
      )
      return { json: makePage(rows, limit, ({ id }) => id, answerOf) }
    }

  const gets =
    (kind: Kind) =>
    async ({ params: { id }, auth }: NounCall): Promise<Answer> => {
      const { rows } = await database.query<NounRow>(
        `select ${columns} from nouns where workspace_id = $1 and kind = $2 and id = $3`,
        [auth.workspaceId, kind, id],
      )
      return rows[0] ? { json: answerOf(rows[0]) } : { refusal: missing(kind, id) }
    }

  const puts =
    (kind: Kind, action: string) =>
    (call: NounCall & { readonly body: object }): Promise<ChangeAnswer> =>
      change(services, call, { action, subject: call.params.id }, async tx => {
        const { rows } = await tx.query<NounRow>(
          `insert into nouns (workspace_id, kind, id, body, created_at, updated_at)
           values ($1, $2, $3, $4::json, to_timestamp($5 / 1000.0), to_timestamp($5 / 1000.0))
           on conflict (workspace_id, kind, id) do update set body = excluded.body, updated_at = excluded.updated_at
           returning ${columns}`,
          [call.auth.workspaceId, kind, call.params.id, JSON.stringify(call.body), call.now],
        )
        return ok({ json: answerOf(rows[0]!) })
      })

  const deletes =
    (kind: Kind, action: string) =>
    (call: NounCall): Promise<ChangeAnswer> =>
      change(services, call, { action, subject: call.params.id }, async tx => {
        const { rows } = await tx.query<NounRow>(
          `delete from nouns where workspace_id = $1 and kind = $2 and id = $3 returning ${columns}`,
          [call.auth.workspaceId, kind, call.params.id],
        )
        return rows[0] ? ok({ json: answerOf(rows[0]) }) : no(missing(kind, call.params.id))
      })

  return {
    listBrands: lists('brand'),
    getBrand: gets('brand'),
    putBrand: puts('brand', 'putBrand'),
    deleteBrand: deletes('brand', 'deleteBrand'),
    listLocations: lists('location'),
    getLocation: gets('location'),
    putLocation: puts('location', 'putLocation'),
    deleteLocation: deletes('location', 'deleteLocation'),
    listChannels: lists('channel'),
    getChannel: gets('channel'),
    putChannel: puts('channel', 'putChannel'),
    deleteChannel: deletes('channel', 'deleteChannel'),
  }
}
