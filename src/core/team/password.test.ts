import { readFileSync } from 'node:fs'
import { expect, it, test } from 'vitest'
import { checkPassword, longestPassword, passwordText } from './password.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
const { owner, passwords } = JSON.parse(/```json example\n([^`]+)```/.exec(readme)![1]!) as {
  owner: { email: string; name: string }
  passwords: [string, string | null][]
}

const whyNot = (password: string): unknown => {
  const checked = checkPassword(password, owner)
  return checked.ok ? null : checked.refusal.details.why
}

test.each(passwords)('of the README, "%s": %s', (password, why) => {
  expect(whyNot(password)).toBe(why)
})

it('is as long as a person counts, not as it is stored', () => {
  expect(whyNot('👍🏽'.repeat(6))).toBe('is among the first that anybody tries')
  expect(whyNot('ありがとうございます。')).toBe('has less than 12 characters')
  expect(whyNot('x y'.repeat(longestPassword))).toBe(`has more than ${longestPassword} characters`)
})

it('is the same from every keyboard', () => {
  const [composed, decomposed] = ['caffè al mattino'.normalize('NFC'), 'caffè al mattino'.normalize('NFD')]
  expect(composed).not.toBe(decomposed)
  expect(passwordText(composed)).toBe(passwordText(decomposed))
})

it('may hold a short name among much else', () => {
  expect(checkPassword('ed rides a green bicycle', { email: 'ed@example.com', name: 'Ed' }).ok).toBe(true)
  expect(checkPassword('a copper kettle', { email: 'a@example.com', name: 'A' }).ok).toBe(true)
})
