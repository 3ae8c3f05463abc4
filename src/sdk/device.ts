import { walletTokenText } from '../core/packs/wallet-token.ts'

/** A device's key and what it signs, apart from what tills decide by: a wallet needs no more. */

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** As base64url. */
export const textOf = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

/** Said so, because the types of Node and of browsers each have their own. */
type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

/** Made once, kept by the browser (IndexedDB), never shown. `publicKey` goes to `POST /v1/packs` or `POST /v1/wallet/devices`. */
export type DeviceKey = { readonly publicKey: string; readonly privateKey: CryptoKey }

export const makeDeviceKey = async (): Promise<DeviceKey> => {
  const made = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as {
    readonly publicKey: CryptoKey
    readonly privateKey: CryptoKey
  }
  return { publicKey: textOf(await crypto.subtle.exportKey('raw', made.publicKey)), privateKey: made.privateKey }
}

export const sign = async ({ privateKey }: DeviceKey, text: string): Promise<string> =>
  textOf(await crypto.subtle.sign('Ed25519', privateKey, utf8(text)))

/** The code that a wallet shows now: its certificate (`POST /v1/wallet/devices`) with the time, signed by the device. */
export const makeWalletToken = async (certificate: string, now: number, device: DeviceKey): Promise<string> => {
  const text = walletTokenText(certificate, now)
  return `${text}.${await sign(device, text)}`
}
