/** The value below which so much of the list lies: `percentile([1, 2, 3, 4], 0.5)` is 2. */
export const percentile = (/** @type {readonly number[]} */ values, /** @type {number} */ share) => {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

export const median = (/** @type {readonly number[]} */ values) => percentile(values, 0.5)

/** Three figures that count: `rounded(1234.5678)` is 1230, `rounded(0.123456)` is 0.123. */
export const rounded = (/** @type {number} */ value) => Number(value.toPrecision(3))
