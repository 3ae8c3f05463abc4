/**
 * Tills without a network: the workspace's signing key, packs, what is leased to them of each limit, and the entries of their journals. Only
 * adds.
 */
export const packs = {
  id: 11,
  name: 'packs',
  sql: `
alter table workspaces add column signing_key text;       -- Ed25519, PKCS 8, base64: signs packs and wallets' certificates; null: not needed yet
alter table workspaces add column signing_public text;    -- of it, 32 bytes, base64url

-- What tills may use up without asking counts as used for everybody else.
alter table counters add column leased bigint not null default 0;
alter table counters add column overrun bigint not null default 0;      -- what came of written-off packs and found no room
alter table counters add column budget_leased bigint not null default 0;
alter table counters add column budget_overrun bigint not null default 0;

create table packs (
  workspace_id text not null,
  id text not null,
  device_key text not null,                          -- signs the journal: Ed25519, 32 bytes, base64url
  key_id text not null,                              -- the till's
  channel text not null,
  location text not null,
  hash_key text not null,                            -- keys the hashes of codes and identifiers in the pack
  issued_at timestamptz not null,
  state text not null,                               -- open | closing | closed | writtenOff
  revision int not null,                             -- of its text
  touched int not null,                              -- raised by every write of it or its leases
  renewed_at timestamptz not null,
  expires_at timestamptz not null,
  entries int not null,                              -- places of the journal that are filled
  last_sequence int not null,
  closes_at int,                                     -- the closing entry's place
  ended_at timestamptz,
  ended_by text,                                     -- key id
  primary key (workspace_id, id)
) with (fillfactor = 70);
-- A device has one pack at a time: two would each have slices of which it forgets one.
create unique index packs_of_device on packs (workspace_id, device_key) where state in ('open', 'closing');

create table leases (
  workspace_id text not null,
  pack_id text not null,
  offer_id text not null,
  bucket text not null,                              -- the counter's; '!perPerson', '!perCode': overruns of what has none
  uses bigint not null,                              -- in all
  charged bigint not null,                           -- used up by entries
  back bigint not null,                              -- gone back; what is left is leased
  overrun bigint not null,
  budget bigint not null,
  budget_charged bigint not null,
  budget_back bigint not null,
  budget_overrun bigint not null,
  primary key (workspace_id, pack_id, offer_id, bucket)
) with (fillfactor = 70);
create index leases_by_offer on leases (workspace_id, offer_id, bucket);

create table pack_entries (
  workspace_id text not null,
  pack_id text not null,
  id text not null,                                  -- the till's own
  sequence int not null,
  kind text not null,                                -- sale | return | giveBack | close
  previous text not null,
  hash text not null,                                -- SHA-256 of its text, base64url
  order_id text,
  at timestamptz not null,
  received_at timestamptz not null,
  state text not null,                               -- settled | waiting
  body json,                                         -- of a waiting one, which names nobody
  differences json not null,
  primary key (workspace_id, pack_id, id)
);
create index pack_entries_by_sequence on pack_entries (workspace_id, pack_id, sequence);
create index pack_entries_waiting on pack_entries (workspace_id, order_id) where state = 'waiting';
`,
}
