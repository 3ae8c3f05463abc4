import { createHmac } from 'node:crypto'
import type { Database, Queryable } from '../adapters/storage/database.ts'
import { type AdjustmentSettings, defaultAdjustmentSettings } from '../core/loyalty/adjustment.ts'
import { type IdentityRules, type IdentitySettings, identityRulesOf } from '../core/people/identity-rules.ts'
import type { Topic } from '../core/workspaces/contact.ts'
import {
  type Colours,
  type Combination,
  defaultCombination,
  type Retention,
  type Workspace,
} from '../core/workspaces/schema.ts'

export type KnownWorkspace = {
  readonly workspace: Workspace
  readonly secret: Buffer
  /** Of a demo: how far its clock is ahead of the real one; undefined: it is no demo. */
  readonly aheadMs: number | undefined
}

/** Epoch milliseconds: the real time, or what it is in a workspace, which differs in demos. */
export type Clock = (workspaceId?: string) => number

export type Workspaces = {
  get(id: string): Promise<KnownWorkspace | undefined>
  /** The workspace of an authenticated call: it was loaded to authenticate, so this neither waits nor misses. */
  known(id: string): KnownWorkspace
  /** Makes the workspace `default` when there is none yet. */
  ensureDefault(): Promise<void>
  /** The real time, or that in a workspace that was loaded. */
  readonly clock: Clock
  /** Reads of the demos that are known here what other processes did: moved their clocks, or ended them. */
  refresh(): Promise<void>
  /** Whether it is there still, of one that was loaded. */
  isOpen(id: string): boolean
  /** Calls back with whatever workspace is found to have ended. */
  onEnded(forget: (id: string) => void): void
}

export const defaultWorkspaceId = 'default'

/**
 * A keyed hash (HMAC-SHA256, base64url): what the store keeps of personal values, request bodies and idempotency keys, so
 * that a stolen table cannot be searched by guessing.
 *
 *     hashFor(secret, 'ana@example.com')   // 43 characters, others for every workspace
 */
export const hashFor = (secret: Buffer, text: string): string => digestFor(secret, text).toString('base64url')

/** The same as 32 bytes: what surprises are drawn with. */
export const digestFor = (secret: Buffer, text: string): Buffer => createHmac('sha256', secret).update(text).digest()

/** What of a workspace may change besides its name, as one document. */
export type StoredSettings = {
  readonly combination?: Combination
  readonly holdout?: number
  readonly topics?: readonly Topic[]
  readonly retention?: Retention
  readonly colours?: Colours | null
  readonly adjustments?: AdjustmentSettings
  /** What differs from the defaults. */
  readonly identity?: IdentitySettings
}

/** `settingsOf({})` is `{ combination: { policy: 'bestForCustomer', perGroup: {} }, holdout: 0, topics: [], retention: {}, … }`: what is set, and what stands where nothing is. */
export const settingsOf = ({
  combination = defaultCombination,
  holdout = 0,
  topics = [],
  retention = {},
  colours = null,
  adjustments = defaultAdjustmentSettings,
  identity = {},
}: StoredSettings): Required<Omit<StoredSettings, 'identity'>> & { readonly identity: IdentityRules } => ({
  combination,
  holdout,
  topics,
  retention,
  colours,
  adjustments,
  identity: identityRulesOf(identity),
})

type WorkspaceRow = {
  id: string
  currency: string
  time_zone: string
  language: string
  country: string | null
  tax_included: boolean
  secret: string
  ahead_ms: number | null
}

const knownFrom = (row: WorkspaceRow): KnownWorkspace => ({
  workspace: {
    id: row.id,
    currency: row.currency,
    timeZone: row.time_zone,
    language: row.language,
    country: row.country ?? undefined,
    taxIncluded: row.tax_included,
  },
  secret: Buffer.from(row.secret, 'base64'),
  aheadMs: row.ahead_ms ?? undefined,
})

const columns = 'id, currency, time_zone, language, country, tax_included, secret, ahead_ms'

