/**
 * What decides a draw, as text. The server hashes it with the workspace's secret (HMAC-SHA256) and draws with the bytes: nobody
 * can foresee them, and whoever holds the secret can check them later. No order is part of it, so asking again or ordering under
 * another id is the same draw; a new version of the offer or a new period is another. `anchor` is the person's oldest
 * identifier as 'type:value'; `period` names the period of the offer as `periodOf` does: 'month=2026-03', 'ever' for its whole life.
 *
 *     chanceSeed({ offerId: 'off_1', version: 2, anchor: 'email:ana@example.com', period: 'month=2026-03' })
 *     // 'chance\noff_1\n2\nemail:ana@example.com\nmonth=2026-03'
 */
export const chanceSeed = (draw: { offerId: string; version: number; anchor: string; period: string }): string =>
  // No part can hold a line break, so two draws never share a text; the first line keeps other uses of the secret apart.
  ['chance', draw.offerId, draw.version, draw.anchor, draw.period].join('\n')

/**
 * A whole number from 0 to `outOf` − 1, from the first 8 of a hash's bytes, read as a big-endian fraction of 2^64. 2^64 values
 * fall on `outOf` numbers in shares that differ by one value at most, so no number is likelier than another by more than
 * `outOf` / 2^64 of its chance: below 2^-40 for any odds up to one in 16 million.
 *
 *     drawOf(Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0), 20)   // 10, half way
 */
export const drawOf = (bytes: Uint8Array, outOf: number): number =>
  Number((new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0) * BigInt(outOf)) >> 64n)

/** The lowest `wins` of the numbers win: `isWin({ draw: 0, wins: 1 })` is true, with one in twenty as with one in two. */
export const isWin = ({ draw, wins }: { readonly draw: number; readonly wins: number }): boolean => draw < wins
