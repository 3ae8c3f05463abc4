import { commonRefusals } from '../../contract/common-refusals.ts'
import { refusals } from '../../contract/refusals.ts'
import { type InputError, type Refusal, refuse } from '../../core/kernel/refusal.ts'

/** A refusal on its way out of the frame's own reading of a request, or out of a job. Handlers answer with refusals, they do not throw them. */
export class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.code)
    this.refusal = refusal
  }
}

/**
 * The RFC 9457 document of a refusal. `type` leads to its place in the reference that this same server shows.
 *
 *     problemOf(refuse(commonRefusals.not_found, { path: '/v2' }), 'req_1')
 *     // { status: 404, text: '{"type":"/docs#refusal-not_found","title":"No such address","status":404, …}' }
 */
export const problemOf = (refusal: Refusal, requestId: string): { status: number; text: string } => {
  const kind = refusals.get(refusal.code)
  if (!kind) throw new Error(`The refusal ${refusal.code} is not in the catalogue (contract/refusals.ts)`)
  const { code, message: detail, details, errors } = refusal
  const { title, status } = kind
  const document = { type: `/docs#refusal-${code}`, title, status, detail, code, details, errors, requestId }
  return { status, text: JSON.stringify(document) }
}

/** The answer to a bug or broken infrastructure: it tells nothing of the inside; the log does, under the same request id. */
export const internalProblem = (requestId: string): string =>
  JSON.stringify({
    type: 'about:blank',
    title: 'Internal error',
    status: 500,
    detail:
      'Something went wrong here, not in your request. It is safe to send it again with the same Idempotency-Key.',
    code: 'internal_error',
    details: {},
    requestId,
  })

/** Invalid input with all its mistakes; the sentence tells the first. */
export const invalidInput = (errors: readonly InputError[]): Refusal => {
  const [first] = errors
  return refuse(commonRefusals.invalid_input, { first: `${first?.pointer || 'the body'} ${first?.message}.` }, errors)
}

type DatabaseFacts = { code?: string; severity?: string; table?: string; constraint?: string }

/**
 * What a log may hold of an error. A database error quotes values in its message (`invalid input syntax for type date: "…"`)
 * and whole rows in its details, which may be personal: only its kind and place are kept.
 */
export const loggable = (error: unknown): Record<string, unknown> => {
  if (!(error instanceof Error)) return { name: typeof error }
  const { code, severity, table, constraint } = error as Error & DatabaseFacts
  const frames = error.stack?.split('\n').flatMap(line => (line.startsWith('    at ') ? [line.slice(7)] : []))
  return {
    name: error.name,
    message: severity === undefined ? error.message : undefined,
    code,
    table,
    constraint,
    frames,
    cause: error.cause === undefined ? undefined : loggable(error.cause),
  }
}