/** SQL over rows `n`: those of a workspace that has not ended. What is written down a while after it happened could outlive it. */
export const isThere = 'exists (select 1 from workspaces w where w.id = n.workspace_id and w.ending_at is null)'

/** Stores a new workspace with a secret of its own; false when the id is taken. */
export const insertWorkspace = async (
  tx: Queryable,
  workspace: Workspace & { readonly name: string },
  random: (bytes: number) => Uint8Array,
  now: number,
  aheadMs: number | null = null,
): Promise<boolean> => {
  const { affected } = await tx.query(
    `insert into workspaces (id, name, currency, time_zone, language, country, tax_included, secret, created_at, ahead_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, to_timestamp($9 / 1000.0), $10)
     on conflict (id) do nothing`,
    [
      workspace.id,
      workspace.name,
      workspace.currency,
      workspace.timeZone,
      workspace.language,
      workspace.country ?? null,
      workspace.taxIncluded,
      Buffer.from(random(32)).toString('base64'),
      now,
      aheadMs,
    ],
  )
  return affected === 1
}

/**
 * The workspaces of this installation, remembered once read: nothing of what is remembered changes after a workspace was made, except
 * of demos, which are read again each second. What may change, its name and settings, is read where it is used.
 *
 *     const workspaces = makeWorkspaces({ database, clock, random })
 *     (await workspaces.get('default'))?.workspace.currency   // 'EUR'
 */
export const makeWorkspaces = ({
  database,
  clock,
  random,
}: {
  readonly database: Database
  readonly clock: () => number
  readonly random: (bytes: number) => Uint8Array
}): Workspaces => {
  const loaded = new Map<string, KnownWorkspace>()
  /** Of what ended: calls that were taken up before still read it. */
  const ended = new Map<string, KnownWorkspace>()
  const forgetters: ((id: string) => void)[] = []

  const end = (id: string): void => {
    const known = loaded.get(id)
    if (!known) return
    loaded.delete(id)
    ended.set(id, known)
    for (const forget of forgetters) forget(id)
  }

  const load = async (id: string): Promise<KnownWorkspace | undefined> => {
    const { rows } = await database.query<WorkspaceRow>(
      `select ${columns} from workspaces where id = $1 and ending_at is null`,
      [id],
    )
    const row = rows[0]
    if (!row) return undefined
    const known = knownFrom(row)
    loaded.set(id, known)
    ended.delete(id)
    return known
  }

  return {
    get: async id => loaded.get(id) ?? load(id),
    known: id => {
      const known = loaded.get(id) ?? ended.get(id)
      if (!known) throw new Error(`the workspace ${id} was not loaded: is this call authenticated?`)
      return known
    },
    ensureDefault: async () => {
      if (await load(defaultWorkspaceId)) return
      const workspace = {
        id: defaultWorkspaceId,
        name: 'Default',
        currency: 'EUR',
        timeZone: 'UTC',
        language: 'en',
        country: undefined,
        taxIncluded: true,
      }
      // Another process may be first; either way there is one afterwards.
      await insertWorkspace(database, workspace, random, clock())
    },
    clock: id => clock() + ((id === undefined ? undefined : (loaded.get(id) ?? ended.get(id)))?.aheadMs ?? 0),
    refresh: async () => {
      const demos = [...loaded.values()].filter(it => it.aheadMs !== undefined).map(it => it.workspace.id)
      if (demos.length === 0) return
      const { rows } = await database.query<WorkspaceRow>(
        `select ${columns} from workspaces where id = any($1::text[]) and ending_at is null`,
        [demos],
      )
      const now = new Map(rows.map(row => [row.id, knownFrom(row)]))
      for (const id of demos) {
        const known = now.get(id)
        // Another one of that name is not the one that was known.
        if (!known?.secret.equals(loaded.get(id)!.secret)) end(id)
        else loaded.set(id, known)
      }
    },
    isOpen: id => loaded.has(id),
    onEnded: forget => {
      forgetters.push(forget)
    },
  }
}
