// The store alone, through the port that the server uses: one row, one transaction, the next when it is durable.
import { openStore } from '../dist/adapters/storage/open.js'
import { answerCalls } from './processes.mjs'

const database = await openStore({ databaseUrl: process.env.DATABASE_URL, folder: process.env.TESSERA_DATA ?? '' })
await database.script('create table bare (id bigint primary key, body text not null)')

const inserts = {
  row: {
    sql: 'insert into bare (id, body) values ($1, $2)',
    /** @param {number} n */
    values: n => [n, 'a row of about the length that a small row has in life'],
  },
  // What `POST /v1/track` writes for an event of a holder who is known already.
  event: {
    sql: `insert into events (workspace_id, message_id, holder_id, kind, name, channel, order_id, occurred_at, received_at,
            schema_version, properties, personal)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11)`,
    /** @param {number} n */
    values: n => {
      const at = new Date().toISOString()
      const holder = `hol_${String(n % 1000).padStart(26, '0')}`
      const properties = '{"sku":"LATTE","category":"coffee","price":4.5,"position":3}'
      return ['default', `bare-${n}`, holder, 'track', 'Product Viewed', 'web', null, at, at, properties, '{}']
    },
  },
}

let next = 0

/** @param {{ insert: keyof typeof inserts, seconds: number }} asked */
const run = async ({ insert, seconds }) => {
  const { sql, values } = inserts[insert]
  const latenciesMs = []
  const started = performance.now()
  for (let now = started; now < started + seconds * 1000; ) {
    await database.transaction(tx => tx.query(sql, values(next++), insert))
    const ended = performance.now()
    latenciesMs.push(ended - now)
    now = ended
  }
  return { seconds: (performance.now() - started) / 1000, latenciesMs }
}

answerCalls({ run }, database.close)
