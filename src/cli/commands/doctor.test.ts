import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshFolder } from '../../../test/stores.ts'
import { checkClock, checkDisk, checkFolder, checkNode, describeFindings } from './doctor.ts'

it.each([
  ['20.18.3', 'fail'],
  ['18.20.0', 'fail'],
  ['20.19.0', 'ok'],
  ['20.20.2', 'ok'],
  ['24.0.0', 'ok'],
])('Node.js %s is %s', (version, state) => expect(checkNode(version).state).toBe(state))

const gigabyte = 1024 ** 3
it.each([
  [0.4, 'fail'],
  [1, 'warn'],
  [75, 'ok'],
])('%s GB of free disk are %s', (gigabytes, state) => expect(checkDisk(gigabytes * gigabyte).state).toBe(state))

const now = Date.UTC(2026, 5, 1)
it.each([
  ['before the program was written', Date.UTC(1970, 0, 1), undefined, 'fail'],
  ['three minutes from the store’s', now, now - 180_000, 'warn'],
  ['a second from the store’s', now, now + 1_000, 'ok'],
  ['with nothing to compare', now, undefined, 'ok'],
])('a clock %s is judged', (_, mine, stores, state) => expect(checkClock(mine, stores).state).toBe(state))

describe('the data folder', () => {
  it('may still have to be made', () => {
    const folder = join(freshFolder(), 'new/data')
    expect(checkFolder(folder)).toEqual({
      check: 'Data folder',
      state: 'ok',
      found: `${folder} is made at the first start`,
    })
  })

  it('cannot be made under a file', () => {
    // Not under a folder without the right to write: root, as whom tests may run, has every right.
    const file = join(freshFolder(), 'file')
    writeFileSync(file, '')
    expect(checkFolder(join(file, 'data'))).toMatchObject({ state: 'fail', found: `${file} is not writable` })
  })
})

it('tells what to do under what it found', () => {
  const text = describeFindings([
    { check: 'Node.js', state: 'ok', found: '20.20.2' },
    { check: 'Disk space', state: 'fail', found: '0.1 GB free', todo: 'Make room.' },
  ])
  expect(text.split('\n')).toEqual([
    'ok    Node.js     20.20.2',
    'fail  Disk space  0.1 GB free',
    '                  Make room.',
  ])
})
