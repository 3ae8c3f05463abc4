/**
 * Keeps a face's own files, so that it opens without a network. It keeps nothing that the API answers: a page that wants to show
 * yesterday's balance offline stores it itself and says of when it is.
 *
 * The build gives the names: a cache a build, every file of it, and the page that answers every address of the face.
 */
declare const __CACHE__: string
declare const __PAGE__: string
declare const __FILES__: readonly string[]

// TypeScript's types of workers cannot stand beside those of pages in one program; these are the few of them used here.
type WaitingEvent = Event & { waitUntil(done: Promise<unknown>): void }
type FetchEvent = Event & { readonly request: Request; respondWith(answer: Promise<Response>): void }
type MessageEventOfPage = Event & { readonly data: unknown }
declare const self: {
  addEventListener(type: 'install' | 'activate', listener: (event: WaitingEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void
  addEventListener(type: 'message', listener: (event: MessageEventOfPage) => void): void
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
  readonly location: Location
}

const prefix = __CACHE__.replace(/[^-]+$/, '')
const kept = new Set(__FILES__)

const install = async (): Promise<void> => {
  const cache = await caches.open(__CACHE__)
  // As a browser asks for a page: a program that asks for the same address is told that the API has nothing there.
  await cache.addAll([new Request(__PAGE__, { headers: { accept: 'text/html' } }), ...__FILES__])
}

const activate = async (): Promise<void> => {
  const names = await caches.keys()
  await Promise.all(
    names.filter(name => name.startsWith(prefix) && name !== __CACHE__).map(name => caches.delete(name)),
  )
  await self.clients.claim()
}

/** Of this build alone: a page and the files it names belong together. */
const fromCache = async (path: string, request: Request): Promise<Response> => {
  const cache = await caches.open(__CACHE__)
  return (await cache.match(path)) ?? fetch(request)
}

self.addEventListener('install', event => event.waitUntil(install()))
self.addEventListener('activate', event => event.waitUntil(activate()))
self.addEventListener('message', event => {
  if (event.data === 'use the new version') void self.skipWaiting()
})
self.addEventListener('fetch', event => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (request.mode === 'navigate') event.respondWith(fromCache(__PAGE__, request))
  else if (kept.has(pathname)) event.respondWith(fromCache(pathname, request))
})

export {}
