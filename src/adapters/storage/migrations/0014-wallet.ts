/** Customers who sign in to their wallet, and the messages that brought them the code. */
export const wallet = {
  id: 14,
  name: 'wallet',
  sql: `
create table wallet_codes (
  workspace_id text not null,
  address_hash text not null,                        -- keyed hash of type:value
  purpose text not null,                             -- signIn | erase
  hash text not null,                                -- keyed hash of the code and of whom it was sent to
  tries int not null default 0,
  ends_at timestamptz not null,
  primary key (workspace_id, address_hash, purpose)
);
create index wallet_codes_by_end on wallet_codes (ends_at);

create table wallet_sessions (
  id text primary key,
  hash text not null unique,                         -- SHA-256 of the token, hex: tokens are random, so a fast hash is enough
  workspace_id text not null,
  holder_id text not null,                           -- the address that she proved
  started_at timestamptz not null,
  seen_at timestamptz not null,                      -- to about five minutes
  ends_at timestamptz not null,                      -- slides with use
  user_agent text,
  address text
);
create index wallet_sessions_by_holder on wallet_sessions (workspace_id, holder_id);
create index wallet_sessions_by_end on wallet_sessions (ends_at);

create table outbox (
  workspace_id text not null,
  id text not null,
  at timestamptz not null,
  type text not null,                                -- of the identifier: email | phone
  value text not null,
  text text not null,
  purpose text not null,
  primary key (workspace_id, id)
);
create index outbox_by_address on outbox (workspace_id, type, value);
create index outbox_by_time on outbox (at);
`,
}
