/**
 * The clock's work is walked through from where the walk stands, also among a million that are due in one instant: so the index tells
 * them apart. Only adds, but for the indexes that these replace.
 */
export const clock = {
  id: 7,
  name: 'clock',
  sql: `
drop index accounts_due;
create index accounts_due on accounts (workspace_id, due_at, owner_id) where due_at is not null;
drop index programme_members_due;
create index programme_members_due on programme_members (workspace_id, due_at, holder_id) where due_at is not null;
`,
}
