import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { createDatabase } from '../tools/postgres.mjs'

const folders: string[] = []

// Registered when a test file imports this one, so before the file's own hooks: it runs after them, when stores are closed.
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/**
 * The URL of a new, empty database on the test run's PostgreSQL. The whole server is thrown away with the run.
 *
 *     const url = await freshPostgres()   // postgres://postgres@127.0.0.1:41873/t_0b0c3c9e…
 */
export const freshPostgres = async (): Promise<string> => {
  const server = process.env.TEST_DATABASE_URL
  if (!server) throw new Error('TEST_DATABASE_URL is not set: run tests through vitest, which starts PostgreSQL.')
  return createDatabase(server, `t_${randomUUID().replaceAll('-', '')}`)
}

/**
 * A new, empty folder, removed after the test file.
 *
 *     const data = freshFolder()   // /tmp/tessera-test-Xk3f9a
 */
export const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-test-'))
  folders.push(folder)
  return folder
}
