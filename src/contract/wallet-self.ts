import { z } from 'zod'
import { peopleRefusals } from '../core/people/refusals.ts'
import { walletRefusals } from '../core/people/wallet-refusals.ts'
import { defineEndpoint } from './endpoint.ts'
import { erasure, erasureExample, exportExample, personExport } from './rights.ts'
import { code } from './wallet-session.ts'

const tag = 'Wallet'

export const putWalletProfile = defineEndpoint({
  name: 'putWalletProfile',
  method: 'PUT',
  path: '/v1/wallet/profile',
  summary: 'How a customer wants to be called',
  description: 'The trait `name`; an event `identify` of her timeline says it.',
  tag,
  scopes: 'wallet',
  body: z.strictObject({ name: z.string().trim().min(1).max(100) }).meta({ id: 'WalletProfile' }),
  answer: { 200: z.strictObject({ name: z.string() }) },
  refusals: [],
  example: { body: { name: 'Ana Rossi' }, answer: { name: 'Ana Rossi' } },
})

export const exportMyself = defineEndpoint({
  name: 'exportMyself',
  method: 'GET',
  path: '/v1/wallet/export',
  summary: 'Everything that is kept about the customer who asks',
  description: 'As `GET /v1/people/{ref}/export`.',
  tag,
  scopes: 'wallet',
  query: z.strictObject({ format: z.enum(['json', 'html']).default('json') }),
  answer: { 200: { contentType: 'application/json', or: 'text/html', schema: personExport } },
  refusals: [peopleRefusals.person_not_found],
  example: { query: { format: 'json' }, answer: JSON.stringify(exportExample) },
})

export const eraseMyself = defineEndpoint({
  name: 'eraseMyself',
  method: 'POST',
  path: '/v1/wallet/erasure',
  summary: 'Erase the customer who asks, for good',
  description:
    'As `POST /v1/people/{ref}/erase`. It takes a fresh code of `POST /v1/wallet/codes` with the purpose `erase`, sent to the address that she signed in with. All her sessions end.',
  tag,
  scopes: 'wallet',
  idempotent: false,
  body: z.strictObject({ code }).meta({ id: 'WalletErasure' }),
  answer: { 200: erasure, 202: erasure },
  refusals: [walletRefusals.wallet_code_wrong, peopleRefusals.person_not_found],
  example: { body: { code: '042917' }, answer: { ...erasureExample, by: 'wallet', requestId: null } },
})

export const walletSelfEndpoints = [putWalletProfile, exportMyself, eraseMyself] as const
