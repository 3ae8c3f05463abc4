/** What a team member does here; each role is told in words, and what it may call is the table of `contract/permissions.ts`. */
export const roles = ['admin', 'marketer', 'analyst', 'clerk', 'finance', 'support'] as const
export type Role = (typeof roles)[number]

export const roleWords = {
  admin: 'Sets the workspace up: team, keys, sources and settings, and everything that the others may.',
  marketer: 'Makes segments, campaigns, offers, codes and programmes, and looks at what they did.',
  analyst: 'Reads reports, exports and people, tries segments and simulates offers; changes nothing.',
  clerk: 'Serves who stands before her: orders and returns, joining, gift cards, what is handed over.',
  finance: 'Looks after value: ledger, adjustments, gift cards, liability, closing a month.',
  support: 'Helps people by name: who is who, consents, returns, credits, data export and erasure.',
} as const satisfies Record<Role, string>
