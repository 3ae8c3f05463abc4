import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { browserLibraryEndpoints } from './browser-library.ts'
import { type AnyEndpoint, defineEndpoint, isStreamed, pathParams, refusalsOf } from './endpoint.ts'
import { endpoints } from './index.ts'
import { noop } from './noop.ts'
import { type JsonSchema, openApi } from './openapi.ts'
import { refusals } from './refusals.ts'
import { validate } from './validate.ts'

const all: readonly AnyEndpoint[] = [...endpoints, ...browserLibraryEndpoints, noop]
const twice = <T>(values: readonly T[]): T[] => values.filter((value, index) => values.indexOf(value) !== index)

test('every call has a name and an address of its own', () => {
  expect(twice(all.map(endpoint => endpoint.name))).toEqual([])
  expect(twice(all.map(endpoint => `${endpoint.method} ${endpoint.path}`))).toEqual([])
})

describe.each(all.map(endpoint => [endpoint.name, endpoint] as const))('%s', (_, endpoint) => {
  const { example } = endpoint

  test('declares the parameters of its path, and no others', () => {
    const { params } = endpoint
    const declared = params ? Object.keys((params as unknown as { shape: object }).shape) : []
    expect(declared.toSorted()).toEqual(pathParams(endpoint.path).toSorted())
  })

  test.each(['params', 'query', 'body'] as const)('has an example whose %s its schema accepts', place => {
    const schema = endpoint[place]
    if (!schema) return expect(example[place]).toBeUndefined()
    // Queries are optional as a whole; a query that is not in the example is an empty one.
    const given =
      place === 'query' ? Object.entries(example.query ?? {}).map(([name, value]) => [name, String(value)]) : undefined
    expect(validate(schema, given ? Object.fromEntries(given) : example[place], place)).toMatchObject({ ok: true })
  })

  test('has an example whose answer its schema accepts', () => {
    const schemas = Object.values(endpoint.answer)
    expect(schemas.length).toBeGreaterThan(0)
    const accepted = schemas.some(schema =>
      isStreamed(schema) ? typeof example.answer === 'string' : validate(schema, example.answer, 'body').ok,
    )
    const [first] = schemas
    expect(accepted || (first && !isStreamed(first) && validate(first, example.answer, 'body'))).toBe(true)
  })

  test('refuses only with what is in the catalogue, each declared once', () => {
    const kinds = refusalsOf(endpoint)
    expect(kinds.map(kind => refusals.get(kind.code))).toEqual(kinds)
    expect(twice(endpoint.refusals)).toEqual([])
  })

  test('is for somebody, and says what it does in a line', () => {
    expect(endpoint.scopes.length).toBeGreaterThan(0)
    expect(endpoint.summary).toMatch(/^[A-Z].{4,100}[^.]$/)
  })
})

describe('the catalogue', () => {
  test.each([...refusals.values()].map(kind => [kind.code, kind] as const))(
    '%s has a title and whole sentences',
    (code, kind) => {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
      expect(kind.title).toMatch(/^\w.*[^.]$/)
      expect(kind.sentence).toMatch(/^(.*[.!)}])$/)
    },
  )
})

describe('/openapi.json', () => {
  const document = openApi(endpoints)

  test('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document) as unknown as Record<string, unknown>)
    expect(result).toEqual({ valid: true })
  })

  test('has every public call and only those', () => {
    const operations = Object.values(document.paths).flatMap(path => Object.values(path).map(call => call.operationId))
    expect(operations.toSorted()).toEqual(endpoints.map(endpoint => endpoint.name as string).toSorted())
  })

  test('refers only to what it has', () => {
    const referred = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      match => match[1]!,
    )
    expect(referred.length).toBeGreaterThan(0)
    const missing = referred.filter(name => !(name in document.components.schemas))
    expect(missing).toEqual([])
  })

  const money = (amount: z.ZodType) => z.strictObject({ amount }).meta({ id: 'Money' })
  const echo = (body: z.ZodType, answer: z.ZodType) =>
    defineEndpoint({
      name: 'echo',
      method: 'POST',
      path: '/v1/echo',
      summary: 'Says it again',
      tag: 'Test',
      scopes: 'public',
      body: z.strictObject({ sent: body }).meta({ id: 'Echo' }),
      answer: { 200: z.strictObject({ heard: answer }) },
      refusals: [],
      example: { answer: {} },
    })

  test('tells a shape apart that is another going in than coming out, and what holds it', () => {
    const shape = money(z.int().default(0))
    const { components, paths } = openApi([echo(shape, shape)])
    expect(components.schemas.Money?.required).toEqual(['amount'])
    expect(components.schemas.MoneyGiven?.required).toBeUndefined()
    expect(components.schemas.Echo?.properties).toEqual({ sent: { $ref: '#/components/schemas/MoneyGiven' } })
    expect(JSON.stringify(paths['/v1/echo']?.post?.responses)).toContain('#/components/schemas/Money"')
  })

  test('is not made when two shapes have one id', () => {
    const [one, two] = [echo(z.int(), money(z.int())), echo(z.int(), money(z.string()))]
    expect(() => openApi([one, two])).toThrow('Two schemas have the id Money')
  })

  test('shows a field with a default as optional going in and as there coming out', () => {
    const required = (name: string): JsonSchema['required'] => document.components.schemas[name]?.required
    expect(required('OfferInput')).not.toContain('limits')
    expect(required('Offer')).toContain('limits')
  })
})
