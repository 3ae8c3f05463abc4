export type * from './api.ts'
export type { CallOptions, List, ListPage, StreamBody } from './call.ts'
export { createTessera, type Tessera, type TesseraOptions } from './client.ts'
export { type Mistake, TesseraRefusal, TesseraUnreachable } from './errors.ts'
