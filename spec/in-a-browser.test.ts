import { expect, it } from 'vitest'
import { decideLocally } from '../src/sdk/browser.ts'
import { openPage } from '../test/browser.ts'
import { casesByFile, localInputOf, toldAnswer } from './decision-case.ts'

it('every case is answered in Chromium as in Node, byte for byte, wherever the browser is', async () => {
  const cases = casesByFile.flatMap(([, cases]) => cases)
  const asked = cases.map(given => ({ given, ...localInputOf(given) }))
  const inNode = asked.map(({ input }) => JSON.stringify(decideLocally(input)))

  // The far end of the day: a browser that took its own clock's zone would be a day off.
  const { tessera, errors } = await openPage({ timezoneId: 'Pacific/Kiritimati', locale: 'ar-EG' })
  const inChromium = await tessera.evaluate(
    ({ decideLocally }, inputs) => inputs.map(input => JSON.stringify(decideLocally(input))),
    asked.map(({ input }) => input),
  )

  for (const [index, { given, names }] of asked.entries()) {
    expect(inChromium[index], given.name).toBe(inNode[index])
    const expected = { applied: [], available: [], refused: [], ...given.expect }
    expect(toldAnswer(JSON.parse(inChromium[index]!), names, given), given.name).toEqual(expected)
  }
  expect(inChromium).toHaveLength(cases.length)
  expect(errors).toEqual([])
})
