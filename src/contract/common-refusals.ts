import { defineRefusals } from '../core/kernel/refusal.ts'

/**
 * The refusals of HTTP itself, in the order a request meets them. An endpoint does not declare these: the frame adds those
 * that can happen to it (`refusalsOf`).
 */
export const commonRefusals = defineRefusals({
  not_found: {
    status: 404,
    title: 'No such address',
    sentence: 'There is nothing at {path}. All calls are listed at /docs.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    sentence: '{method} is not possible at {path}; it takes {allowed}.',
  },
  unauthorized: {
    status: 401,
    title: 'No valid key',
    sentence: 'Send a valid key as "Authorization: Bearer <key>", or sign in. {reason}',
  },
  forbidden: {
    status: 403,
    title: 'Key not allowed here',
    sentence: 'A key of scope {scope} may not do this; it takes one of scope {allowed}.',
  },
  role_forbidden: {
    status: 403,
    title: 'Not for your role',
    sentence: 'The role {role} may not do this; {allowed} may.',
  },
  cross_site: {
    status: 403,
    title: 'From another site',
    sentence: 'A browser that is signed in may do this from a page of this server only. {reason}',
  },
  workspace_mismatch: {
    status: 403,
    title: 'Key of another workspace',
    sentence: 'This key belongs to another workspace than Tessera-Workspace names; leave the header out.',
  },
  workspace_not_found: {
    status: 404,
    title: 'No such workspace',
    sentence: 'There is no workspace {workspace}.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Content type not understood',
    sentence: 'The body came as {received}; this call takes {expected}.',
  },
  payload_too_large: {
    status: 413,
    title: 'Body too large',
    sentence: 'The body is larger than the {limitBytes} bytes this call takes, decompressed; send it in parts.',
  },
  invalid_input: {
    status: 400,
    title: 'Invalid input',
    sentence: 'The request is not valid: {first}',
  },
  too_many_attempts: {
    status: 429,
    title: 'Too many attempts',
    sentence: 'Too many attempts; try again in {retryAfterSeconds} seconds.',
  },
  overloaded: {
    status: 503,
    title: 'Busy',
    sentence: 'The server has more work than it can take right now; try again in {retryAfterSeconds} seconds.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'Idempotency key used for another request',
    sentence: 'This Idempotency-Key was used with another body or call; make a new key for a new request.',
  },
})
