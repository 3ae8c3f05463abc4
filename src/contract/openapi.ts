import { z } from 'zod'
import type { RefusalKind } from '../core/kernel/refusal.ts'
import { type AnyEndpoint, isForKey, isIdempotent, isStreamed, refusalsOf } from './endpoint.ts'

export type JsonSchema = z.core.JSONSchema.BaseSchema
export type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly schema: JsonSchema
}
type Content = Readonly<Record<string, { readonly schema: JsonSchema; readonly example?: unknown }>>
export type Operation = {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
}
export type OpenApi = {
  readonly openapi: '3.1.0'
  readonly info: Readonly<Record<string, unknown>>
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>
    readonly securitySchemes: Readonly<Record<string, unknown>>
  }
}

type Direction = 'input' | 'output'
type Definitions = Map<string, JsonSchema>

const componentPath = '#/components/schemas/'

/** The schema with every reference rewritten by `name`, and all of `Object` fresh, so that nothing shared is changed. */
const withReferences = (schema: JsonSchema, name: (id: string) => string): JsonSchema =>
  JSON.parse(JSON.stringify(schema), (key, value) =>
    key === '$ref' && typeof value === 'string' ? `${componentPath}${name(value.split('/').at(-1)!)}` : value,
  )

const referencesOf = (schema: JsonSchema): string[] =>
  [...JSON.stringify(schema).matchAll(/"\$ref":"[^"]*\/([^"/]+)"/g)].map(match => match[1]!)

/** Converts schemas one by one and collects those with an id (`meta({ id })`) as components. */
const createConverter = () => {
  const found: Record<Direction, Definitions> = { input: new Map(), output: new Map() }

  const convert = (schema: z.ZodType, io: Direction): JsonSchema => {
    const {
      $schema: _,
      $defs = {},
      ...root
    } = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        const shown = z.globalRegistry.get(zodSchema)?.jsonSchema
        if (shown) {
          for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Record<string, unknown>)[key]
          Object.assign(jsonSchema, shown)
        }
        delete (jsonSchema as Record<string, unknown>).jsonSchema
        // Not told, although bodies are strict: /v1 grows, and a client must not choke on a new field of an answer.
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
      },
    })
    for (const [id, definition] of Object.entries($defs)) {
      const held = found[io].get(id)
      if (held && JSON.stringify(held) !== JSON.stringify(definition)) throw new Error(`Two schemas have the id ${id}`)
      found[io].set(id, definition as JsonSchema)
    }
    return root as JsonSchema
  }

  /** Ids that mean something else going in than coming out (a default makes a field optional only going in). */
  const differing = (): Set<string> => {
    const { input, output } = found
    const ids = [...input.keys()].filter(id => {
      const other = output.get(id)
      return other !== undefined && JSON.stringify(other) !== JSON.stringify(input.get(id))
    })
    const set = new Set(ids)
    for (let before = -1; before !== set.size; ) {
      before = set.size
      for (const [id, schema] of input) {
        if (output.has(id) && referencesOf(schema).some(used => set.has(used))) set.add(id)
      }
    }
    return set
  }

  return { found, convert, differing }
}

const problemSchema: JsonSchema = {
  type: 'object',
  description: 'RFC 9457. `code` is one of the catalogue; `errors` name the places of mistakes by JSON pointer.',
  required: ['type', 'title', 'status', 'detail', 'code', 'details', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    details: { type: 'object' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'message'],
        properties: {
          pointer: { type: 'string' },
          message: { type: 'string' },
          code: { type: 'string' },
          details: { type: 'object' },
        },
      },
    },
    requestId: { type: 'string' },
  },
}

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Made once per request and sent again with every retry: the first success is answered again.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
}

const parametersOf = (schema: JsonSchema | undefined, where: 'path' | 'query'): Parameter[] =>
  Object.entries(schema?.properties ?? {}).map(([name, field]) => {
    const { description, ...rest } = field as JsonSchema
    const required = schema?.required?.includes(name) ?? false
    return { name, in: where, required, ...(description ? { description } : {}), schema: rest }
  })

/** `409: offer_expired, limit_reached`: refusals share a response by status. */
const problemResponses = (kinds: readonly RefusalKind[]): Operation['responses'] => {
  const statuses = [...new Set(kinds.map(kind => kind.status))].sort()
  return Object.fromEntries(
    statuses.map(status => {
      const group = kinds.filter(kind => kind.status === status)
      return [
        status,
        {
          description: group.map(kind => `\`${kind.code}\`: ${kind.sentence}`).join('\n\n'),
          content: {
            'application/problem+json': {
              schema: {
                allOf: [
                  { $ref: `${componentPath}Problem` },
                  { type: 'object', properties: { code: { enum: group.map(kind => kind.code) } } },
                ],
              },
            },
          },
        },
      ]
    }),
  )
}

