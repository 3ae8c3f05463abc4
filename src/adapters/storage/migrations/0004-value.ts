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
  falls_to text,                                     -- in her days of grace: the tier she falls to then, '' for none
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
  live boolean not null default true,                             -- whether anything remains
  earned_at timestamptz not null,
  active_at timestamptz,                             -- of a pending one: from when it can be spent; null: when the event comes that it awaits
  awaits text,                                       -- name of that event
  expires_at timestamptz,                            -- first instant at which it is gone
  slides bool not null default false,                -- ends when its account does
  due_at timestamptz,                                -- when it becomes active or ends: from then on the clock has something to do
  from_lot text,                                     -- where it was before a transfer
  short bigint not null default 0,                   -- had to be taken back and was spent or held: goes as soon as it is back
  transaction_id text not null,
  offer_id text,
  order_id text,
  primary key (workspace_id, id)
) with (fillfactor = 80);
-- With the kind, else whoever has thousands that can be spent would have all of them read to see that none is pending.
-- By a column of its own and not by what remains, which every spending changes: an index would have to learn of each.
create index lots_live on lots (workspace_id, owner_id, asset, kind, due_at, id) where live;
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
  seq int not null,                                  -- whoever spends thousands of small lots has a posting of each
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
create index postings_by_period on postings (workspace_id, asset, period, transaction_id, seq);

-- Holds that nothing has ended, by whose value they hold: an order that pays finds those in its way.
create table open_holds (
  workspace_id text not null,
  owner_id text not null,
  transaction_id text not null,
  order_id text not null,
  primary key (workspace_id, owner_id, transaction_id)
);

create table gift_cards (
  workspace_id text not null,
  id text not null,
  code text not null,                                -- normalised
  currency text not null,
  initial bigint not null,
  state text not null,                               -- issued | active | blocked
  days int,                                          -- it lasts so many from its activation; null: until expires_at
  holder_id text,                                    -- whoever put it into her wallet
  offer_id text,
  job_id text,                                       -- that issued it among many
  issued_at timestamptz not null,
  activated_at timestamptz,
  expires_at timestamptz,
  revision int not null default 0,
  primary key (workspace_id, id)
);
create unique index gift_cards_by_code on gift_cards (workspace_id, code);
create index gift_cards_by_job on gift_cards (workspace_id, job_id, id) where job_id is not null;
create index gift_cards_by_holder on gift_cards (workspace_id, holder_id) where holder_id is not null;

create table households (
  workspace_id text not null,
  id text not null,
  programme_id text not null,
  name text not null,
  members json not null,                             -- [{ holderId, mayBurn, since }]
  revision int not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);

create table transfers (
  workspace_id text not null,
  id text not null,
  programme_id text not null,
  from_holder text not null,
  to_holder text not null,
  points bigint not null,
  fee bigint not null,                               -- of them, what the house keeps
  note text,
  at timestamptz not null,
  by text not null,                                  -- key id
  transaction_id text not null,
  primary key (workspace_id, id)
);
create index transfers_by_giver on transfers (workspace_id, from_holder, at);
-- What is written to somebody goes when she is erased.
create index transfers_noted on transfers (workspace_id, to_holder) where note is not null;

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
  reverses text,                                     -- the adjustment that this one takes back
  primary key (workspace_id, id)
);
create index adjustments_by_holder on adjustments (workspace_id, holder_id, id);
create index adjustments_open on adjustments (workspace_id, id) where state = 'proposed';
-- Taken back once.
create unique index adjustments_reversing on adjustments (workspace_id, reverses) where reverses is not null and state <> 'rejected';

-- Who made a key could use it, so two keys of one hand are no two persons.
alter table api_keys add column made_by text;        -- the maker's source or key; null: made before this was kept

create table closings (
  workspace_id text not null,
  period text not null,                              -- '2026-10'
  totals json,                                       -- by asset, what its postings come to; null: it takes nothing more, and is being added up
  closed_by text not null,
  closed_at timestamptz not null,
  primary key (workspace_id, period)
);
`,
}
