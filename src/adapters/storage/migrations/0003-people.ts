/**
 * One person on every channel: links with what they were worth, statistics, computed traits, segments, consent, erasures, sources.
 * Only adds.
 */
export const people = {
  id: 3,
  name: 'people',
  sql: `
alter table holders
  add column standing text,                          -- blocked | shared | quarantined: links through it do not unite
  add column behaviour_id text,                      -- of an anonymous one: the holder whose person its behaviour joins (an unverified link says so)
  add column statistics json not null default '{}',
  add column consents json not null default '{}',    -- 'email/marketing' → [state, at]: what the entries of the ledger come to
  add column preferences json not null default '{}',
  add column due_at timestamptz,                     -- on the holder whose person it names: when the clock alone may change her segments
  add column erased_at timestamptz;
create index holders_by_behaviour on holders (workspace_id, behaviour_id, id) where behaviour_id is not null;
create index holders_by_standing on holders (workspace_id, id) where standing in ('shared', 'quarantined');
create index holders_due on holders (workspace_id, due_at) where due_at is not null;

alter table links
  add column first_seen_at timestamptz,              -- corrected event time of the earliest evidence
  add column suppressed text,                        -- why it does not unite; null: it does
  add column removed_at timestamptz;                 -- somebody took it away; later evidence does not bring it back
update links set first_seen_at = created_at, suppressed = case when verified then null else 'unverified' end;
alter table links alter column first_seen_at set not null;
-- Anybody may say that a million browsers are Ana: whoever looks for what is proven of her must not read that.
alter table links drop constraint links_pkey, add primary key (workspace_id, a, verified, b);
drop index links_by_b;
create index links_by_b on links (workspace_id, b, verified);
comment on column links.source is 'event | order | clerk | import | split';

create table never_merge (
  workspace_id text not null,
  a text not null,                                   -- holder ids, a < b
  b text not null,
  cause text not null,                               -- the split it belongs to
  created_at timestamptz not null,
  primary key (workspace_id, a, b)
);
create index never_merge_by_b on never_merge (workspace_id, b);
create index never_merge_by_cause on never_merge (workspace_id, cause);

-- What counts stored people under other rules than theirs: the rules of a workspace changed, or are newer than its people.
insert into jobs (workspace_id, id, kind, state, params, created_at, updated_at)
  select h.workspace_id, 'job_00000000000000000000000003', 'resolveIdentities', 'queued', '{}'::json, now(), now()
  from (select distinct workspace_id from holders) h;

-- What people did before it was counted.
insert into jobs (workspace_id, id, kind, state, params, created_at, updated_at)
  select h.workspace_id, 'job_00000000000000000000000004', 'countEvents', 'queued', '{"everything":true}'::json, now(), now()
  from (select distinct workspace_id from holders) h;

create table computed_traits (
  workspace_id text not null,
  name text not null,
  generation int not null,                           -- raised by every change; 0: the first is being counted
  body json,                                         -- the definition that answers
  next_generation int,
  next_body json,                                    -- the definition that is being counted
  removed boolean not null default false,
  catalogue_version bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, name)
);

create table segments (
  workspace_id text not null,
  id text not null,                                  -- chosen by the caller, as 'vip'
  kind text not null,                                -- live | list
  name text not null,
  description text not null,
  condition text,                                    -- of the generation that counts; null: a list, or none counts yet
  generation int not null,                           -- the members that count; 0: the first are being found
  next_condition text,                               -- of the generation that is being found
  next_generation int,                               -- null: none is
  last_generation int not null,                      -- no number is used twice
  job_id text,                                       -- which finds it
  removed boolean not null default false,
  catalogue_version bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (workspace_id, id)
);
create index segments_by_version on segments (workspace_id, catalogue_version);

create table segment_members (
  workspace_id text not null,
  holder_id text not null,                           -- live: the holder that names the person; list: the one that was listed
  segment_id text not null,
  generation int not null,
  entered_at timestamptz not null,
  primary key (workspace_id, holder_id, segment_id, generation)
);
create index segment_members_by_segment on segment_members (workspace_id, segment_id, generation, holder_id);

-- Append only. An address is an identifier, and an identifier is a holder.
create table consents (
  workspace_id text not null,
  holder_id text not null,
  id text not null,
  channel text not null,
  purpose text not null,                             -- marketing | service | research | profiling, or a topic of the workspace
  state text not null,                               -- requested | given | withdrawn
  at timestamptz not null,
  how text not null,                                 -- form | doubleOptIn | clerk | call | reply | oneClick | import | preferencePage
  text_version text,
  language text,
  by text not null,                                  -- key id, or 'person'
  personal json not null default '{}',               -- evidence that names somebody: address of the browser, a note
  created_at timestamptz not null,
  primary key (workspace_id, holder_id, id)
);

create table erasures (
  workspace_id text not null,
  id text not null,
  at timestamptz not null,
  by text not null,                                  -- key id
  reason text not null,                              -- a short code; nothing personal
  person_id text not null,                           -- who she was
  request_id text,                                   -- of the caller: the same one is one erasure for ever
  holders json not null,                             -- ids
  counts json not null,
  job_id text,                                       -- of what was too much for one commit
  progress json,                                     -- how far that is; null: all of it is done
  primary key (workspace_id, id)
);
create unique index erasures_by_request on erasures (workspace_id, request_id) where request_id is not null;

-- By rule: until when what was received has been emptied or removed, so that each event is looked at once.
alter table workspaces add column pruned json not null default '{}';

-- Events come in the order of time, so a few bytes for many rows find the old ones.
create index events_by_age on events using brin (received_at);
alter table events
  add column source_id text,                         -- the key it came in by
  add column hearsay boolean;                        -- a browser said it of somebody it merely names; false: of somebody its token
                                                     -- proves; null: no browser said it, or before this was kept

alter table api_keys
  add column kind text,                              -- of a source: web | app | till | server | file
  add column source_id text;                         -- the first key of the source, where this one replaced it
create index api_keys_by_source on api_keys (workspace_id, source_id) where source_id is not null;
create table source_minutes (
  workspace_id text not null,
  source_id text not null,
  minute timestamptz not null,
  events bigint not null,
  errors bigint not null,
  last_event_at timestamptz,
  last_error_at timestamptz,
  last_error json,
  primary key (workspace_id, source_id, minute)
);
create table source_tail (
  workspace_id text not null,
  source_id text not null,
  id text not null,                                  -- time-ordered
  at timestamptz not null,
  outcome text not null,                             -- stored | known | refused
  body json not null,                                -- kind, name, message id, subject's type, mistakes; nothing personal
  primary key (workspace_id, source_id, id)
);
`,
}
