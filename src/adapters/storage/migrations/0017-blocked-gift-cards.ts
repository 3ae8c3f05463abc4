/** Since when a gift card is blocked, and why. */
export const blockedGiftCards = {
  id: 17,
  name: 'blocked gift cards',
  sql: `
alter table gift_cards add column blocked_at timestamptz;    -- null: it is not blocked, or was before this was told
alter table gift_cards add column blocked_for text;          -- lost | stolen | fraud | mistake | other
`,
}
