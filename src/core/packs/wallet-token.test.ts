import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { expect, it, test } from 'vitest'
import { certificateOf, certificateText, readWalletToken, walletTokenText } from './wallet-token.ts'

const now = Date.UTC(2026, 2, 2, 10)
const makeKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { privateKey, publicKey: publicKey.export({ format: 'jwk' }).x!, object: publicKey }
}
const [workspace, phone, stranger] = [makeKey(), makeKey(), makeKey()]
const objects = new Map<string, KeyObject>([workspace, phone, stranger].map(it => [it.publicKey, it.object]))
const signed = (text: string, { privateKey }: typeof phone) =>
  sign(null, Buffer.from(text), privateKey).toString('base64url')
const isSigned = (key: string, text: string, signature: string) =>
  objects.has(key) && verify(null, Buffer.from(text), objects.get(key)!, Buffer.from(signature, 'base64url'))

const person = 'per_01kjm6jm000000000000000000'
const certificate = { workspace: 'shop', person, card: '47.11~é', device: phone.publicKey, expiresAt: now + 86_400_000 }
const certified = (fields: Partial<typeof certificate> = {}, by = workspace) => {
  const it = { ...certificate, ...fields }
  return certificateOf(it, signed(certificateText(it), by))
}
const tokenOf = (at: number, by = phone, of = certified()) => {
  const text = walletTokenText(of, at)
  return `${text}.${signed(text, by)}`
}
const read = (token: string, wasSeen: (token: string) => boolean = () => false) => {
  const shown = readWalletToken(token, {
    workspace: 'shop',
    publicKey: workspace.publicKey,
    now,
    verify: isSigned,
    wasSeen,
  })
  return shown.ok ? shown.value : shown.refusal.code
}

test('a code tells whose wallet shows it, whatever her card is called', () => {
  expect(read(tokenOf(now - 30_000))).toEqual(certificate)
  const { card: _, ...withoutCard } = certificate
  const none = certificateOf(withoutCard, signed(certificateText(withoutCard), workspace))
  expect(read(tokenOf(now, phone, none))).toEqual(withoutCard)
})

it.each([
  ['is shown a minute and a half later', tokenOf(now - 91_000), 'wallet_token_expired'],
  ['comes from a clock far ahead', tokenOf(now + 61_000), 'wallet_token_invalid'],
  ['is signed by another device', tokenOf(now, stranger), 'wallet_token_invalid'],
  [
    'bears a certificate that the workspace has not signed',
    tokenOf(now, phone, certified({}, stranger)),
    'wallet_token_invalid',
  ],
  ['is of another workspace', tokenOf(now, phone, certified({ workspace: 'acme' })), 'wallet_token_invalid'],
  ['bears a certificate that has ended', tokenOf(now, phone, certified({ expiresAt: now })), 'wallet_token_invalid'],
  ['names another person', tokenOf(now).replace(person, person.replace('k', 'm')), 'wallet_token_invalid'],
  [
    'says another time',
    tokenOf(now - 120_000).replace((now - 120_000).toString(36), now.toString(36)),
    'wallet_token_invalid',
  ],
  ['is no code', 'tw1.x', 'wallet_token_invalid'],
  ['cannot be decoded', `tw1.%E0~a~b~c~d.${'A'.repeat(86)}.1.${'A'.repeat(86)}`, 'wallet_token_invalid'],
])('a code that %s is refused', (_, token, code) => {
  expect(read(token)).toBe(code)
})

test('a code is good once at a till', () => {
  const token = tokenOf(now)
  expect(read(token, it => it === token)).toBe('wallet_token_used')
  expect(read(tokenOf(now - 1), it => it === token)).toEqual(certificate)
})
