import { expect, it } from 'vitest'
import { toCelFacts } from './cel.ts'
import { compileCondition, evaluateCondition } from './condition.ts'
import { localFacts, nobody } from './facts.ts'
import { readsOf } from './reads.ts'

const facts = (consents?: readonly string[]) =>
  toCelFacts({
    person: { ...nobody, ...(consents && { consents }) },
    campaign: { id: 'cmp_1', name: 'Spring' },
    channel: 'web',
    local: localFacts(0, 'UTC'),
    inCollection: () => false,
  })
const compiled = (source: string) => {
  const condition = compileCondition(source, 'request')
  if (!condition.ok) throw new Error(String(condition.refusal.details.mistake))
  return condition.value
}

it('asks whether the person permits a purpose or topic on a channel', () => {
  const condition = compiled("consented('email', 'marketing')")
  expect(evaluateCondition(condition, facts(['email/marketing']))).toEqual({ value: true })
  expect(evaluateCondition(condition, facts(['email/research', 'sms/marketing']))).toEqual({ value: false })
  expect(evaluateCondition(condition, facts())).toEqual({ value: false })
})

it('tells that it reads consents, and that it asks for the person', () => {
  const condition = compiled("consented('email', 'new-drinks')")
  expect([readsOf(condition).consents, condition.readsPerson, condition.readsOrder]).toEqual([true, true, false])
  expect(readsOf(compiled("'email/marketing' in person.consents")).consents).toBe(true)
  expect(readsOf(compiled("channel == 'web'")).consents).toBe(false)
})

it.each([
  ["consented('e-mail', 'marketing')", '`e-mail` is not known: did you mean `email`?'],
  ["consented(channel, 'marketing')", 'Write the channel and the purpose out'],
  ["consented('email', moment)", 'Write the channel and the purpose out'],
  ["consented('email')", 'The types do not fit'],
])('%s is a mistake that is found when it is saved', (source, mistake) => {
  expect(() => compiled(source)).toThrow(mistake)
})
