import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { freshFolder, freshPostgres } from './stores.ts'

const tablesOf = async (url: string, first: string): Promise<string[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(first)
    const { rows } = await client.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    )
    return rows.map(row => row.name)
  } finally {
    await client.end()
  }
}

describe('a fresh PostgreSQL', () => {
  it('is empty and shares nothing with another', async () => {
    const [one, other] = await Promise.all([freshPostgres(), freshPostgres()])
    expect(await tablesOf(one, 'CREATE TABLE left_over (id int)')).toEqual(['left_over'])
    expect(await tablesOf(other, 'SELECT 1')).toEqual([])
  })
})

describe('a fresh folder', () => {
  const folder = freshFolder()
  afterAll(() => expect(existsSync(folder)).toBe(true))

  it('is empty, new each time, and still there in the hooks of its file', () => {
    expect(readdirSync(folder)).toEqual([])
    expect(freshFolder()).not.toBe(folder)
    writeFileSync(join(folder, 'a'), '')
  })
})
