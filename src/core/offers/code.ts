/**
 * Codes: how a typed one is matched, and how unique ones are made.
 *
 * The alphabet has 29 characters: digits and capitals without 0 O, 1 I L, S (reads as 5) and U (reads as V). 29 is prime,
 * which the check character needs: modulo a prime every weight and every difference of neighbouring weights can be
 * divided by, so no single wrong character and no two swapped neighbours go unseen. (With 31 or 32 characters a pair
 * that people mix up would have to stay in, or the modulus would not be prime.)
 */
export const codeAlphabet = '23456789ABCDEFGHJKMNPQRTVWXYZ'
const size = codeAlphabet.length

/** Fewer possible codes than this for each one made, and guessing one pays. */
export const possiblePerCode = 1000

/** A pattern's fixed part is letters, digits and separators: what survives print, speech and a spreadsheet. */
export const codePattern = /^[\p{L}\p{N}#_. -]+$/u

// Separators of any script, and what cannot be seen: people copy codes out of mails and chats.
const notCounted = /[\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Pd}\p{Pc}.]/gu

/**
 * The text by which a code is matched: case, separators and look-alike scripts of the same letter (full width) do not
 * count. Look-alike letters do: an imported SALE0 and SALEO are two codes, and a made code holds none of them.
 *
 *     normalizeCode(' ana-7kq2 9xwm ')   // 'ANA7KQ29XWM'
 *     normalizeCode('--')                // '': no code
 */
export const normalizeCode = (text: string): string =>
  text.normalize('NFKC').toUpperCase().normalize('NFKC').replaceAll(notCounted, '').normalize('NFKC')

/** How many codes a pattern allows: `possibleCodes('ANA-####')` is 707281. Beyond 2^53 it is near enough. */
export const possibleCodes = (pattern: string): number => size ** pattern.split('#').length / size

/**
 * How many random characters a pattern takes, so how many bytes `makeCodes` should be given: a byte in nine is rejected,
 * so a quarter more than needed makes asking again rare.
 */
export const bytesFor = (pattern: string, count: number): number =>
  Math.ceil((pattern.split('#').length - 1) * count * 1.25) + 16

/**
 * Makes as many codes as the random bytes allow, at most `count`. Bytes from 232 on are thrown away: 256 is no multiple of 29,
 * and with a plain remainder the first characters of the alphabet would come more often.
 *
 *     makeCodes('ANA-####-####', 2, randomBytes(bytesFor('ANA-####-####', 2)))   // ['ANA-7KQ2-9XWMC', …]
 */
export const makeCodes = (pattern: string, count: number, random: Uint8Array): string[] => {
  const parts = pattern.split('#')
  const unbiased = 256 - (256 % size)
  const codes: string[] = []
  let at = 0
  while (codes.length < count) {
    let code = parts[0]!
    for (const part of parts.slice(1)) {
      while (at < random.length && random[at]! >= unbiased) at++
      if (at === random.length) return codes
      code += codeAlphabet[random[at++]! % size]! + part
    }
    codes.push(code + checkCharacter(code))
  }
  return codes
}

const worth = (character: string): number => {
  const index = codeAlphabet.indexOf(character)
  return index >= 0 ? index : character.codePointAt(0)! % size
}

/**
 * The last character of a made code, over all that stand before it: Σ weight × value modulo 29, weights 2, 3, … 28, 1, 2, … from
 * the right. `checkCharacter('ANA-7KQ2')`.
 */
export const checkCharacter = (code: string): string => {
  const characters = [...normalizeCode(code)].reverse()
  const sum = characters.reduce((total, character, index) => total + weightAt(index) * worth(character), 0)
  return codeAlphabet[(size - (sum % size)) % size]!
}

// 1 is the check character's own weight; after 28 comes 1 again, never 0.
const weightAt = (index: number): number => ((index + 1) % (size - 1)) + 1
