import { describe, expect, it } from 'vitest'
import { count, lastLine } from './count-tests.mjs'

const fileOf = (status: string, statuses: readonly string[], suite = 'a') => ({
  name: 'a.test.ts',
  status,
  message: 'cannot load\nat …',
  assertionResults: statuses.map(test => ({ status: test, ancestorTitles: ['', suite] })),
})
const types = { name: 'types', ok: true }
const style = { name: 'style', ok: false }
const good = fileOf('passed', ['passed', 'passed'])

describe('the last line of npm test', () => {
  it.each([
    { what: 'counts checks and tests together', checks: [types], files: [good], ok: true, line: '3 passed, 0 failed' },
    { what: 'counts a failed check', checks: [types, style], files: [good], ok: true, line: '3 passed, 1 failed' },
    {
      what: 'counts a failed test once',
      checks: [],
      files: [fileOf('failed', ['passed', 'failed'])],
      ok: false,
      line: '1 passed, 1 failed',
    },
    {
      what: 'counts a file that did not load',
      checks: [],
      files: [good, fileOf('failed', [])],
      ok: false,
      line: '2 passed, 1 failed',
    },
    {
      what: 'counts a failed hook, whose tests did not run',
      checks: [],
      files: [fileOf('failed', ['passed', 'skipped'])],
      ok: false,
      line: '1 passed, 1 failed, 1 skipped',
    },
    { what: 'counts an error outside of the tests', checks: [], files: [good], ok: false, line: '2 passed, 1 failed' },
    { what: 'fails when no test ran', checks: [types], files: [], ok: true, line: '1 passed, 1 failed' },
    {
      what: 'fails when all tests were skipped',
      checks: [],
      files: [fileOf('passed', ['skipped'])],
      ok: true,
      line: '0 passed, 1 failed, 1 skipped',
    },
    {
      what: 'tells what was left out',
      checks: [],
      files: [good, fileOf('passed', ['todo'])],
      ok: true,
      line: '2 passed, 0 failed, 1 skipped',
    },
  ])('$what', ({ checks, files, ok, line }) => {
    expect(lastLine(count(checks, { testResults: files }, ok))).toBe(line)
  })

  it('fails when vitest died without a report', () => {
    expect(lastLine(count([types], undefined, false))).toBe('1 passed, 1 failed')
  })

  it('knows which tests missed their real data', () => {
    const total = count(
      [],
      { testResults: [good, fileOf('passed', ['skipped', 'skipped'], 'real data: coupons')] },
      true,
    )
    expect(total).toMatchObject({ passed: 2, failed: 0, skipped: 2, noData: 2 })
  })
})
