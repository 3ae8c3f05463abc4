import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'vitest'

const home = (): string => resolve(process.env.TESSERA_TEST_DATA ?? join(import.meta.dirname, '../../shared/data'))

/**
 * The path of one public data set, or undefined where it is not on this machine.
 *
 *     realData('complete-journey')   // …/shared/data/complete-journey
 */
export const realData = (folder: string): string | undefined => {
  const path = join(home(), folder)
  return existsSync(path) ? path : undefined
}

/**
 * A suite on real data. Where the data is missing its tests are counted as skipped and `npm test` says so in one line;
 * with CI=true the absence is a failure. `body` also runs without the data, to count its tests: read files only in tests and hooks.
 *
 *     describeRealData('a year of coupons', 'complete-journey', path => {
 *       it('has 27 campaigns', () => …)
 *     })
 */
export const describeRealData = (name: string, folder: string, body: (path: string) => void): void => {
  const path = realData(folder)
  if (path !== undefined) describe(`real data: ${name}`, () => body(path))
  else if (process.env.CI === 'true')
    describe(`real data: ${name}`, () =>
      it('is there', () => {
        throw new Error(
          `real data: not found at ${join(home(), folder)}; set TESSERA_TEST_DATA to its folder, see README`,
        )
      }))
  else describe.skipIf(true)(`real data: ${name}`, () => body(join(home(), folder)))
}
