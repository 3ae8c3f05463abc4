export type Mistake = {
  readonly pointer: string
  /** In English; `code` and `details` are what other languages go by, where there are some. */
  readonly message: string
  readonly code?: string
  readonly details?: Readonly<Record<string, unknown>>
}

type Problem = {
  readonly code?: string
  readonly title?: string
  readonly detail?: string
  readonly details?: Readonly<Record<string, unknown>>
  readonly errors?: readonly Mistake[]
  readonly requestId?: string
}

/** The server answered, and the answer is no. `code` is one of the catalogue in the server's `/docs`. */
export class TesseraRefusal extends Error {
  override readonly name = 'TesseraRefusal'
  readonly code: string
  readonly status: number
  readonly details: Readonly<Record<string, unknown>>
  /** The places of mistakes in the request, by JSON pointer. */
  readonly errors: readonly Mistake[]
  readonly requestId: string | undefined

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.title ?? `The server answered ${status}.`)
    this.code = problem.code ?? 'unexpected_answer'
    this.status = status
    this.details = problem.details ?? {}
    this.errors = problem.errors ?? []
    this.requestId = problem.requestId
  }
}

/** No answer came, also not after the retries; `cause` tells why. */
export class TesseraUnreachable extends Error {
  override readonly name = 'TesseraUnreachable'
}
