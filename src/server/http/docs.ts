import { createHash } from 'node:crypto'
import { type AnyEndpoint, isForBrowsers, isIdempotent, isStreamed, refusalsOf } from '../../contract/endpoint.ts'
import { type JsonSchema, type OpenApi, type Operation, openApi } from '../../contract/openapi.ts'
import { whoMayCall } from '../../contract/permissions.ts'
import type { RefusalKind } from '../../core/kernel/refusal.ts'
import {
  type Fact,
  factTypes,
  ruleFunctions,
  type Scope,
  scopes,
  type VariableName,
  variables,
} from '../../core/rules/facts.ts'

const style = `
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --soft: light-dark(#f5f5f3, #222); --mark: light-dark(#8a3b12, #f0a070) }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 60rem) }
nav { padding: 1.5rem; border-inline-end: 1px solid var(--line); height: 100vh; overflow: auto; position: sticky; top: 0; font-size: .9rem }
nav ul { list-style: none; padding: 0; margin: 0 0 1rem }
nav a { color: inherit; text-decoration: none }
nav a:hover, nav a:focus { text-decoration: underline }
nav p { font-weight: 600; margin-block: 1rem .25rem }
main { padding: 1.5rem 2.5rem; container-type: inline-size }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px }
section { border-top: 1px solid var(--line); padding-block: 1rem }
h1, h2, h3 { line-height: 1.2 }
code, pre { font: .875rem/1.5 ui-monospace, monospace }
pre { background: var(--soft); padding: .75rem 1rem; overflow: auto; border-radius: 6px }
.method { color: var(--mark); font-weight: 600 }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
th, td { text-align: start; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line) }
@media (max-width: 50rem) {
  body { display: block }
  nav { position: static; height: auto; max-height: 45vh; padding: 1rem; border: 0; border-block-end: 1px solid var(--line) }
  main { padding: 1rem }
}
@container (max-width: 44rem) {
  main > * { overflow-wrap: anywhere }
  table, tbody, tr, td { display: block }
  tr:has(th) { display: none }
  tr { border-bottom: 1px solid var(--line); padding-block: .35rem }
  td { border: 0; padding: 0 }
  td:first-child { font-weight: 600 }
  td:empty { display: none }
}
`

