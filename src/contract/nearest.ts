import { editDistance } from '../core/kernel/edit-distance.ts'

/**
 * The known name that was probably meant, or undefined when none is close.
 *
 *     nearest('itmes', ['items', 'codes'])   // 'items'
 *     nearest('colour', ['items', 'codes'])  // undefined
 */
export const nearest = (given: string, known: Iterable<string>): string | undefined => {
  if (given.length > 64) return undefined
  const allowed = Math.max(1, Math.floor(given.length / 3))
  let best: string | undefined
  let least = allowed + 1
  for (const name of known) {
    if (Math.abs(name.length - given.length) >= least) continue
    const far = editDistance(given.toLowerCase(), name.toLowerCase())
    if (far < least) {
      least = far
      best = name
    }
  }
  return best
}
