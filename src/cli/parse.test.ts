import { describe, expect, it } from 'vitest'
import { UsageError, wholeNumber } from './command.ts'
import { codes } from './commands/codes.ts'
import { replay } from './commands/replay.ts'
import { report } from './commands/report.ts'
import { findCommand, notOneOf, parseCommandLine } from './parse.ts'
import { commands } from './run.ts'

describe('a command line', () => {
  it.each([
    [report, '', {}, []],
    [report, '--offers --from 2026-03-01T00:00:00Z', { offers: true, from: '2026-03-01T00:00:00Z' }, []],
    [report, '--from=2026-03-01T00:00:00Z', { from: '2026-03-01T00:00:00Z' }, []],
    [codes, 'generate --offer off_1 --count 10', { offer: 'off_1', count: '10' }, ['generate']],
    [codes, 'generate --pattern=-## --offer off_1', { pattern: '-##', offer: 'off_1' }, ['generate']],
    [replay, 'complete-journey -- -folder', {}, ['complete-journey', '-folder']],
  ])('of %# is read', (command, line, values, positionals) => {
    const words = line.split(' ').filter(word => word !== '')
    expect(parseCommandLine(command, words)).toEqual({ values, positionals, help: false })
  })

  it.each([['--help'], ['-h'], ['generate --help --count 10'], ['one two three --help']])(
    'with %s asks for help',
    line => {
      expect(parseCommandLine(codes, line.split(' ')).help).toBe(true)
    },
  )

  it.each([
    [report, '--jsn', 'tessera report has no flag --jsn. Did you mean --json?'],
    [report, '--zzzzzz', 'tessera report has no flag --zzzzzz.'],
    [report, '-x', 'tessera report has no flag -x.'],
    [report, '--json=yes', '--json takes no value; it is there or it is not.'],
    [report, '--from', '--from needs its time.'],
    [report, '--from --json', '--from needs its time.'],
    [report, '--from=', '--from needs its time.'],
    [report, 'campaigns', 'tessera report does not take "campaigns".'],
    [replay, 'complete-journey a b', 'tessera replay does not take "b".'],
  ])('of %# is refused with what is wrong', (command, line, message) => {
    expect(() => parseCommandLine(command, line.split(' '))).toThrow(new UsageError(message))
  })
})

describe('a name that is none', () => {
  it.each([
    ['reprot', 'There is no command "reprot". Did you mean report? All commands: tessera help'],
    ['xyzzy', 'There is no command "xyzzy". All commands: tessera help'],
  ])('%s is answered with the nearest', (name, message) => {
    expect(() => findCommand(name, commands)).toThrow(new UsageError(message))
  })

  it('of an action is answered with all of them', () => {
    expect(notOneOf('lst', ['create', 'list'])).toBe('"lst" is none of create, list. Did you mean list?')
    expect(notOneOf(undefined, ['create', 'list'])).toBe('Say what to do: create, list.')
  })
})

describe('a whole number', () => {
  it('is read', () => expect(wholeNumber('count', '1000000', { least: 1, most: 1_000_000 })).toBe(1_000_000))

  it.each([
    ['0', '--count is "0"; it takes a whole number from 1 to 10.'],
    ['11', '--count is "11"; it takes a whole number from 1 to 10.'],
    ['1.5', '--count is "1.5"; it takes a whole number from 1 to 10.'],
    ['1e1', '--count is "1e1"; it takes a whole number from 1 to 10.'],
    ['-1', '--count is "-1"; it takes a whole number from 1 to 10.'],
  ])('is not %s', (text, message) => {
    expect(() => wholeNumber('count', text, { least: 1, most: 10 })).toThrow(new UsageError(message))
  })
})
