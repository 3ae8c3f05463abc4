/** A clerk of this place, as the server tells tills. */
export type Clerk = {
  readonly id: string
  readonly name: string
  readonly supervisor: boolean
  readonly pinCheck?: { readonly salt: string; readonly hash: string; readonly rounds: number }
}

/** Wrong PINs of a clerk in a row, and until when no other is tried (epoch milliseconds). */
export type Tries = { readonly wrong: number; readonly until: number }

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0))

/** Whether a PIN is the clerk's: PBKDF2-HMAC-SHA256 as the server made it, so it takes no network. */
export const isPinOf = async ({ pinCheck }: Pick<Clerk, 'pinCheck'>, pin: string): Promise<boolean> => {
  if (!pinCheck) return false
  const { salt, hash, rounds } = pinCheck
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits'])
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(salt), iterations: rounds }
  const made = new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256))
  const wanted = bytesOf(hash)
  return wanted.length === made.length && wanted.every((byte, index) => byte === made[index])
}

const freeTries = 5
const firstWaitMs = 60_000
const longestWaitMs = 3_600_000

/**
 * What a wrong PIN costs: four are free, from then on each waits twice as long as the one before, a minute first and an hour at most. A PIN of
 * four digits then takes months to guess.
 *
 *     afterWrong({ wrong: 4, until: 0 }, now)   // { wrong: 5, until: now + 60_000 }
 */
export const afterWrong = ({ wrong }: Tries, now: number): Tries => {
  const count = wrong + 1
  const over = count - freeTries
  return { wrong: count, until: over < 0 ? 0 : now + Math.min(firstWaitMs * 2 ** over, longestWaitMs) }
}
