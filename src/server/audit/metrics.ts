import { Gauge, type Registry } from 'prom-client'
import type { Database } from '../../adapters/storage/database.ts'

type Last = { readonly workspace: string; readonly found: number; readonly ended: number }

/** What the last audit of each workspace found, and when it ended: 0 is the only good value, and an old one tells nothing. */
export const auditMetrics = (database: Database, registry: Registry): void => {
  const gauge = (name: string, help: string, read: (last: Last) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['workspace'],
      registers: [registry],
      async collect() {
        const { rows } = await database.query<Last>(
          `select distinct on (workspace_id) workspace_id as workspace, (result->>'found')::int as found, updated_at as ended
           from jobs where kind = 'audit' and state = 'done' order by workspace_id, id desc`,
        )
        for (const row of rows) this.set({ workspace: row.workspace }, read(row))
      },
    })
  }
  gauge('tessera_audit_findings', 'What the last audit of the stored rows of value found to be off', it => it.found)
  gauge('tessera_audit_ended_timestamp_seconds', 'When that audit ended', it => it.ended / 1000)
}
