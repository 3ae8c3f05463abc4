import { defineRefusals } from '../kernel/refusal.ts'

export const workspaceRefusals = defineRefusals({
  workspace_taken: { status: 409, title: 'Workspace exists', sentence: 'There is a workspace {id} already.' },
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
