/** What a call may be given besides its arguments. */
export type CallOptions = {
  /** Made for every write that takes one; give your own to repeat a call safely after a restart. */
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
}

/** The body of an import. A stream is sent once; text and bytes are sent again when a call is retried. */
export type StreamBody = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>

export type ListPage<T> = { readonly data: readonly T[]; readonly nextCursor: string | null }

/** Await it for one page; iterate it for every entry of this page and those after it. */
export type List<T> = Promise<ListPage<T>> & AsyncIterable<T>

/** What the client has to know of a call. */
export type CallFacts = {
  readonly method: string
  /** `{name}` stands for an argument. */
  readonly path: string
  readonly body?: 'json' | 'events' | 'stream'
  /** Of a streamed body. */
  readonly contentType?: string
  readonly query?: true
  readonly answer: 'json' | 'list' | 'stream'
  /** Whether the server reads an Idempotency-Key. */
  readonly idempotent?: true
}
