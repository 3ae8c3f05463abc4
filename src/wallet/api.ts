import { createCaller } from '../sdk/caller.ts'

/** The calls of a wallet alone: the list of all is as large as the half of its pages. `api.test.ts` compares them with the SDK's. */
export const walletCalls = {
  createWalletCode: { method: 'POST', path: '/v1/wallet/codes', body: 'json', answer: 'json' },
  createWalletSession: { method: 'POST', path: '/v1/wallet/session', body: 'json', answer: 'json' },
  getWalletSession: { method: 'GET', path: '/v1/wallet/session', answer: 'json' },
  endWalletSession: { method: 'DELETE', path: '/v1/wallet/session', answer: 'json' },
  listWalletSessions: { method: 'GET', path: '/v1/wallet/sessions', answer: 'json' },
  revokeWalletSession: { method: 'DELETE', path: '/v1/wallet/sessions/{id}', answer: 'json' },
  getWalletSettings: { method: 'GET', path: '/v1/wallet/settings', query: true, answer: 'json' },
  listWalletActivity: { method: 'GET', path: '/v1/people/{ref}/wallet/activity', query: true, answer: 'list' },
  putWalletProfile: { method: 'PUT', path: '/v1/wallet/profile', body: 'json', answer: 'json', idempotent: true },
  exportMyself: { method: 'GET', path: '/v1/wallet/export', query: true, answer: 'stream' },
  eraseMyself: { method: 'POST', path: '/v1/wallet/erasure', body: 'json', answer: 'json' },
  getPerson: { method: 'GET', path: '/v1/people/{ref}', answer: 'json' },
  getWallet: { method: 'GET', path: '/v1/people/{ref}/wallet', answer: 'json' },
  getConsents: { method: 'GET', path: '/v1/people/{ref}/consents', answer: 'json' },
  putConsents: { method: 'PUT', path: '/v1/people/{ref}/consents', body: 'json', answer: 'json', idempotent: true },
  joinProgramme: {
    method: 'PUT',
    path: '/v1/programmes/{id}/members/{ref}',
    body: 'json',
    answer: 'json',
    idempotent: true,
  },
  leaveProgramme: { method: 'DELETE', path: '/v1/programmes/{id}/members/{ref}', answer: 'json', idempotent: true },
  createTransfer: {
    method: 'POST',
    path: '/v1/transfers',
    body: 'json',
    query: true,
    answer: 'json',
    idempotent: true,
  },
  certifyWallet: { method: 'POST', path: '/v1/wallet/devices', body: 'json', answer: 'json', idempotent: true },
  decideMoment: { method: 'POST', path: '/v1/decisions', body: 'json', answer: 'json', idempotent: true },
} as const

export const api = createCaller(walletCalls, {
  url: '',
  face: 'wallet',
  // Whoever waits before a screen would rather be told than wait for a fourth try.
  retries: 1,
  timeoutMs: 15_000,
})