/**
 * OpenAPI 3.1 of a list of endpoints: what `/openapi.json` serves, and what the SDK is generated from.
 *
 *     openApi(endpoints).paths['/v1/orders/{id}'].put.operationId   // 'putOrder'
 */
export const openApi = (endpoints: readonly AnyEndpoint[], version = '1'): OpenApi => {
  const { found, convert, differing } = createConverter()
  const converted = endpoints.map(endpoint => ({
    endpoint,
    params: endpoint.params && convert(endpoint.params, 'input'),
    query: endpoint.query && convert(endpoint.query, 'input'),
    body: endpoint.body && convert(endpoint.body, 'input'),
    answers: Object.entries(endpoint.answer).map(([status, answer]) => ({
      status,
      types: isStreamed(answer) ? [answer.contentType, ...(answer.or ? [answer.or] : [])] : ['application/json'],
      schema: isStreamed(answer)
        ? answer.schema
          ? convert(answer.schema, 'output')
          : { type: 'string' as const }
        : convert(answer, 'output'),
    })),
  }))
  const renamed = differing()
  for (const id of renamed)
    if (found.input.has(`${id}Given`) || found.output.has(`${id}Given`))
      throw new Error(`Two schemas have the id ${id}Given`)
  const name: Record<Direction, (id: string) => string> = {
    input: id => (renamed.has(id) ? `${id}Given` : id),
    output: id => id,
  }
  const operation = ({ endpoint, params, query, body, answers }: (typeof converted)[number]): Operation => {
    const { scopes, example, description, streamBody = [] } = endpoint
    const isForBrowserKeys = scopes !== 'public' && isForKey(endpoint, 'publishable')
    const content: Content = {
      ...(body ? { 'application/json': { schema: withReferences(body, name.input), example: example.body } } : {}),
      ...Object.fromEntries(streamBody.map(type => [type, { schema: { type: 'string' } }])),
    }
    return {
      operationId: endpoint.name,
      summary: endpoint.summary,
      ...(description ? { description } : {}),
      tags: [endpoint.tag],
      security: [
        ...(typeof scopes === 'string' ? [] : [{ key: [] }]),
        ...(endpoint.ingest ? [{ writeKey: [] }] : []),
        ...(scopes === 'public' || scopes === 'wallet' ? [] : [{ session: [] }]),
        ...(scopes === 'wallet' || isForBrowserKeys ? [{ wallet: [] }] : []),
      ],
      parameters: [
        ...parametersOf(params && withReferences(params, name.input), 'path'),
        ...parametersOf(query && withReferences(query, name.input), 'query'),
        ...(isIdempotent(endpoint) ? [idempotencyKey] : []),
      ],
      ...(Object.keys(content).length > 0 ? { requestBody: { required: true, content } } : {}),
      responses: {
        ...Object.fromEntries(
          answers.map(({ status, types: [type, ...others], schema }) => [
            status,
            {
              description: status === '202' ? 'Accepted: a job does the work' : 'Done',
              content: {
                [type!]: { schema: withReferences(schema, name.output), example: example.answer },
                ...Object.fromEntries(others.map(other => [other, { schema: { type: 'string' as const } }])),
              },
            },
          ]),
        ),
        ...problemResponses(refusalsOf(endpoint)),
      },
    }
  }
  const paths: Record<string, Record<string, Operation>> = {}
  for (const one of converted) {
    const { path, method } = one.endpoint
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(one) }
  }
  const schemas = [
    ...[...found.output].map(([id, schema]) => [id, withReferences(schema, name.output)] as const),
    ...[...found.input].map(([id, schema]) => [name.input(id), withReferences(schema, name.input)] as const),
  ].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tessera',
      version,
      description:
        'Decides, gives, keeps and measures customer incentives on every channel. Unknown fields are refused.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: [...new Set(endpoints.map(endpoint => endpoint.tag))].map(tag => ({ name: tag })),
    paths,
    components: {
      schemas: { ...Object.fromEntries(schemas), Problem: problemSchema },
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'The key decides the workspace and what is allowed.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tessera_session',
          description:
            'A team member who is signed in; her role decides what is allowed. Over HTTPS its name begins with `__Host-`.',
        },
        wallet: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tessera_wallet',
          description:
            'A customer who is signed in to her wallet, in calls about herself; with the header `Tessera-Face: wallet`. Over HTTPS its name begins with `__Host-`.',
        },
        writeKey: { type: 'http', scheme: 'basic', description: 'Where events come in: the key as user name.' },
      },
    },
  }
}
