/** Codes that somebody has blocked. */
export const blockedCodes = {
  id: 15,
  name: 'blocked codes',
  sql: `
alter table codes add column blocked_at timestamptz;         -- null: it may be used
`,
}
