import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Answer } from '../http/call.ts'
import { exportParts } from './export-person.ts'
import type { Exported, Part } from './export-rows.ts'

/** One JSON document, in pieces. */
export async function* exportJson(parts: AsyncIterable<Part>): AsyncGenerator<string> {
  let separator = '{'
  for await (const part of parts) {
    yield `${separator}\n${JSON.stringify(part.name)}:`
    separator = ','
    if ('value' in part) {
      yield JSON.stringify(part.value)
      continue
    }
    let before = '['
    for await (const row of part.rows) {
      yield `${before}\n${JSON.stringify(row)}`
      before = ','
    }
    yield before === '[' ? '[]' : '\n]'
  }
  yield '\n}\n'
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const html = (text: string): string => text.replaceAll(/[&<>"']/g, character => escapes[character]!)

/** `firstOrderAt` as a person reads it: First order at. */
const words = (name: string): string => {
  const apart = name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return apart.charAt(0).toUpperCase() + apart.slice(1)
}

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0)

/** Any JSON as tables within tables; what is empty is left out. Names of our own are put into words, those of callers stay. */
const show = (value: unknown, label: (name: string) => string = words): string => {
  if (Array.isArray(value)) return `<ol>${value.map(item => `<li>${show(item)}</li>`).join('')}</ol>`
  if (typeof value !== 'object' || value === null) return html(String(value))
  const fields = Object.entries(value).filter(([, inner]) => !isNothing(inner))
  return `<table>${fields.map(([name, inner]) => `<tr><th>${html(label(name))}</th><td>${show(inner, name === 'traits' ? it => it : label)}</td></tr>`).join('')}</table>`
}

const style = `body{font:15px/1.4 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%;margin:.25rem 0}th,td{border:1px solid #ccc;padding:.2rem .5rem;text-align:start;vertical-align:top;overflow-wrap:anywhere}
th{width:12rem;font-weight:600;background:#f6f6f6}td th{width:8rem}ol{margin:0;padding:0;list-style:none}li+li{margin-top:.5rem}article{margin:.75rem 0;break-inside:avoid}
@media screen and (max-width:44rem){tr,th,td,td th{display:block;width:auto}th{border-bottom:0}tr+tr th{border-top:0}}
@media print{body{margin:0;max-width:none;font-size:11px}}`

/** The page has this one style and nothing else: no script, no picture, no address. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-ancestors 'none'`

/** A page to read and print, in pieces. */
export async function* exportHtml(parts: AsyncIterable<Part>): AsyncGenerator<string> {
  yield `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Everything that is kept about a person</title><style>${style}</style></head><body>
<h1>Everything that is kept about a person</h1>\n`
  for await (const part of parts) {
    if ('value' in part) {
      yield typeof part.value === 'object'
        ? `<h2>${html(words(part.name))}</h2>${show(part.value)}\n`
        : `<p>${html(words(part.name))}: ${show(part.value)}</p>\n`
      continue
    }
    yield `<h2>${html(words(part.name))}</h2>\n`
    let count = 0
    for await (const row of part.rows) {
      yield `<article>${show(row)}</article>\n`
      count += 1
    }
    if (count === 0) yield '<p>None.</p>\n'
  }
  yield '</body></html>\n'
}

/** As the caller asked for it. What breaks off has no end, so nobody can take it for the whole. */
export const exportAs = (format: 'json' | 'html', exported: Exported): Answer =>
  format === 'json'
    ? { stream: Readable.from(exportJson(exportParts(exported))), contentType: 'application/json' }
    : {
        stream: Readable.from(exportHtml(exportParts(exported))),
        contentType: 'text/html',
        headers: { 'content-security-policy': policy },
      }
