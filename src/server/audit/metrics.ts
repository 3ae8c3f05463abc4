import { Gauge, type Registry } from 'prom-client'
import type { Database } from '../../adapters/storage/database.ts'

/** What the last audit of each workspace found, and when it ended: 0 is the only good value, and an old one tells nothing. */
export const auditMetrics = (database: Database, registry: Registry): void => {
  const labelNames = ['workspace'] as const
  const ended = new Gauge({
    name: 'tessera_audit_ended_timestamp_seconds',
    help: 'When the last audit of the stored rows of value ended',
    labelNames,
    registers: [registry],
  })
  new Gauge({
    name: 'tessera_audit_findings',
    help: 'What the last audit of the stored rows of value found to be off',
    labelNames,
    registers: [registry],
    async collect() {
      const { rows } = await database.query<{ workspace: string; found: number; ended: number }>(
        `select distinct on (workspace_id) workspace_id as workspace, (result->>'found')::int as found, updated_at as ended
         from jobs where kind = 'audit' and state = 'done' order by workspace_id, id desc`,
      )
      for (const row of rows) {
        this.set({ workspace: row.workspace }, row.found)
        ended.set({ workspace: row.workspace }, row.ended / 1000)
      }
    },
  })
}
