/** The last calls to a workspace, for those who program against it. Only adds. */
export const requestLog = {
  id: 10,
  name: 'request log',
  sql: `
create table request_log (
  workspace_id text not null,
  id text not null,
  at timestamptz not null,
  call text not null,                                -- name of the endpoint
  actor text not null,                               -- key or team member
  refused boolean not null,
  body json not null,                                -- what is shown: nothing personal, nothing secret
  sent text,                                         -- { url, body } of a call that says nothing of a person: what a replay sends
  primary key (workspace_id, id)
);
`,
}