/** The page asks nobody for anything and runs nothing: one style sheet, known by its hash. */
export const docsPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const html = (text: string): string => text.replaceAll(/[&<>"]/g, char => escapes[char]!)
/** Sentences may mark code with backticks. */
const prose = (text: string): string => html(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')
/** The name of a field, which may go on in the next line after each of its parts. */
const fieldName = (name: string): string => `<code>${html(name).replaceAll(/[.\]](?=\w)/g, '$&<wbr>')}</code>`
const pretty = (value: unknown): string => html(typeof value === 'string' ? value : JSON.stringify(value, null, 2))

/** A schema's type in a few words: `string`, `integer ≥ 1`, `Money`, `"open" | "placed"`, `list of OrderLine`. */
const words = (schema: JsonSchema): string => {
  if (schema.$ref) return schema.$ref.split('/').at(-1)!
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(' | ')
  const options = schema.anyOf ?? schema.oneOf
  if (options) return options.map(option => words(option as JsonSchema)).join(' | ')
  if (schema.type === 'array') return `list of ${words((schema.items ?? {}) as JsonSchema)}`
  const bounds = [
    schema.minimum !== undefined && schema.minimum > Number.MIN_SAFE_INTEGER ? `≥ ${schema.minimum}` : '',
    schema.exclusiveMinimum !== undefined ? `> ${schema.exclusiveMinimum}` : '',
    schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER ? `≤ ${schema.maximum}` : '',
    schema.maxLength !== undefined ? `at most ${schema.maxLength} characters` : '',
  ].filter(Boolean)
  const { type = 'any' } = schema as { type?: string | string[] }
  return [Array.isArray(type) ? type.join(' | ') : type, ...bounds].join(' ')
}

/** The same with links to what is described elsewhere. */
const linked = (schema: JsonSchema): string =>
  html(words(schema)).replaceAll(/\b[A-Z]\w+\b(?!&quot;)/g, name => `<a href="#schema-${name}">${name}</a>`)

const fieldRows = (schema: JsonSchema, prefix = ''): string =>
  Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>)
    .map(([name, field]) => {
      const notes = [
        schema.required?.includes(name) ? 'required' : '',
        field.default !== undefined ? `default <code>${html(JSON.stringify(field.default))}</code>` : '',
        field.description ? prose(field.description) : '',
      ].filter(Boolean)
      const row = `<tr><td>${fieldName(prefix + name)}</td><td>${linked(field)}</td><td>${notes.join('; ')}</td></tr>`
      return row + rowsWithin(field, prefix + name)
    })
    .join('')

/** The fields of what a field holds: an object, a list of them, or one of several; what all of these have is said once. */
const rowsWithin = (field: JsonSchema, name: string): string => {
  if (field.properties) return fieldRows(field, `${name}.`)
  if (field.type === 'array') return rowsWithin((field.items ?? {}) as JsonSchema, `${name}[]`)
  const options = (field.anyOf ?? field.oneOf ?? []) as JsonSchema[]
  return [...new Set(options.map(option => rowsWithin(option, name)))].join('')
}

const fieldTable = (schema: JsonSchema | undefined): string => {
  if (!schema) return ''
  const options = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined
  if (options?.every(option => option.$ref))
    return `<ul>${options.map(option => `<li>${linked(option)}</li>`).join('')}</ul>`
  if (options) return options.map(option => fieldTable(option)).join('<p>or</p>')
  if (schema.$ref) return `<p><a href="#schema-${words(schema)}">${words(schema)}</a></p>`
  return schema.properties ? `<table>${fieldRows(schema)}</table>` : `<p>${html(words(schema))}</p>`
}

const curlOf = (endpoint: AnyEndpoint): string => {
  const { method, path, example, scopes, streamBody } = endpoint
  const params = (example.params ?? {}) as Record<string, unknown>
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(params[name])).replaceAll('%3A', ':'),
  )
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(example.query ?? {})) query.set(name, String(value))
  const address = `http://127.0.0.1:8080${filled}${query.size > 0 ? `?${query}` : ''}`
  const parts = [`curl${method === 'GET' ? '' : ` -X ${method}`} '${address}'`]
  if (scopes === 'session' || scopes === 'wallet') parts.push('-b cookies.txt')
  else if (scopes !== 'public') parts.push(`-H "Authorization: Bearer $TESSERA_KEY"`)
  if (endpoint.setsCookie) parts.push('-c cookies.txt')
  if (example.body !== undefined) {
    parts.push(
      `-H 'Content-Type: application/json'`,
      `-d '${JSON.stringify(example.body, null, 2).replaceAll("'", `'\\''`)}'`,
    )
  } else if (streamBody) parts.push(`-H 'Content-Type: ${streamBody[0]}'`, `--data-binary @file`)
  return parts.join(' \\\n  ')
}

const callSection = (endpoint: AnyEndpoint, operation: Operation): string => {
  const { name, method, path, summary, description, scopes, example } = endpoint
  const parameters = operation.parameters.map(parameter => {
    const notes = [parameter.required ? 'required' : '', prose(parameter.description ?? '')].filter(Boolean).join('; ')
    return `<tr><td><code>${html(parameter.name)}</code></td><td>${parameter.in}</td><td>${html(words(parameter.schema))}</td><td>${notes}</td></tr>`
  })
  const facts = [
    scopes === 'public'
      ? 'No key needed'
      : scopes === 'session'
        ? 'Who is signed in'
        : scopes === 'wallet'
          ? 'A customer who is signed in to her wallet'
          : `Keys: ${scopes.join(', ')}`,
    typeof scopes === 'string' ? '' : `roles: ${whoMayCall(endpoint).replaceAll(' or ', ', ')}`,
    isIdempotent(endpoint) ? 'takes <code>Idempotency-Key</code>' : '',
    isForBrowsers(endpoint) ? 'may be called from a browser' : '',
  ].filter(Boolean)
  const refused = refusalsOf(endpoint).map(kind => `<a href="#refusal-${kind.code}"><code>${kind.code}</code></a>`)
  const streamed = Object.values(endpoint.answer).some(isStreamed)
  return `<section id="${name}"><h3>${html(summary)}</h3>
<p><span class="method">${method}</span> <code>${html(path)}</code></p>
${description ? `<p>${prose(description)}</p>` : ''}<p>${facts.join('; ')}.</p>
${parameters.length > 0 ? `<h4>Parameters</h4><table>${parameters.join('')}</table>` : ''}
${operation.requestBody?.content['application/json'] ? `<h4>Body</h4>${fieldTable(operation.requestBody.content['application/json'].schema)}` : ''}
<h4>Example</h4><pre>${html(curlOf(endpoint))}</pre><pre>${pretty(example.answer)}</pre>
${streamed ? '<p>The answer is streamed.</p>' : ''}
${refused.length > 0 ? `<p>May be refused with ${refused.join(', ')}.</p>` : ''}</section>`
}

const schemaSection = (schemas: OpenApi['components']['schemas']): string =>
  Object.entries(schemas)
    .map(([name, schema]) => {
      const description = schema.description ? `<p>${prose(schema.description)}</p>` : ''
      const examples = (schema.examples ?? []).map(example => `<pre>${pretty(example)}</pre>`).join('')
      return `<section id="schema-${name}"><h3>${name}</h3>${description}${fieldTable(schema)}${examples}</section>`
    })
    .join('')

const scopeWords: Readonly<Record<Scope, string>> = {
  order: '`when` of an offer triggered by code, grant or basket, and amounts',
  line: '`lines`: asked for each line',
  event: '`when` of an offer triggered by an event',
  request: '`when` of an offer triggered by a request',
  segment: '`when` of a segment, and computed traits',
}

const factRows = (facts: Readonly<Record<string, Pick<Fact, 'type' | 'description' | 'example'>>>, prefix: string) =>
  Object.entries(facts)
    .map(
      ([name, { type, description, example }]) =>
        `<tr><td>${fieldName(prefix + name)}</td><td>${html(type)}</td><td>${prose(description)}</td><td><code>${html(example)}</code></td></tr>`,
    )
    .join('')

/** What conditions, filters and amounts may ask: everything here comes from the tables that check them. */
const conditionsSection = (): string => {
  const seen = (Object.keys(scopes) as Scope[]).map(
    scope => `<tr><td>${prose(scopeWords[scope])}</td><td><code>${scopes[scope].join(', ')}</code></td></tr>`,
  )
  const variableTables = (Object.keys(variables) as VariableName[]).map(name => {
    const { type, description } = variables[name]
    const facts = factTypes[type as keyof typeof factTypes] as Readonly<Record<string, Fact>> | undefined
    const nested =
      name === 'person'
        ? factRows(factTypes.PersonOrders, 'person.orders.') + factRows(factTypes.PersonOffers, 'person.offers.')
        : ''
    return `<h3>${name}</h3><p>${prose(description)}${facts ? '' : `: ${html(type)}`}.</p>
${facts ? `<table>${factRows(facts, `${name}.`)}${nested}</table>` : ''}`
  })
  const functions = Object.values(ruleFunctions).map(
    ({ signature, description, example }) =>
      `<tr><td><code>${html(signature)}</code></td><td>${prose(description)}</td><td><code>${html(example)}</code></td></tr>`,
  )
  return `<p>Conditions and filters of lines are CEL (cel.dev), as <code>person.known &amp;&amp; order.subtotal &gt;= 5000</code>.
An amount may be CEL that gives a whole number, as <code>order.subtotal / 10</code>. Money is in minor units: 50.00 EUR is 5000. What is
not known reads as an empty text, 0 or false. Names, types and cost are checked when an offer is saved.</p>
<table><tr><th>in</th><th>are known</th></tr>${seen.join('')}</table>${variableTables.join('')}
<h3>Functions</h3><table>${functions.join('')}</table>`
}

/**
 * The reference as one page: what `/docs` serves. Everything on it comes from the endpoints and the catalogue.
 *
 *     docsPage(endpoints, [...refusals.values()])   // '<!doctype html>…'
 */
export const docsPage = (endpoints: readonly AnyEndpoint[], kinds: readonly RefusalKind[]): string => {
  const document = openApi(endpoints)
  const tags = document.tags.map(({ name }) => ({ name, calls: endpoints.filter(endpoint => endpoint.tag === name) }))
  const menu = tags.map(
    ({ name, calls }) =>
      `<p>${html(name)}</p><ul>${calls.map(call => `<li><a href="#${call.name}">${html(call.summary)}</a></li>`).join('')}</ul>`,
  )
  const reference = tags.map(({ name, calls }) => {
    const sections = calls.map(call => callSection(call, document.paths[call.path]![call.method.toLowerCase()]!))
    return `<h2>${html(name)}</h2>${sections.join('')}`
  })
  const refusalRows = kinds.map(
    kind =>
      `<tr id="refusal-${kind.code}"><td><code>${kind.code}</code></td><td>${kind.status}</td><td>${html(kind.sentence)}</td></tr>`,
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tessera API</title><style>${style}</style></head>
<body><nav aria-label="Calls"><p><strong>Tessera API</strong></p>${menu.join('')}<p><a href="#conditions">Conditions and amounts</a></p><p><a href="#schemas">Shapes</a></p>
<p><a href="#refusals">Refusals</a></p><p><a href="/openapi.json">openapi.json</a></p></nav>
<main><h1>Tessera API</h1>
<p>JSON; times are RFC 3339 in UTC; money is whole minor units with an ISO 4217 currency. Unknown fields are refused. A success is
answered again, byte for byte, when a write is sent again with the same <code>Idempotency-Key</code>. Errors are
<code>application/problem+json</code> (RFC 9457) with a <code>code</code> of the list below.</p>
${reference.join('')}
<h2 id="conditions">Conditions and amounts</h2>${conditionsSection()}
<h2 id="schemas">Shapes</h2>${schemaSection(document.components.schemas)}
<h2 id="refusals">Refusals</h2><table><tr><th>code</th><th>status</th><th>sentence</th></tr>${refusalRows.join('')}</table>
</main></body></html>`
}
