import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freshFolder } from '../../../test/stores.ts'
import { type JournalEntry, journalFile, openJournal, readJournal } from './erasure-journal.ts'

const entry = (id: string): JournalEntry => ({
  workspace: 'default',
  id,
  at: '2026-03-01T09:00:00.000Z',
  by: 'admin',
  reason: 'requested',
  requestId: null,
  person: 'per_1',
  holders: ['hol_1'],
})

it('keeps what was added, each once, also when it is opened again, for its owner only', async () => {
  const folder = join(freshFolder(), 'data')
  const journal = openJournal(folder)
  expect(await journal.read()).toEqual([])
  await Promise.all([journal.add([entry('a')]), journal.add([entry('a'), entry('b')])])
  const again = openJournal(folder)
  await again.add([entry('b'), entry('c')])
  expect((await again.read()).map(it => it.id)).toEqual(['a', 'b', 'c'])
  expect(statSync(journalFile(folder)).mode & 0o077).toBe(0)
})

it('loses no more than the line that was being written when the power went', async () => {
  const folder = freshFolder()
  await openJournal(folder).add([entry('a')])
  appendFileSync(journalFile(folder), '{"workspace":"def')
  const journal = openJournal(folder)
  expect((await journal.read()).map(it => it.id)).toEqual(['a'])
  await journal.add([entry('b')])
  expect(
    readFileSync(journalFile(folder), 'utf8')
      .split('\n')
      .map(line => line && (JSON.parse(line) as JournalEntry).id),
  ).toEqual(['a', 'b', ''])
})

it('says which line of a damaged file is none', async () => {
  const file = join(freshFolder(), 'mine.ndjson')
  writeFileSync(file, `${JSON.stringify(entry('a'))}\n{"id":"b"}\n`)
  await expect(readJournal(file)).rejects.toThrow(/Line 2 of .*mine\.ndjson is no erasure/)
})
