/** Who stands at the tills. */
export const clerks = {
  id: 16,
  name: 'clerks',
  sql: `
create table clerks (
  workspace_id text not null,
  id text not null,
  body jsonb not null,                               -- { name, supervisor, locations, active }
  pin jsonb not null,                                -- { salt, hash, rounds }: PBKDF2-HMAC-SHA-256, which tills check by WebCrypto
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
`,
}
