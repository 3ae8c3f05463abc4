import { expect, it } from 'vitest'
import { onServers, raceTracks, send } from './races.ts'
import type { Server } from './torture/servers.mjs'

/** The month before the one of a clock, in UTC. */
const lastMonth = (now: number): string => {
  const date = new Date(now)
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 0)).toISOString().slice(0, 7)
}

it.each(raceTracks)(
  'a month that is closed while value of it is booked by %s takes nothing more',
  async (_, store) => {
    await onServers(store, async servers => {
      const [first, last] = [servers[0]!, servers.at(-1)!]
      const people = Array.from({ length: 20 }, (_, index) => `email:person-${index}@example.com`)
      for (const [index, person] of people.entries())
        await send(first, 'POST', '/v1/people/links', { a: person, b: `userId:${index}` })
      const period = lastMonth(Date.now())
      let given = 0
      const give = async (index: number) => {
        const { status } = await send(servers[index % servers.length]!, 'POST', '/v1/adjustments', {
          person: people[index % people.length],
          asset: 'credit:EUR',
          amount: 1,
          reason: 'goodwill',
          effectiveAt: `${period}-15T12:00:00Z`,
        })
        expect(status).toBe(201)
        given += 1
      }
      // Thirty at a time, on both servers; half-way through somebody closes the month, and asks both to.
      let next = 0
      let closing: Promise<Awaited<ReturnType<typeof send>>[]> | undefined
      const lane = async () => {
        while (next < 900) {
          const index = next++
          if (index === 450)
            closing = Promise.all([first, last].map(server => send(server, 'POST', '/v1/closings', { period })))
          await give(index)
        }
      }
      await Promise.all(Array.from({ length: 30 }, lane))
      const [one, other] = await closing!
      expect([one!.status, other!.status]).toEqual([200, 200])
      expect(other!.json).toEqual(one!.json)
      const [closed] = one!.json.rows
      const report = async (server: Server) =>
        (await send(server, 'GET', `/v1/reports/liability?from=${period}`)).json.data
      const [month, open] = await report(last)
      expect(month).toEqual(closed)
      // What is owed is what was given: the closed month as it was stored, and the postings of the open one. A posting that had come
      // into the closed month afterwards would be in neither.
      expect([open.opening, open.closing, given]).toEqual([closed.closing, 900, 900])
      // The race was one: some were booked before the end and some after it.
      expect(closed.closing).toBeGreaterThan(0)
      expect(closed.closing).toBeLessThan(900)
    })
  },
  120_000,
)
