import { randomBytes } from 'node:crypto'

const drawn = 4096

/**
 * Unguessable bytes, each given out once. Drawn by the page: a draw takes 2 µs however little it is for, and a batch makes hundreds of ids.
 *
 *     const random = makeRandom()
 *     random(10)   // Uint8Array(10)
 */
export const makeRandom = (): ((bytes: number) => Uint8Array) => {
  let page = new Uint8Array(0)
  let at = 0
  return bytes => {
    if (bytes > drawn) return randomBytes(bytes)
    if (at + bytes > page.length) {
      page = randomBytes(drawn)
      at = 0
    }
    at += bytes
    return page.subarray(at - bytes, at)
  }
}
