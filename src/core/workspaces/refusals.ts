import { defineRefusals } from '../kernel/refusal.ts'

export const workspaceRefusals = defineRefusals({
  workspace_taken: { status: 409, title: 'Workspace exists', sentence: 'There is a workspace {id} already.' },
  not_a_demo: {
    status: 409,
    title: 'Not a demo',
    sentence: 'The workspace {workspace} is not a demo: its clock is the real one, and it cannot be deleted.',
  },
  clock_not_forward: {
    status: 409,
    title: 'Not forward',
    sentence: 'It is {now} in the workspace {workspace}; its clock goes forward only, and 20 years at the most.',
  },
  setting_not_found: { status: 404, title: 'Not found', sentence: 'There is no {kind} {id}.' },
  key_not_found: { status: 404, title: 'Key not found', sentence: 'There is no key {id}.' },
  key_revoked: {
    status: 409,
    title: 'Key revoked',
    sentence: 'The key {id} was revoked at {revokedAt}; make a new one.',
  },
  source_not_found: { status: 404, title: 'Source not found', sentence: 'There is no source {id}.' },
  source_revoked: {
    status: 409,
    title: 'Source revoked',
    sentence: 'The source {id} was revoked at {revokedAt}; make a new one.',
  },
})
