import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { AnyEndpoint, Scope } from '../../contract/endpoint.ts'
import type { Refusal, Result } from '../../core/kernel/refusal.ts'
import type { Role } from '../../core/team/roles.ts'

/** A team member who is signed in, as one call sees her. */
export type SignedIn = {
  readonly id: string
  readonly sessionId: string
  /** In the workspace of the call. */
  readonly role: Role
  readonly operator: boolean
}

/** A customer who is signed in to her wallet. */
export type WalletCaller = {
  readonly sessionId: string
  /** The address that she proved. */
  readonly holder: string
}

/** Who is calling. */
export type Auth = {
  readonly workspaceId: string
  /** Of a team member who is signed in, her id. */
  readonly keyId: string
  /** The first key of the source, where this one replaced it; else it is the key itself. */
  readonly sourceId?: string
  readonly scope: Scope
  /** A till key's place. */
  readonly location?: string
  /** The channel that a key's calls come from, where the key says so. */
  readonly channel?: string
  /** The person a publishable key may speak for, from a `personToken`, or a customer in her wallet. */
  readonly person?: string
  /** Who is signed in, where a session and not a key calls. */
  readonly member?: SignedIn
  /** Which customer is signed in, where her wallet calls: as a publishable key that speaks for her. */
  readonly wallet?: WalletCaller
}

/** What a caller shows: the key, and the headers that say for whom. */
export type KeyCredentials = {
  readonly key: string
  readonly workspace?: string
  readonly personToken?: string
  readonly remoteAddress: string
}

/** What a browser shows in which somebody is signed in. */
export type SessionCredentials = {
  /** The token of the cookie. */
  readonly session: string
  readonly workspace?: string
  readonly remoteAddress: string
}
/** What a customer's wallet shows. */
export type WalletCredentials = {
  /** The token of the cookie. */
  readonly wallet: string
  readonly workspace?: string
  readonly remoteAddress: string
}
export type Credentials = KeyCredentials | SessionCredentials | WalletCredentials

/** Answers at once where it can (a known key), because it runs before every call. */
export type Authenticate = (credentials: Credentials) => Result<Auth> | Promise<Result<Auth>>

type AuthOf<E extends AnyEndpoint> = E['scopes'] extends 'public'
  ? undefined
  : E['scopes'] extends 'session'
    ? Auth & { readonly member: SignedIn }
    : E['scopes'] extends 'wallet'
      ? Auth & { readonly wallet: WalletCaller; readonly person: string }
      : Auth

type OutputOf<T> = NonNullable<T> extends infer U extends z.ZodType ? z.output<U> : undefined

/** Events are read by their domain: the frame hands on what came. */
type BodyOf<E extends AnyEndpoint> = [NonNullable<E['ingest']>] extends [never] ? OutputOf<E['body']> : unknown

export type Call<E extends AnyEndpoint = AnyEndpoint> = {
  readonly params: OutputOf<E['params']>
  readonly query: OutputOf<E['query']>
  readonly body: BodyOf<E>
  /** The body as it came, decompressed: what an idempotency record hashes. '' when there is none. */
  readonly bodyText: string
  /** The body when it came as one of the endpoint's `streamBody` types; `body` is undefined then. */
  readonly stream?: Readable
  readonly auth: AuthOf<E>
  readonly idempotencyKey?: string
  readonly remoteAddress: string
  /** What the caller's program says it is; of browsers only, for whoever looks at her sessions. */
  readonly userAgent?: string
  /** The token of a session's cookie where the endpoint sets or ends it; elsewhere `auth` is read. */
  readonly session?: string
  /** The same of a customer's wallet. */
  readonly wallet?: string
  /** The header of a page that speaks for somebody, where events come in: there an invalid one does not refuse the call. */
  readonly personToken?: string
  /** The address of this server as the caller wrote it: `https://tessera.example`. */
  readonly origin: () => string
  /** Whether the caller has hung up: nobody waits for the answer any more. */
  readonly isGone: () => boolean
  /** Makes another call as the same caller, in this process: decided, limited and written down as if it had come by itself. */
  readonly again: (
    method: string,
    url: string,
    body: string,
  ) => Promise<{ readonly status: number; readonly text: string }>
  readonly requestId: string
  /** Epoch milliseconds at which the call was taken up. */
  readonly now: number
}

export type Answer =
  | { readonly status?: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** `text` is JSON already: a stored answer, byte for byte. */
  | { readonly status?: number; readonly text: string; readonly headers?: Readonly<Record<string, string>> }
  | {
      readonly stream: Readable
      readonly contentType: string
      readonly headers?: Readonly<Record<string, string>>
    }
  | { readonly refusal: Refusal; readonly retryAfterSeconds?: number }

export type Handler<E extends AnyEndpoint> = (call: Call<E>) => Answer | Promise<Answer>

/** One handler for every endpoint; the compiler names the missing ones. `getHealth` is the frame's own. */
export type Handlers<T extends readonly AnyEndpoint[]> = {
  readonly [E in Exclude<T[number], { name: 'getHealth' }> as E['name']]: Handler<E>
}
