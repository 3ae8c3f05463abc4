import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { realData } from './real-data.ts'
import { freshFolder } from './stores.ts'

describe('real data', () => {
  it('is found under TESSERA_TEST_DATA, and undefined where it is not there', () => {
    const home = freshFolder()
    mkdirSync(join(home, 'coupons'))
    vi.stubEnv('TESSERA_TEST_DATA', home)
    expect(realData('coupons')).toBe(join(home, 'coupons'))
    expect(realData('weather')).toBeUndefined()
  })
})
