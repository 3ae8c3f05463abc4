/** Uses of an offer by time, for lists of orders and for what happened when. */
export const usesByTime = {
  id: 9,
  name: 'uses by time',
  sql: `
create index redemptions_by_time on redemptions (workspace_id, offer_id, at, order_id);
-- What an event or a moment gave: no order has a slash in its id.
create index redemptions_apart on redemptions (workspace_id, at, order_id, seq) where position('/' in order_id) > 0;
`,
}
