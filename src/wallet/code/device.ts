import { type DeviceKey, makeDeviceKey } from '../../sdk/device.ts'
import { api } from '../api.ts'
import { keep, readKept } from '../store.ts'

/** This device's key and what the business says of it; both are kept, so that the code works without a network. */
export type Device = {
  readonly key: DeviceKey
  readonly certificate: string
  readonly expiresAt: string
}

const days = 30
const renewMs = 14 * 86_400_000

/** Her loyalty card, out of the certificate: workspace~person~card~device~end. */
export const cardOf = (certificate: string): string | undefined =>
  decodeURIComponent(certificate.split('.')[0]?.split('~')[2] ?? '') || undefined

const renew = async (known: Device | undefined): Promise<Device> => {
  const key = known?.key ?? (await makeDeviceKey())
  const { certificate, expiresAt } = await api.certifyWallet({ device: key.publicKey, days })
  const device = { key, certificate, expiresAt }
  await keep('device', device)
  return device
}

/**
 * The device with a certificate that is good: made at the first time, renewed by halves, and as it is kept where there is no network.
 * Throws where there is none that is good.
 */
export const prepareDevice = async (): Promise<Device> => {
  const known = await readKept<Device>('device')
  const leftMs = known === undefined ? 0 : Date.parse(known.expiresAt) - Date.now()
  if (known !== undefined && leftMs > renewMs) return known
  try {
    return await renew(known)
  } catch (error) {
    if (known !== undefined && leftMs > 0) return known
    throw error
  }
}

/** A card that was made since stands in a new certificate only. */
export const renewDevice = async (): Promise<Device> => renew(await readKept<Device>('device'))
