import type { JsonSchema, OpenApi, Operation } from '../src/contract/openapi.ts'

const isName = (text: string): boolean => /^[A-Za-z_$][\w$]*$/.test(text)
const key = (name: string): string => (isName(name) ? name : JSON.stringify(name))
const comment = (text: string | undefined): string => (text ? `/** ${text.replaceAll('*/', '* /')} */\n` : '')
const unique = (texts: readonly string[]): string => [...new Set(texts)].join(' | ')

const fieldsOf = (schema: JsonSchema): string => {
  const fields = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).map(([name, field]) => {
    const optional = schema.required?.includes(name) ? '' : '?'
    return `${comment(field.description)}${key(name)}${optional}: ${typeOf(field)}`
  })
  const more = schema.additionalProperties
  if (fields.length === 0) return `Record<string, ${typeOf(typeof more === 'object' ? more : {})}>`
  if (more) fields.push('[more: string]: unknown')
  return `{\n${fields.join('\n')}\n}`
}

/**
 * The TypeScript type of a JSON schema, as the SDK shows it.
 *
 *     typeOf({ anyOf: [{ $ref: '#/components/schemas/Money' }, { type: 'null' }] })   // 'Money | null'
 */
export const typeOf = (schema: JsonSchema): string => {
  if (schema.$ref) return schema.$ref.split('/').at(-1)!
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return unique(schema.enum.map(value => JSON.stringify(value)))
  const options = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined
  if (options) return unique(options.map(typeOf))
  if (schema.allOf) return (schema.allOf as JsonSchema[]).map(part => `(${typeOf(part)})`).join(' & ')
  const { type } = schema as { type?: string | string[] }
  if (Array.isArray(type)) return unique(type.map(one => typeOf({ ...schema, type: one } as JsonSchema)))
  switch (type) {
    case 'integer':
    case 'number':
      return 'number'
    case 'string':
    case 'boolean':
    case 'null':
      return type
    case 'array':
      return `readonly (${typeOf((schema.items ?? {}) as JsonSchema)})[]`
    case 'object':
      return fieldsOf(schema)
    default:
      return 'unknown'
  }
}

type Call = { readonly method: string; readonly path: string; readonly operation: Operation }

/** What of a call the client has to know when it runs. */
type Facts = {
  readonly method: string
  readonly path: string
  readonly body?: 'json' | 'events' | 'stream'
  readonly contentType?: string
  readonly query?: true
  readonly answer: 'json' | 'list' | 'stream'
  readonly idempotent?: true
}

/** A list is told by its shape: a page with `data` and `nextCursor`. Gives the type of an entry. */
const entryOf = (schema: JsonSchema): string | undefined => {
  const { data, nextCursor } = (schema.properties ?? {}) as Record<string, JsonSchema | undefined>
  return data?.items && nextCursor ? typeOf(data.items as JsonSchema) : undefined
}

const answersOf = ({ responses }: Operation) =>
  Object.entries(responses).flatMap(([status, { content }]) => (Number(status) < 300 && content ? [content] : []))

const factsOf = ({ method, path, operation }: Call): Facts => {
  const answers = answersOf(operation)
  const pages = answers.map(content => content['application/json']).map(json => json && entryOf(json.schema))
  const content = operation.requestBody?.content
  const events = operation.security.some(scheme => 'writeKey' in scheme)
  // What can also come in another form than JSON is sent piece by piece in each.
  const isStream = answers.some(content => !content['application/json'] || Object.keys(content).length > 1)
  const answer = isStream ? 'stream' : pages[0] ? 'list' : 'json'
  return {
    method: method.toUpperCase(),
    path,
    ...(content?.['application/json'] ? { body: events ? 'events' : 'json' } : {}),
    ...(content && !content['application/json'] ? { body: 'stream', contentType: Object.keys(content)[0]! } : {}),
    ...(operation.parameters.some(parameter => parameter.in === 'query') ? { query: true } : {}),
    answer,
    ...(operation.parameters.some(parameter => parameter.in === 'header') ? { idempotent: true } : {}),
  }
}

const signatureOf = (call: Call): string => {
  const { operation } = call
  const facts = factsOf(call)
  const inPath = operation.parameters.filter(parameter => parameter.in === 'path')
  const inQuery = operation.parameters.filter(parameter => parameter.in === 'query')
  const given = inPath.map(parameter => `${parameter.name}: ${typeOf(parameter.schema)}`)
  const json = operation.requestBody?.content['application/json']
  if (facts.body === 'stream') given.push('body: StreamBody')
  else if (json) given.push(`body: ${typeOf(json.schema)}`)
  if (inQuery.length > 0) {
    const fields = inQuery.map(({ name, required, description, schema }) => {
      const optional = required && schema.default === undefined ? '' : '?'
      return `${comment(description)}${key(name)}${optional}: ${typeOf(schema)}`
    })
    const optional = inQuery.some(({ required, schema }) => required && schema.default === undefined) ? '' : '?'
    given.push(`query${optional}: {\n${fields.join('\n')}\n}`)
  }
  given.push('options?: CallOptions')
  const answers = answersOf(operation).flatMap(content => Object.values(content).map(({ schema }) => schema))
  const entry = facts.answer === 'list' ? entryOf(answers[0]!) : undefined
  const answer = entry
    ? `List<${entry}>`
    : `Promise<${facts.answer === 'stream' ? 'ReadableStream<Uint8Array>' : unique(answers.map(typeOf))}>`
  return `${comment(`${operation.summary}.`)}${operation.operationId}(${given.join(', ')}): ${answer}`
}

/**
 * The source of `src/sdk/api.ts`: plain types of every shape, one method a call, and what the client has to know of each. It needs
 * nothing at run time, so the SDK has no dependency.
 */
export const printSdk = (document: OpenApi): string => {
  const calls: Call[] = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  )
  const shapes = Object.entries(document.components.schemas).map(
    ([name, schema]) => `${comment(schema.description)}export type ${name} = ${typeOf(schema)}`,
  )
  const facts = calls.map(call => `${call.operation.operationId}: ${JSON.stringify(factsOf(call))}`)
  return `// Generated from the contract by tools/generate-sdk.mjs; a test compares. Do not edit.
import type { CallFacts, CallOptions, List, StreamBody } from './call.ts'

${shapes.join('\n\n')}

export type TesseraApi = {
${calls.map(signatureOf).join('\n')}
}

export const calls: Readonly<Record<keyof TesseraApi, CallFacts>> = {
${facts.join(',\n')},
}
`
}
