import { join } from 'node:path'
import { newCluster } from './clusters.ts'
import type { Server } from './torture/servers.mjs'
import { makeStand } from './torture/stand.mjs'

/** Where races are run, for `it.each`: in words, and the store. */
export const raceTracks = [
  ['two processes on one PostgreSQL', 'postgres'],
  ['one process on the embedded store', 'pglite'],
] as const

/** Sends JSON to one of the processes, as the admin or with a key. */
export const send = async (server: Server, method: string, path: string, body?: unknown, key?: string) => {
  const { status, text } = await server.exchange({
    method,
    path,
    ...(key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status, json: JSON.parse(text) }
}

/** Starts the processes of a store for a race, and takes everything away when it is over. */
export const onServers = async (
  store: 'postgres' | 'pglite',
  race: (servers: readonly Server[]) => Promise<void>,
): Promise<void> => {
  const stand = await makeStand({
    store,
    postgresUrl: process.env.TEST_DATABASE_URL,
    prepare: data => newCluster(join(data, 'pglite')),
  })
  try {
    await Promise.all(stand.servers.map(server => server.start()))
    await race(stand.servers)
  } finally {
    await stand.remove()
  }
}
