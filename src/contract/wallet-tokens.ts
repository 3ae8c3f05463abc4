import { z } from 'zod'
import { instant } from '../core/kernel/schema.ts'
import { walletTokenRefusals } from '../core/packs/refusals.ts'
import { bytes32 } from '../core/packs/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { personId, personRef } from '../core/people/schema.ts'
import { commonRefusals } from './common-refusals.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Tills without a network'
const device = 'MCowBQYDK2VwAyEAdGVzc2VyYS1leGFtcGxlLWtleSE'
const person = 'per_01kjm6jm000000000000000000'

export const certifyWallet = defineEndpoint({
  name: 'certifyWallet',
  method: 'POST',
  path: '/v1/wallet/devices',
  summary: 'Certify a wallet’s device, so that tills know whose it is without a network',
  description:
    'The device makes a key pair of its own (Ed25519) and shows a code that it signs anew every half minute: `tw1.<certificate>.<time in base 36>.<signature>`. A publishable key certifies only for the person of its personToken.',
  tag,
  scopes: ['admin', 'secret', 'publishable'],
  body: z
    .strictObject({
      device: bytes32.meta({ description: 'The device’s public key (Ed25519, 32 bytes, base64url)' }),
      person: personRef.optional().meta({ description: 'Left out, the person of the personToken' }),
      days: z.int().min(1).max(30).default(14).meta({ description: 'How long the certificate is good' }),
    })
    .meta({ id: 'WalletDeviceInput' }),
  answer: {
    201: z
      .strictObject({
        certificate: z.string(),
        publicKey: z.string().meta({ description: 'The workspace’s key' }),
        expiresAt: instant,
      })
      .meta({ id: 'WalletCertificate' }),
  },
  refusals: [commonRefusals.forbidden, peopleRefusals.identifier_invalid, peopleRefusals.person_not_found],
  example: {
    body: { device, person: 'email:ana@example.com' },
    answer: {
      certificate: `default~${person}~4711~${device}~mm1z2k40.${'A'.repeat(86)}`,
      publicKey: device,
      expiresAt: '2026-03-15T08:00:00.000Z',
    },
  },
})

export const readWalletToken = defineEndpoint({
  name: 'readWalletToken',
  method: 'POST',
  path: '/v1/wallet-tokens/read',
  summary: 'Whose wallet shows a code',
  description:
    'A till without a network asks its own program the same (`readWalletToken` of `tessera/offline`). A code is good for 90 seconds, and once at a till.',
  tag,
  scopes: ['admin', 'secret', 'till'],
  idempotent: false,
  body: z.strictObject({ token: z.string().min(1).max(1000) }).meta({ id: 'WalletTokenInput' }),
  answer: {
    200: z.strictObject({ person: personId, card: z.string().nullable() }).meta({ id: 'WalletShown' }),
  },
  refusals: Object.values(walletTokenRefusals),
  example: { body: { token: `tw1.default~${person}` }, answer: { person, card: '4711' } },
})

export const walletTokenEndpoints = [certifyWallet, readWalletToken] as const
