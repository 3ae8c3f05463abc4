/**
 * Value: programmes and who is in them, a double-entry ledger with lots and holds, gift cards, closed months. Only adds.
 *
 * Amounts are whole numbers of an asset's smallest unit. An account's id says what it is: `<owner>/<asset>/<kind>`, as
 * `hol_…/points:club/main`, `gc_…/giftCard:EUR/main`, `house/points:club/earned`. Rows of transactions and postings are never
 * changed or deleted.
 */
export const value = {
  id: 4,
  name: 'value',
  sql: `
create table programmes (
  workspace_id text not null,
  id text not null,                                  -- chosen by the caller, as 'club'
  version int not null,
  state text not null,                               -- live | paused | ended
  body json not null,
  catalogue_version bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create index programmes_by_version on programmes (workspace_id, catalogue_version);

create table programme_versions (
  workspace_id text not null,
  programme_id text not null,
  version int not null,
  state text not null,
  body json not null,
  changed_by text not null,                          -- key id
  changed_at timestamptz not null,
  primary key (workspace_id, programme_id, version)
);

-- That somebody is in a programme, on the holder she joined by; a person's is what those of her holders come to.
create table programme_members (
  workspace_id text not null,
  holder_id text not null,
  programme_id text not null,
  joined_at timestamptz not null,
  left_at timestamptz,
  source text not null,                              -- web | app | till | link | order | clerk | import …
  terms text,                                        -- version of the terms that she agreed to
  tier text,
  tier_since timestamptz,
  tier_until timestamptz,                            -- she keeps it at least until then
  household_id text,
  due_at timestamptz,                                -- when the clock alone may change her tier
  revision int not null default 0,
  primary key (workspace_id, holder_id, programme_id)
) with (fillfactor = 80);
create index programme_members_by_programme on programme_members (workspace_id, programme_id, holder_id);
create index programme_members_due on programme_members (workspace_id, due_at) where due_at is not null;

-- Accounts of holders and cards. Those of the house have no row: nothing bounds them, and a row that every commit changes
-- would make processes wait for each other. Their balance is the sum of their postings.
create table accounts (
  workspace_id text not null,
  id text not null,
  owner_id text not null,                            -- a holder or a gift card
  asset text not null,                               -- points:<programme> | qualifying:<programme> | credit:<currency> | cashback:<currency> | giftCard:<currency>
  kind text not null,                                -- main | pending | held | debt
  balance bigint not null,
  floor bigint not null,
  ends_at timestamptz,                               -- where lots slide with activity: all that is left ends then
  due_at timestamptz,                                -- nothing in it becomes active or ends before
  revision int not null,
  opened_at timestamptz not null,
  primary key (workspace_id, id)
) with (fillfactor = 70);
create index accounts_by_owner on accounts (workspace_id, owner_id, asset);
create index accounts_due on accounts (workspace_id, due_at) where due_at is not null;

create table lots (
  workspace_id text not null,
  id text not null,
  owner_id text not null,
  asset text not null,
  kind text not null,                                -- pending | main: the account it lies in
  amount bigint not null,                            -- at first
  remaining bigint not null,
  earned_at timestamptz not null,
  active_at timestamptz,                             -- of a pending one: from when it can be spent; null: when the event comes that it awaits
  awaits text,                                       -- name of that event
  expires_at timestamptz,                            -- first instant at which it is gone
  due_at timestamptz,                                -- the next of these two
  from_lot text,                                     -- where it was before a transfer
  transaction_id text not null,
  offer_id text,
  order_id text,
  primary key (workspace_id, id)
) with (fillfactor = 80);
create index lots_live on lots (workspace_id, owner_id, asset, due_at, id) where remaining > 0;
create index lots_by_owner on lots (workspace_id, owner_id, asset, id);

create table transactions (
  workspace_id text not null,
  id text not null,
  kind text not null,                                -- earn | activate | expire | burn | hold | release | takeBack | giveBack | reverse | transfer | adjust | issue
  effective_at timestamptz not null,
  booked_at timestamptz not null,
  period text not null,                              -- month it is booked in, '2026-10': of effective_at, or of booked_at where that month is closed
  holder_id text,
  order_id text,
  return_id text,
  message_id text,
  decision_id text,
  offer_id text,
  offer_version int,
  channel text,
  location text,
  actor text,                                        -- key id; null: the clock
  reason text,
  reverses text,                                     -- the transaction that this one takes back, or a part of it
  ends_hold text,                                    -- the hold that this one ends
  details json,
  schema_version smallint not null,
  primary key (workspace_id, id)
);
create index transactions_by_order on transactions (workspace_id, order_id) where order_id is not null;
create index transactions_by_holder on transactions (workspace_id, holder_id, id) where holder_id is not null;
create index transactions_by_reversed on transactions (workspace_id, reverses) where reverses is not null;
-- A hold ends exactly once.
create unique index transactions_ending on transactions (workspace_id, ends_hold) where ends_hold is not null;

create table postings (
  workspace_id text not null,
  transaction_id text not null,
  seq smallint not null,
  account_id text not null,
  asset text not null,
  amount bigint not null,
  lot_id text,                                       -- on main and pending accounts
  period text not null,
  effective_at timestamptz not null,
  booked_at timestamptz not null,
  primary key (workspace_id, transaction_id, seq)
);
create index postings_by_account on postings (workspace_id, account_id, booked_at, transaction_id);
create index postings_by_period on postings (workspace_id, asset, period);

create table gift_cards (
  workspace_id text not null,
  id text not null,
  code text not null,                                -- normalised
  currency text not null,
  initial bigint not null,
  state text not null,                               -- issued | active | blocked
  holder_id text,                                    -- whoever put it into her wallet
  offer_id text,
  issued_at timestamptz not null,
  activated_at timestamptz,
  expires_at timestamptz,
  revision int not null default 0,
  primary key (workspace_id, id)
);
create unique index gift_cards_by_code on gift_cards (workspace_id, code);
create index gift_cards_by_holder on gift_cards (workspace_id, holder_id) where holder_id is not null;

create table households (
  workspace_id text not null,
  id text not null,
  programme_id text not null,
  name text not null,
  members json not null,                             -- [{ holder, role, mayBurn, since }]
  revision int not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);

-- What one person proposes and, above a set value, a second one confirms.
create table adjustments (
  workspace_id text not null,
  id text not null,
  state text not null,                               -- proposed | booked | rejected
  holder_id text not null,
  asset text not null,
  amount bigint not null,
  reason text not null,
  note text,
  effective_at timestamptz,
  proposed_by text not null,                         -- key id
  proposed_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  transaction_id text,
  primary key (workspace_id, id)
);
create index adjustments_open on adjustments (workspace_id, id) where state = 'proposed';

create table closings (
  workspace_id text not null,
  period text not null,                              -- '2026-10'
  totals json not null,
  closed_by text not null,
  closed_at timestamptz not null,
  primary key (workspace_id, period)
);
`,
}
