/** The people who work here, what they may, where they are signed in; and an audit log that can be asked about one of them, or one thing. Only adds. */
export const team = {
  id: 8,
  name: 'team',
  sql: `
create table team_members (
  id text primary key,
  email text not null unique,                        -- lower case
  name text not null,
  password text,                                     -- $scrypt$…, says how it was hashed; null: invited
  operator boolean not null default false,           -- runs the installation: admin in every workspace
  let_in_at timestamptz,                             -- last time that a link set the password: whoever had the link may be she from then on
  signed_in_at timestamptz,
  created_at timestamptz not null
);

create table team_roles (
  workspace_id text not null,
  member_id text not null,
  role text not null,                                -- admin | marketer | analyst | clerk | finance | support
  added_at timestamptz not null,
  added_by text not null,
  primary key (workspace_id, member_id)
);
create index team_roles_by_member on team_roles (member_id);

create table team_sessions (
  id text primary key,
  hash text not null unique,                         -- SHA-256 of the token, hex: tokens are random, so a fast hash is enough
  member_id text not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,                      -- to about five minutes
  ends_at timestamptz not null,                      -- slides with use
  user_agent text,
  address text
);
create index team_sessions_by_member on team_sessions (member_id);

create table sign_in_links (
  id text primary key,
  hash text not null unique,
  kind text not null,                                -- first | invitation
  member_id text,                                    -- null: the first, who is nobody yet
  made_by text not null,
  made_at timestamptz not null,
  ends_at timestamptz not null
);

create index audit_log_by_actor on audit_log (workspace_id, key_id, id);
create index audit_log_by_subject on audit_log (workspace_id, subject, id);
`,
}
