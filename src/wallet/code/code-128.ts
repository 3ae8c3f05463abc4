// ISO/IEC 15417. The widths of bars and spaces of each symbol, by its value; 103–105 start in code set A, B or C, 106 stops.
const widths = [
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222',
  '123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321',
  '232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121',
  '313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224',
  '111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111',
  '111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113',
  '114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112',
].flatMap(line => line.split(' '))

const startB = 104
const startC = 105
const toB = 100
const toC = 99
const stop = 106

/** Digits in pairs (set C) take half the room; changing over costs a symbol, so it takes four of them at an end, six in the middle. */
const pays = (text: string, at: number): boolean => {
  const digits = /^\d*/.exec(text.slice(at))![0].length
  const isAnEnd = at === 0 || at + digits === text.length
  return digits >= (isAnEnd ? 4 : 6) || (digits === 2 && text.length === 2)
}

/**
 * The symbols of a Code 128 by their values, with start, check and stop; undefined where the text holds what is no printable ASCII.
 *
 *     symbolsOf('HI345678')   // [104, 40, 41, 99, 34, 56, 78, 68, 106]
 */
export const symbolsOf = (text: string): number[] | undefined => {
  if (!/^[\x20-\x7e]+$/.test(text)) return undefined
  let inPairs = pays(text, 0)
  const symbols = [inPairs ? startC : startB]
  for (let at = 0; at < text.length; ) {
    const isPair = /^\d\d/.test(text.slice(at))
    if (inPairs && isPair) {
      symbols.push(Number(text.slice(at, at + 2)))
      at += 2
      continue
    }
    // Of an odd number of digits the first stands alone.
    const oddRun = /^\d(\d\d)+(?!\d)/.test(text.slice(at))
    if (!inPairs && pays(text, at) && !oddRun) {
      symbols.push(toC)
      inPairs = true
      continue
    }
    if (inPairs) {
      symbols.push(toB)
      inPairs = false
    }
    symbols.push(text.charCodeAt(at) - 32)
    at++
  }
  const sum = symbols.reduce((total, value, index) => total + value * Math.max(index, 1), 0)
  return [...symbols, sum % 103, stop]
}

/**
 * The bars of a Code 128 in modules, each with where it begins; `modules` is how wide all is, without the quiet zones of 10 modules
 * that belong on either side.
 *
 *     barsOf('4711')?.modules   // 57
 */
export const barsOf = (
  text: string,
): { readonly modules: number; readonly bars: readonly (readonly [at: number, width: number])[] } | undefined => {
  const symbols = symbolsOf(text)
  if (symbols === undefined) return undefined
  const bars: [number, number][] = []
  let modules = 0
  const runs = symbols.flatMap(value => [...widths[value]!].map(Number))
  for (const [index, width] of runs.entries()) {
    if (index % 2 === 0) bars.push([modules, width])
    modules += width
  }
  return { modules, bars }
}
