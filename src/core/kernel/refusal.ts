/**
 * A refusal is an expected "no": a code, a sentence, details. It is a value, never thrown by core.
 * Each domain lists its refusals in its own `refusals.ts`, in the order they are checked; `contract/refusals.ts`
 * joins the lists into the one catalogue that the API, the docs and the tests read.
 */
export type RefusalKind = {
  readonly code: string
  /** HTTP status when the refusal is the answer to a request (a refused code inside an order stays in the 200). */
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 503
  /** Short and fixed: the `title` of the problem document. */
  readonly title: string
  /** The sentence a person reads; `{name}` is filled from the details. Ends with what to do where that is not obvious. */
  readonly sentence: string
}

export type Details = Readonly<Record<string, unknown>>

/** Invalid input: one entry a mistake, `pointer` is a JSON pointer (RFC 6901) into the body, or `?name` for a query field. */
export type InputError = {
  readonly pointer: string
  readonly message: string
  /** With `details` what other languages go by; of the mistakes that people make in forms. */
  readonly code?: string
  readonly details?: Details
}

export type Refusal = {
  readonly code: string
  readonly message: string
  readonly details: Details
  readonly errors?: readonly InputError[]
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })
export const no = (refusal: Refusal): Result<never> => ({ ok: false, refusal })

/**
 * Makes the catalogue of one domain. Keys are the codes.
 *
 *     const refusals = defineRefusals({
 *       offer_expired: { status: 409, title: 'Offer expired', sentence: 'The offer ended at {endedAt}.' },
 *     })
 *     refuse(refusals.offer_expired, { endedAt: '2026-10-01T00:00:00Z' }).message   // "The offer ended at 2026-10-01T00:00:00Z."
 */
export const defineRefusals = <K extends string>(
  entries: Record<K, Omit<RefusalKind, 'code'>>,
): { readonly [P in K]: RefusalKind & { readonly code: P } } =>
  Object.fromEntries(
    Object.entries<Omit<RefusalKind, 'code'>>(entries).map(([code, rest]) => [code, { code, ...rest }]),
  ) as never

const fill = (sentence: string, details: Details): string =>
  sentence.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? `{${name}}`))

export const refuse = (kind: RefusalKind, details: Details = {}, errors?: readonly InputError[]): Refusal => ({
  code: kind.code,
  message: fill(kind.sentence, details),
  details,
  ...(errors ? { errors } : {}),
})
