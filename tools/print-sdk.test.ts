import { spawnSync } from 'node:child_process'
import { appendFileSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { typeOf } from './print-sdk.ts'

test.each([
  [{ type: 'string', format: 'date-time' }, 'string'],
  [{ type: ['integer', 'null'] }, 'number | null'],
  [{ enum: ['a', 'b'] }, '"a" | "b"'],
  [{ const: 1 }, '1'],
  [{ anyOf: [{ $ref: '#/components/schemas/Money' }, { type: 'null' }] }, 'Money | null'],
  [{ type: 'array', items: { oneOf: [{ type: 'string' }, { type: 'number' }] } }, 'readonly (string | number)[]'],
  [{ type: 'object', additionalProperties: { type: 'integer' } }, 'Record<string, number>'],
  [
    { type: 'object', properties: { a: { type: 'string' }, 'b-c': {} }, required: ['a'] },
    '{\na: string\n"b-c"?: unknown\n}',
  ],
  [{}, 'unknown'],
] as const)('the type of %j is %s', (schema, type) => {
  expect(typeOf(schema as Parameters<typeof typeOf>[0])).toBe(type)
})

const check = (...file: string[]) =>
  spawnSync(process.execPath, ['tools/generate-sdk.mjs', '--check', ...file], { encoding: 'utf8' })

test('src/sdk/api.ts is what the contract says', () => {
  expect(check()).toMatchObject({ status: 0, stderr: '' })
})

test('the check sees a difference', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tessera-sdk-'))
  const copy = join(folder, 'api.ts')
  copyFileSync('src/sdk/api.ts', copy)
  appendFileSync(copy, '\n')
  const { status, stderr } = check(copy)
  rmSync(folder, { recursive: true })
  expect([status, stderr]).toEqual([1, expect.stringContaining('node tools/generate-sdk.mjs')])
})
