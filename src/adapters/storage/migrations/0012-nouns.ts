/** What a business is made of: brands, stores with their tills, channels. */
export const nouns = {
  id: 12,
  name: 'nouns',
  sql: `
create table nouns (
  workspace_id text not null,
  kind text not null,                                -- brand | location | channel
  id text not null,                                  -- chosen by the caller; what orders and keys name
  body json not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, kind, id)
);
`,
}
