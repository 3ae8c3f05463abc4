import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { commonRefusals } from '../../contract/common-refusals.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { sendRefusal } from './reply.ts'

/** Where each face is served. The console has what nobody else has. */
const faces = [
  { name: 'wallet', path: '/wallet' },
  { name: 'till', path: '/till' },
  { name: 'console', path: '' },
] as const
type Face = (typeof faces)[number]

/** What the build writes; nothing else is ever read, whatever an address says. */
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
}

type Stored = { readonly bytes: Buffer; readonly etag: string }
/** As it is and as the build compressed it. */
type File = { readonly plain: Stored; readonly br: Stored | undefined; readonly gzip: Stored | undefined }

/**
 * A face may load what its own server gives, and nothing else: no script in the page, no request anywhere. Mantine writes style elements
 * while the console runs; these carry the nonce of their page.
 */
const policy = (nonce: string | undefined): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce === undefined ? '' : ` 'nonce-${nonce}'`}`,
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

const pageHeaders = {
  'cache-control': 'no-cache',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'geolocation=(), microphone=(), payment=(), usb=()',
}

const notBuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tessera</title>
<h1>The pages are not built yet</h1><p>The API is up, its reference is at <a href="/docs">/docs</a>.</p>
<p>Stop the server, run <code>npm run build</code> in the folder of Tessera, and start it again.</p></html>`

const etagOf = (bytes: Buffer): string => `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`

const read = async (path: string): Promise<Stored | undefined> => {
  const bytes = await readFile(path).catch(() => undefined)
  return bytes && { bytes, etag: etagOf(bytes) }
}

const readFileOfFace = async (path: string): Promise<File | undefined> => {
  const [plain, br, gzip] = await Promise.all([read(path), read(`${path}.br`), read(`${path}.gz`)])
  return plain && { plain, br, gzip }
}

/** What the browser takes: `gzip;q=0` is a refusal. */
const accepts = (request: FastifyRequest, encoding: string): boolean =>
  String(request.headers['accept-encoding'] ?? '')
    .split(',')
    .map(part => part.replaceAll(' ', '').toLowerCase())
    .some(part => part === encoding || (part.startsWith(`${encoding};q=`) && Number(part.split('q=')[1]) > 0))

const isUnchanged = (request: FastifyRequest, etag: string): boolean =>
  String(request.headers['if-none-match'] ?? '')
    .split(',')
    .some(given => given.trim().replace(/^W\//, '') === etag)

const wantsPage = (request: FastifyRequest): boolean => String(request.headers.accept ?? '').includes('text/html')

/**
 * Serves the console at `/`, the wallet at `/wallet` and the till at `/till` from a folder that tools/faces.mjs filled: their files by name,
 * their page at every other address of theirs that a browser opens. `taken` are addresses of the API and of other pages: below their first
 * part the console has nothing.
 */
export const serveFaces = (fastify: FastifyInstance, folder: string, taken: readonly string[]): void => {
  const others = new Set(taken.map(path => path.split('/')[1]))
  const known = new Map<string, Promise<File | undefined>>()
  const fileAt = (path: string): Promise<File | undefined> => {
    const file = known.get(path) ?? readFileOfFace(path)
    // Only what there is: addresses that anybody may invent would fill the memory.
    file.then(found => (found ? known.set(path, file) : known.delete(path)))
    return file
  }

  const sendFile = (request: FastifyRequest, reply: FastifyReply, path: string, file: File): FastifyReply => {
    const encoding = (['br', 'gzip'] as const).find(name => file[name] && accepts(request, name))
    const { bytes, etag } = (encoding && file[encoding]) ?? file.plain
    reply.header('vary', 'accept-encoding').header('etag', etag)
    // The name of an asset holds the hash of what is in it.
    reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    if (path.endsWith('/service-worker.js'))
      reply
        .header('service-worker-allowed', path.replace('/service-worker.js', ''))
        // What it fetches is judged by its own policy, not by that of its pages.
        .header('content-security-policy', "default-src 'none'; connect-src 'self'")
    if (isUnchanged(request, etag)) return reply.code(304).send()
    if (encoding) reply.header('content-encoding', encoding)
    return reply.type(types[extname(path)]!).send(bytes)
  }

  const sendPage = (request: FastifyRequest, reply: FastifyReply, face: Face, page: Stored): FastifyReply => {
    reply.headers(pageHeaders).type('text/html; charset=utf-8')
    if (face.name === 'console') {
      // A new one each time, so this page has no ETag.
      const nonce = randomBytes(16).toString('base64url')
      return reply
        .header('content-security-policy', policy(nonce))
        .send(page.bytes.toString().replaceAll('NONCE', nonce))
    }
    reply.header('content-security-policy', policy(undefined)).header('etag', page.etag)
    return isUnchanged(request, page.etag) ? reply.code(304).send() : reply.send(page.bytes)
  }

  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const [path = '/'] = request.url.split('?')
    const face = faces.find(it => path === it.path || path.startsWith(`${it.path}/`))!
    const inside = path.slice(face.path.length)
    // One name, or one below /assets: no dots at its beginning, nothing that leads elsewhere.
    const isFile = /^\/(assets\/)?\w[\w.-]*\.\w+$/.test(inside) && Object.hasOwn(types, extname(inside))
    const file = isFile ? await fileAt(join(folder, face.name, inside)) : undefined
    if (file) return sendFile(request, reply, path, file)
    const isOthers = face.name === 'console' && others.has(path.split('/')[1])
    if (isFile || inside.startsWith('/assets/') || isOthers || !wantsPage(request))
      return sendRefusal(request, reply, refuse(commonRefusals.not_found, { path }))
    const page = await fileAt(join(folder, face.name, 'index.html'))
    if (page) return sendPage(request, reply, face, page.plain)
    return reply.code(503).headers(pageHeaders).type('text/html; charset=utf-8').send(notBuilt)
  }

  fastify.get('/', serve)
  fastify.get('/*', serve)
}
