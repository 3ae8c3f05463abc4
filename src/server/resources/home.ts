import type { getAttention, getSetup, getTicker } from '../../contract/home.ts'
import { formatInstant, parseInstant } from '../../core/kernel/time.ts'
import { catalogueNow } from '../catalogue-now.ts'
import { readAttention } from '../home/attention.ts'
import { readSetup } from '../home/setup.ts'
import { readTicker, settleMs } from '../home/ticker.ts'
import type { Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import { cursorOf, startAfter } from '../page.ts'
import type { Services } from '../services.ts'

const dayMs = 86_400_000

export const homeHandlers = (services: Services) => {
  const { database, workspaces } = services

  const attention: Handler<typeof getAttention> = async ({ auth: { workspaceId }, now }) => {
    const { workspace } = workspaces.known(workspaceId)
    const catalogue = await catalogueNow(services, workspaceId)
    return { json: { data: await readAttention({ source: database, workspace, catalogue, now }) } }
  }

  const setup: Handler<typeof getSetup> = async ({ auth: { workspaceId } }) => {
    const steps = await readSetup(database, workspaceId)
    return { json: { done: steps.every(({ done }) => done), steps } }
  }

  const ticker: Handler<typeof getTicker> = async ({ query: { after }, auth: { workspaceId }, now }) => {
    const place = startAfter(after)
    if (!place.ok) return place
    const from = place.value === '' ? now - dayMs : parseInstant(place.value)
    if (from === undefined)
      return { refusal: invalidInput([{ pointer: '?after', message: 'is not a cursor of an answer before' }]) }
    const to = Math.max(from, now - settleMs)
    // Whoever was away for a year is told of a day.
    const data = await readTicker(database, workspaceId, { from: Math.max(from, now - dayMs), to })
    return { json: { data, cursor: cursorOf(formatInstant(to))! } }
  }

  return { getAttention: attention, getSetup: setup, getTicker: ticker }
}
