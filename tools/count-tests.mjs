/**
 * Counts checks (`{ name, ok }`) and vitest's JSON report together. Whatever went wrong ends as at least one failure: a
 * file that did not load, an error outside of any test, a run without tests.
 *
 *     lastLine(count([{ name: 'types', ok: true }], report, true))   // '213 passed, 0 failed'
 */
export const count = (checks, report, vitestOk) => {
  const files = report?.testResults ?? []
  const tests = files.flatMap(file => file.assertionResults)
  const having = status => tests.filter(test => test.status === status)
  const alsoFailed = checks.filter(check => !check.ok).map(check => check.name)
  for (const file of files) {
    const ownFailure = file.assertionResults.every(test => test.status !== 'failed')
    if (file.status === 'failed' && ownFailure) alsoFailed.push(`${file.name}: ${file.message.split('\n')[0]}`)
  }
  const passed = having('passed').length
  const failed = having('failed').length
  if (passed + failed === 0) alsoFailed.push('no test ran')
  if (!vitestOk && failed + alsoFailed.length === 0) alsoFailed.push('vitest: an error outside of the tests, see above')
  return {
    passed: passed + checks.filter(check => check.ok).length,
    failed: failed + alsoFailed.length,
    skipped: tests.length - passed - failed,
    noData: tests.filter(isNoData).length,
    alsoFailed,
  }
}

// The name is given by describeRealData in test/real-data.ts.
const isNoData = test =>
  !['passed', 'failed'].includes(test.status) && test.ancestorTitles.some(title => title.startsWith('real data: '))

export const lastLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
