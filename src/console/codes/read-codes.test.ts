import { expect, test } from 'vitest'
import { readCodes } from './read-codes.ts'

test.each([
  ['one a line', 'ANA-1\nANA-2', ['ANA-1', 'ANA-2'], []],
  ['of a spreadsheet, with its mark and its head', '\ufeffcode;offer\r\nANA-1;off_1\r\n', ['ANA-1'], []],
  ['in quotes', '"ANA-1","x"\n"A""B"', ['ANA-1', 'A"B'], []],
  ['a code that is called like the head, further down', 'ANA-1\ncode', ['ANA-1', 'code'], []],
  ['twice, written otherwise', 'ANA-1\n\nana 1', ['ANA-1'], [{ line: 3, text: 'ana 1', mistake: 'twice' }]],
  ['without a letter or digit', 'ANA-1\n--', ['ANA-1'], [{ line: 2, text: '--', mistake: 'empty' }]],
  ['too long', 'X'.repeat(65), [], [{ line: 1, text: 'X'.repeat(65), mistake: 'tooLong' }]],
  ['nothing', ' \n', [], []],
])('reads codes: %s', (_, text, codes, mistakes) => {
  expect(readCodes(text)).toEqual({ codes, mistakes })
})
