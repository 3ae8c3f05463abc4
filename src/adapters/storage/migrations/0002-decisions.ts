/**
 * What the decision engine keeps beside the first shape: counters in buckets, gifts and grants given by a use, returns, who met a
 * campaign in which arm, draws, and decisions without an order. Only adds.
 */
export const decisions = {
  id: 2,
  name: 'decisions',
  sql: `
alter table workspaces add column settings json not null default '{}'; -- { combination?, holdout? }

-- '': the offer as a whole; else a limit per period, location or channel ('location=store-12 day=2026-03-02'), or a gift ('gift=CUP').
-- A row of a bucket is made by the first use that falls into it.
alter table counters add column bucket text not null default '';
alter table counters drop constraint counters_pkey;
alter table counters add primary key (workspace_id, offer_id, bucket);

alter table grants add column title text, add column fulfilment text;  -- of an entitlement: pending | fulfilled

-- Simulations walk orders by time.
create index orders_by_time on orders (workspace_id, occurred_at, id);

alter table orders
  add column returned json,                          -- what has come back; null: nothing
  add column as_then json;                           -- personal; what a return decides with, where it has to decide again

alter table redemptions
  add column given json,                             -- what was given besides money, with the grants it made
  add column arm text,                               -- treatment | holdout; null: nobody is held out
  add column returned bigint not null default 0;     -- of the amount, what goods that came back have given back
comment on column redemptions.order_id is 'or what else used the offer: event/<message id>, claim/<decision id>';
comment on column redemptions.state is 'held | redeemed | released | expired | cancelled | returned | withheld';

create table returns (
  workspace_id text not null,
  order_id text not null,
  id text not null,                                  -- chosen by the caller
  seq int not null,                                  -- counts up within the order
  refund bigint not null,
  request_hash text not null,
  at timestamptz not null,
  schema_version smallint not null,                  -- of the answer
  answer text not null,                              -- byte for byte
  primary key (workspace_id, order_id, id)
);

-- The first time a holder met a campaign ('': the workspace's own hold-out), and in which arm.
create table exposures (
  workspace_id text not null,
  holder_id text not null,
  campaign_id text not null,
  arm text not null,                                 -- treatment | holdout
  at timestamptz not null,
  primary key (workspace_id, holder_id, campaign_id)
);
create index exposures_by_campaign on exposures (workspace_id, campaign_id, holder_id);

create table draws (
  workspace_id text not null,
  offer_id text not null,
  offer_version int not null,
  holder_id text not null,                           -- the oldest of the person
  period text not null,
  draw int not null,                                 -- wins where it is less than wins
  wins int not null,
  out_of int not null,
  cause text not null,                               -- the order or event it was drawn at
  at timestamptz not null,
  primary key (workspace_id, offer_id, offer_version, holder_id, period)
);

create table decisions (
  workspace_id text not null,
  id text not null,
  holder_id text,
  kind text not null,                                -- request | event
  cause text not null,                               -- the moment, or the message id
  channel text,
  location text,
  shown boolean not null,
  at timestamptz not null,
  schema_version smallint not null,                  -- of the answer
  answer text not null,
  primary key (workspace_id, id)
);
create index decisions_by_holder on decisions (workspace_id, holder_id, at) where holder_id is not null;
`,
}
