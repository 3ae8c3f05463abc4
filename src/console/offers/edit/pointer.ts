/** Parts of JSON by pointer (RFC 6901), as refusals name them: `/benefit/max/amount`. */

const stepsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))

/** `valueAt({ a: [1, 2] }, '/a/1')` is 2; undefined where nothing is. */
export const valueAt = (whole: unknown, pointer: string): unknown =>
  stepsOf(pointer).reduce<unknown>(
    (part, step) =>
      typeof part === 'object' && part !== null ? (part as Readonly<Record<string, unknown>>)[step] : undefined,
    whole,
  )

const changed = (part: unknown, [step, ...rest]: readonly string[], value: unknown): unknown => {
  if (step === undefined) return value
  if (Array.isArray(part)) {
    const inner = changed(part[Number(step)], rest, value)
    return inner === undefined
      ? part.filter((_, place) => place !== Number(step))
      : [...part.slice(0, Number(step)), inner, ...part.slice(Number(step) + 1)]
  }
  const { [step]: before, ...others } = (part ?? {}) as Readonly<Record<string, unknown>>
  const inner = changed(before, rest, value)
  // Written where it stood, so that the text of the whole does not jump.
  return inner === undefined ? others : { ...(part ?? {}), [step]: inner }
}

/**
 * The same with another value there; undefined takes it away.
 *
 *     withValueAt({ limits: { uses: 5 } }, '/limits/perPerson', 1)   // { limits: { uses: 5, perPerson: 1 } }
 */
export const withValueAt = <T extends object>(whole: T, pointer: string, value: unknown): T =>
  changed(whole, stepsOf(pointer), value) as T

/** Whether one pointer names the other's place or something within it. */
export const isWithin = (pointer: string, outer: string): boolean =>
  pointer === outer || pointer.startsWith(`${outer}/`)
