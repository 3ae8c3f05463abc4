/** What looking for a person takes: the beginning of an identifier, or of a name. */
export const search = {
  id: 5,
  name: 'search',
  sql: `
-- By bytes, so that it finds what begins with a text whatever the collation of the database.
drop index holders_by_identifier;
create unique index holders_by_identifier on holders (workspace_id, type, value text_pattern_ops);

-- Of those whose name somebody told; of a long name the beginning, because an entry of an index has its limit.
create index holders_by_name on holders (
  workspace_id,
  (left(lower(coalesce(traits->>'name', (traits->>'firstName') || ' ' || (traits->>'lastName'), traits->>'firstName')), 80)) text_pattern_ops,
  id
) where left(lower(coalesce(traits->>'name', (traits->>'firstName') || ' ' || (traits->>'lastName'), traits->>'firstName')), 80) is not null;
create index holders_by_last_name on holders (
  workspace_id,
  (left(lower(coalesce(traits->>'lastName', substring(traits->>'name' from '\\s(.+)$'))), 80)) text_pattern_ops,
  id
) where left(lower(coalesce(traits->>'lastName', substring(traits->>'name' from '\\s(.+)$'))), 80) is not null;
`,
}
