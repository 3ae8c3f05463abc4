const steps = [5, 10, 20, 50]
const mostNotes = 4

/**
 * What a customer is likely to hand over for an amount in minor units: the next round sums above it, for keys of their own.
 *
 *     likelyNotes(2310, 2)   // [2500, 3000, 4000, 5000]
 */
export const likelyNotes = (due: number, decimals: number): readonly number[] => {
  const one = 10 ** decimals
  // The larger the sum, the larger the notes: nobody pays 45,000 rupiah in coins of five.
  const scale = one * 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, due / one))) - 1)
  const rounded = steps.map(step => Math.ceil(due / (step * scale)) * step * scale)
  return [...new Set(rounded)]
    .filter(it => it > due)
    .sort((a, b) => a - b)
    .slice(0, mostNotes)
}
