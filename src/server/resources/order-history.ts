import type { getEvent, StoredEvent } from '../../contract/events.ts'
import type { getDecision, getOrderStory, listOrders } from '../../contract/order-history.ts'
import type { OrderNow } from '../../contract/orders.ts'
import { eventRefusals } from '../../core/events/refusals.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { formatInstant, parseInstant } from '../../core/kernel/time.ts'
import { momentRefusals } from '../../core/loop/refusals.ts'
import { normalizeCode } from '../../core/offers/code.ts'
import { orderRefusals } from '../../core/orders/refusals.ts'
import type { Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { orderPlaceOf, orderPlaceText, readOrders } from '../orders/list-orders.ts'
import { readStory } from '../orders/order-story.ts'
import { cursorOf, startAfter } from '../page.ts'
import { findPerson } from '../people/find-person.ts'
import { namesOf } from '../people/names-of.ts'
import type { Services } from '../services.ts'
import { readOrder } from './orders.ts'

type DecisionRow = {
  id: string
  kind: 'request' | 'event'
  cause: string
  person: string | null
  channel: string | null
  location: string | null
  shown: boolean
  at: number
  answer: string
}

type EventRow = Omit<StoredEvent, 'personName' | 'occurredAt' | 'receivedAt'> & {
  occurred_at: number
  received_at: number
}

export const orderHistoryHandlers = ({ database, workspaces }: Services) => {
  const list: Handler<typeof listOrders> = async ({ query, auth, now }) => {
    const { person, offer, code, channel, location, state, limit } = query
    const after = startAfter(query.cursor)
    if (!after.ok) return after
    const [from, to] = [query.from, query.to].map(it => (it === undefined ? undefined : parseInstant(it)))
    const place = orderPlaceOf(after.value, to)
    if (!place)
      return { refusal: invalidInput([{ pointer: '?cursor', message: 'is not a nextCursor of a page before' }]) }
    const { workspace } = workspaces.known(auth.workspaceId)
    const found = person === undefined ? undefined : await findPerson(database, workspace, auth, person, now)
    if (found && !found.ok) return found
    const asked = {
      holders: found?.value.holders.map(({ id }) => id),
      offer,
      code: code === undefined ? undefined : normalizeCode(code),
      channel,
      location,
      state,
      from,
    }
    const { data, next } = await readOrders(database, workspace.id, asked, place, limit)
    return { json: { data, nextCursor: cursorOf(next ? orderPlaceText(next) : null) } }
  }

  const story: Handler<typeof getOrderStory> = async ({ params: { id }, auth }) => {
    const order = await readOrder(database, auth, id)
    const told = order && (await readStory(database, auth.workspaceId, id, JSON.parse(order) as OrderNow))
    return told ? { json: told } : { refusal: refuse(orderRefusals.order_not_found, { id }) }
  }

  const decision: Handler<typeof getDecision> = async ({ params: { id }, auth: { workspaceId } }) => {
    const { rows } = await database.query<DecisionRow>(
      `select d.id, d.kind, d.cause, h.person_id as person, d.channel, d.location, d.shown, d.at, d.answer from decisions d
       left join holders h on h.workspace_id = $1 and h.id = d.holder_id
       where d.workspace_id = $1 and d.id = $2`,
      [workspaceId, id],
    )
    const [row] = rows
    if (!row) return { refusal: refuse(momentRefusals.decision_not_found, { id }) }
    const personName = (await namesOf(database, workspaceId, [row.person])).get(row.person ?? '') ?? null
    return { json: { ...row, personName, at: formatInstant(row.at), answer: JSON.parse(row.answer) } }
  }

  const event: Handler<typeof getEvent> = async ({ params: { id }, auth: { workspaceId } }) => {
    const { rows } = await database.query<EventRow>(
      `select e.message_id as id, e.kind, e.name, h.person_id as person, e.channel, e.order_id as "order", e.occurred_at, e.received_at,
         e.properties
       from events e left join holders h on h.workspace_id = $1 and h.id = e.holder_id
       where e.workspace_id = $1 and e.message_id = $2`,
      [workspaceId, id],
    )
    const [row] = rows
    if (!row) return { refusal: refuse(eventRefusals.event_not_found, { id }) }
    const { occurred_at, received_at, ...told } = row
    const personName = (await namesOf(database, workspaceId, [row.person])).get(row.person ?? '') ?? null
    return {
      json: { ...told, personName, occurredAt: formatInstant(occurred_at), receivedAt: formatInstant(received_at) },
    }
  }

  return { listOrders: list, getOrderStory: story, getDecision: decision, getEvent: event }
}
