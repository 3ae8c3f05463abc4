/** Demo workspaces: a clock of their own, and their end. */
export const demo = {
  id: 13,
  name: 'demo',
  sql: `
alter table workspaces add column ahead_ms int8;             -- of a demo: how far its clock is ahead of the real one (below 0: behind); null: no demo
alter table workspaces add column ending_at timestamptz;     -- its rows are being removed: nobody sees it any more
`,
}
