import { defineRefusals } from '../kernel/refusal.ts'

export const teamRefusals = defineRefusals({
  sign_in_failed: {
    status: 401,
    title: 'Not signed in',
    sentence: 'This e-mail address and this password do not fit together.',
  },
  sign_in_link_invalid: {
    status: 401,
    title: 'Link not valid',
    sentence: 'This link was used, was replaced or has ended; ask for a new one.',
  },
  password_wrong: { status: 409, title: 'Password wrong', sentence: 'That is not your password of now.' },
  password_too_weak: { status: 422, title: 'Password too weak', sentence: 'This password {why}; choose another.' },
  team_member_not_found: { status: 404, title: 'Team member not found', sentence: 'There is no team member {id}.' },
  team_member_exists: {
    status: 409,
    title: 'Team member exists',
    sentence: 'Somebody with this e-mail address is in the team already: {id}.',
  },
  team_member_elsewhere: {
    status: 409,
    title: 'Team member of other workspaces too',
    sentence: 'The team member {id} is an operator or works in other workspaces too, so only an operator may do this.',
  },
  visit_refused: {
    status: 409,
    title: 'Not without a password',
    sentence:
      'The team member {id} is let in by a link alone only where she works in a demo, nowhere else, and is no operator.',
  },
  last_admin: {
    status: 409,
    title: 'Last admin',
    sentence: 'The workspace would be left without an admin; make somebody else one first.',
  },
  request_not_found: { status: 404, title: 'Request not found', sentence: 'There is no request {id} in the log.' },
  request_not_kept: {
    status: 409,
    title: 'Request not kept',
    sentence:
      'What the request {id} said was not kept, because such calls may name people; send it again from where it came.',
  },
  session_not_found: { status: 404, title: 'Session not found', sentence: 'You have no session {id}.' },
})
