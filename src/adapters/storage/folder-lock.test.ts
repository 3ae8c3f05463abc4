import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshFolder } from '../../../test/stores.ts'
import { lockFolder } from './folder-lock.ts'
import { StoreRefused } from './store-refused.ts'

const url = 'http://127.0.0.1:8080'
const holder = (folder: string) => JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))
const writeHolder = (folder: string, other: unknown) => writeFileSync(join(folder, 'lock'), JSON.stringify(other))

const sleeper = async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)'])
  await once(child, 'spawn')
  return child
}

describe('a locked folder', () => {
  it('names its holder until it is released', () => {
    const folder = join(freshFolder(), 'made', 'when', 'missing')
    const unlock = lockFolder(folder, { url })
    expect(holder(folder)).toMatchObject({ pid: process.pid, url })
    unlock()
    expect(existsSync(join(folder, 'lock'))).toBe(false)
    lockFolder(folder, { url })()
  })

  it('is refused while another process lives, with what to do', async () => {
    const folder = freshFolder()
    const child = await sleeper()
    writeHolder(folder, { pid: child.pid, processStart: null, url })
    expect(() => lockFolder(folder, { url: 'http://127.0.0.1:9090' })).toThrow(
      new StoreRefused(
        `The data folder ${folder} is in use by process ${child.pid} (${url}). ` +
          'Use that server, stop it first, or choose another folder with TESSERA_DATA.',
      ),
    )
    expect(holder(folder).pid).toBe(child.pid)
    child.kill('SIGKILL')
    await once(child, 'exit')
    const unlock = lockFolder(folder, { url })
    expect(holder(folder).pid).toBe(process.pid)
    unlock()
  })

  it('is refused to the same process a second time', () => {
    const folder = freshFolder()
    const unlock = lockFolder(folder, { url })
    expect(() => lockFolder(folder, { url })).toThrow(StoreRefused)
    unlock()
  })

  it('is taken over when the pid belongs to a later process', async () => {
    const folder = freshFolder()
    const child = await sleeper()
    writeHolder(folder, { pid: child.pid, processStart: '1', url })
    lockFolder(folder, { url })()
    child.kill('SIGKILL')
  })

  it('is not guessed about when the lock file is damaged', () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'lock'), '{"pid":')
    expect(() => lockFolder(folder, { url })).toThrow(/Delete it if no Tessera uses this folder/)
  })

  it('is not released by somebody who lost it', () => {
    const folder = freshFolder()
    const unlock = lockFolder(folder, { url })
    writeHolder(folder, { pid: 1, processStart: null, url })
    unlock()
    expect(holder(folder).pid).toBe(1)
  })
})
