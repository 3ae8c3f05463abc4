/**
 * Ids are a prefix that names the noun and 26 characters of Crockford base 32 in lower case: 48 bits of milliseconds, 80
 * of chance (the layout of a ULID). They sort by time, so new rows go to the end of an index; they hold no letter that
 * reads as a digit.
 */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const idPattern = /^[a-z]+_([0-7][0-9a-hjkmnp-tv-z]{9})[0-9a-hjkmnp-tv-z]{16}$/
const maxMs = 2 ** 48 - 1

/**
 * `random` is 10 bytes of chance from the caller; whoever can guess them can guess the id.
 *
 *     makeId('off', 1772352000000, randomBytes(10))   // 'off_01kjm6jm00' and 16 more characters
 */
export const makeId = (prefix: string, ms: number, random: Uint8Array): string => {
  if (!Number.isSafeInteger(ms) || ms < 0 || ms > maxMs) throw new RangeError(`no time for an id: ${ms}`)
  if (random.length !== 10) throw new RangeError(`an id takes 10 random bytes, not ${random.length}`)
  let time = ''
  for (let rest = ms; time.length < 10; rest = Math.floor(rest / 32)) time = alphabet[rest % 32] + time
  let chance = ''
  let bits = 0
  let count = 0
  for (const byte of random) {
    bits = (bits << 8) | byte
    for (count += 8; count >= 5; count -= 5) chance += alphabet[(bits >> (count - 5)) & 31]
    bits &= (1 << count) - 1
  }
  return `${prefix}_${time}${chance}`
}

/** The milliseconds in an id, undefined if the text is none: `idTime('off_01kjm6jm00…')` is 1772352000000. */
export const idTime = (id: string): number | undefined => {
  const time = idPattern.exec(id)?.[1]
  return time === undefined ? undefined : [...time].reduce((ms, character) => ms * 32 + alphabet.indexOf(character), 0)
}
