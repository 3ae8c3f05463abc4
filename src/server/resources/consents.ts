import { Readable } from 'node:stream'
import type { z } from 'zod'
import { commonRefusals } from '../../contract/common-refusals.ts'
import type * as contract from '../../contract/consents.ts'
import { channelsOf } from '../../core/consent/consent.ts'
import { mayContact, permittedBy } from '../../core/consent/permission.ts'
import { consentRefusals } from '../../core/consent/refusals.ts'
import { csvLine } from '../../core/kernel/csv.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { importConsents, preferencesAnswer, putConsents, requestConsent } from '../../core/loop/consents.ts'
import type { Origin } from '../../core/loop/ingest.ts'
import type { World } from '../../core/loop/world.ts'
import { parseRef } from '../../core/people/ref.ts'
import { holderIdOf } from '../../core/people/union.ts'
import type { Topic } from '../../core/workspaces/contact.ts'
import { idempotencyHashes } from '../change.ts'
import type { Needs } from '../commit/item.ts'
import { mintLink } from '../consents/link-token.ts'
import { eventsOfConsents } from '../consents/needs.ts'
import {
  type Address,
  type ConsentRow,
  readAddresses,
  readLedger,
  readStanding,
  wishesOf,
} from '../consents/read-consents.ts'
import type { Answer, Auth, Call, Handler } from '../http/call.ts'
import { makePage, startAfter } from '../page.ts'
import { findPerson } from '../people/find-person.ts'
import type { Services } from '../services.ts'
import { type StoredSettings, settingsOf } from '../workspaces.ts'
import { answerOf } from './orders.ts'

const dayMs = 86_400_000
/** How long somebody has to confirm. */
const requestDays = 7

const nameOf = ({ type, value }: Address): string => `${type}:${value}`

const entryOf = (row: ConsentRow, address: Address) => ({
  address: nameOf(address),
  holder: row.holder_id,
  channel: row.channel as z.output<typeof contract.consentStanding>['channel'],
  purpose: row.purpose,
  state: row.state,
  at: formatInstant(row.at),
  how: row.how,
  textVersion: row.text_version,
  language: row.language,
  by: row.by,
})

const evidenceOf = (row: ConsentRow, address: Address) => {
  const standing = address.consents[`${row.channel}/${row.purpose}`]
  return {
    id: row.id,
    ...entryOf(row, address),
    evidence: row.personal,
    recordedAt: formatInstant(row.created_at),
    stands: standing?.[0] === row.state && standing[1] === row.at,
  }
}

const csvHead = 'id,address,channel,purpose,state,at,how,text_version,language,by,stands,recorded_at,evidence\r\n'
const csvRow = (row: ConsentRow, address: Address): string => {
  const it = evidenceOf(row, address)
  return csvLine([
    it.id,
    it.address,
    it.channel,
    it.purpose,
    it.state,
    it.at,
    it.how,
    it.textVersion,
    it.language,
    it.by,
    it.stands,
    it.recordedAt,
    JSON.stringify(it.evidence),
  ])
}

/** Whom a call names, for the writer; a reference that cannot be read needs nothing, the decision refuses it. */
const namedBy = (refs: readonly (string | undefined)[], country: string | undefined): Needs => {
  const parsed = refs.flatMap(ref => {
    const result = ref === undefined ? undefined : parseRef(ref, { country })
    return result?.ok ? [result.value] : []
  })
  return {
    identifiers: parsed.flatMap(it => ('type' in it ? [it] : [])),
    holders: parsed.flatMap(it => ('personId' in it ? [holderIdOf(it.personId)] : [])),
  }
}

export const consentsHandlers = ({ database, workspaces, writer }: Services) => {
  const topicsOf = async (workspaceId: string): Promise<readonly Topic[]> => {
    const { rows } = await database.query<{ settings: StoredSettings }>(
      'select settings from workspaces where id = $1',
      [workspaceId],
    )
    return settingsOf(rows[0]!.settings).topics
  }

  type Asked = Pick<Call<typeof contract.getConsents>, 'params' | 'auth' | 'now'>
  const find = async ({ params, auth, now }: Asked) => {
    const found = await findPerson(database, workspaces.known(auth.workspaceId).workspace, auth, params.ref, now)
    if (!found.ok) return found
    const addresses = await readAddresses(database, auth.workspaceId, found.value.id)
    return ok({ id: found.value.id, addresses, byId: new Map(addresses.map(address => [address.id, address])) })
  }

  const get: Handler<typeof contract.getConsents> = async call => {
    const found = await find(call)
    if (!found.ok) return found
    const { id: person, addresses, byId } = found.value
    const { workspaceId } = call.auth
    const [standing, topics] = await Promise.all([
      readStanding(database, workspaceId, [...byId.keys()]),
      topicsOf(workspaceId),
    ])
    const wishes = wishesOf(addresses)
    const { timeZone } = workspaces.known(workspaceId).workspace
    const consents = addresses.flatMap(address =>
      standing
        .filter(row => row.holder_id === address.id)
        .map(row => {
          const contact = mayContact(address.consents, row, wishes, { now: call.now, timeZone, topics })
          return { ...entryOf(row, address), contact }
        }),
    )
    return {
      json: { person, consents, preferences: preferencesAnswer(wishes), permitted: permittedBy(addresses, topics) },
    }
  }

  /** What the people an item names are known by: offers that wait for their consents are found by it. */
  const subjectsOf = async (workspaceId: string, { identifiers = [], holders = [] }: Needs) => {
    if (holders.length === 0) return identifiers
    const { rows } = await database.query<{ type: string; value: string }>(
      'select type, value from holders where workspace_id = $1 and id = any($2::text[])',
      [workspaceId, holders],
    )
    return [...identifiers, ...rows]
  }

  /** A browser's key speaks for the person of its token, and she is not told whether anybody else is known. */
  const speaksFor = (world: World, { scope, person }: Auth, ref: string): Result<undefined> => {
    if (scope !== 'publishable') return ok(undefined)
    const own = person === undefined ? undefined : world.holders.get(holderIdOf(person))
    const parsed = parseRef(ref, { country: world.workspace.country })
    const named = !parsed.ok
      ? undefined
      : 'personId' in parsed.value
        ? holderIdOf(parsed.value.personId)
        : world.identifiers.get(`${parsed.value.type}:${parsed.value.value}`)
    if (own && named !== undefined && world.holders.get(named)?.personId === own.personId) return ok(undefined)
    const allowed = 'secret, or a publishable key with the personToken of this person'
    return no(refuse(commonRefusals.forbidden, { scope, allowed }))
  }

  const put: Handler<typeof contract.putConsents> = async call => {
    const { auth, body, params, idempotencyKey } = call
    const isServer = auth.scope === 'secret' || auth.scope === 'admin'
    if (!isServer && body.consents.some(it => it.at !== undefined)) {
      return { refusal: refuse(commonRefusals.forbidden, { scope: auth.scope, allowed: 'secret, to say when it was' }) }
    }
    const { workspace, secret } = workspaces.known(auth.workspaceId)
    const isPerson = auth.scope === 'publishable'
    const origin: Origin = {
      channel: auth.channel ?? (isPerson ? 'web' : undefined),
      location: auth.location,
      sourceId: auth.keyId,
    }
    const needs = namedBy([params.ref, auth.person, ...body.consents.map(it => it.address)], workspace.country)
    const outcome = await writer.submit({
      workspaceId: auth.workspaceId,
      needs: { ...needs, ...eventsOfConsents(await subjectsOf(auth.workspaceId, needs), origin) },
      fromBrowser: isPerson,
      weight: 4 + body.consents.length * 3,
      bytes: 2_000 + call.bodyText.length * 3,
      ...(idempotencyKey !== undefined && {
        idempotency: idempotencyHashes(secret, 'putConsents', { ...call, idempotencyKey }),
      }),
      decide: world => {
        const may = speaksFor(world, auth, params.ref)
        if (!may.ok) return may
        const result = putConsents(world, {
          ref: params.ref,
          consents: body.consents,
          preferences: body.preferences,
          by: isPerson ? 'person' : auth.keyId,
          origin,
          ...(isPerson && { own: { remoteAddress: call.remoteAddress } }),
        })
        return result.ok ? { text: result.value, status: 200 } : { refusal: result.refusal }
      },
    })
    return answerOf(outcome)
  }

  const importAll: Handler<typeof contract.importConsents> = async call => {
    const { auth, body, idempotencyKey } = call
    const { workspace, secret } = workspaces.known(auth.workspaceId)
    const outcome = await writer.submit({
      workspaceId: auth.workspaceId,
      needs: namedBy(
        body.consents.map(it => it.address),
        workspace.country,
      ),
      fromBrowser: false,
      weight: body.consents.length * 3,
      bytes: 2_000 + call.bodyText.length * 3,
      ...(idempotencyKey !== undefined && {
        idempotency: idempotencyHashes(secret, 'importConsents', { ...call, idempotencyKey }),
      }),
      decide: world => {
        const result = importConsents(world, body.consents, auth.keyId)
        return result.ok ? { text: result.value, status: 200 } : { refusal: result.refusal }
      },
    })
    return answerOf(outcome)
  }

  const request: Handler<typeof contract.requestConsent> = async call => {
    const { auth, body, params, idempotencyKey } = call
    const { workspaceId } = auth
    const { workspace, secret } = workspaces.known(workspaceId)
    const { channel, purpose, address, textVersion, language } = body
    const outcome = await writer.submit({
      workspaceId,
      needs: namedBy([params.ref, address], workspace.country),
      fromBrowser: false,
      weight: 4,
      bytes: 2_000 + call.bodyText.length * 3,
      ...(idempotencyKey !== undefined && {
        idempotency: idempotencyHashes(secret, 'requestConsent', { ...call, idempotencyKey }),
      }),
      decide: world => {
        const said = {
          by: auth.keyId,
          how: 'doubleOptIn',
          textVersion: textVersion ?? null,
          language: language ?? null,
        } as const
        const result = requestConsent(world, { ref: params.ref, address, channel, purpose, said })
        return result.ok ? { text: JSON.stringify(result.value), status: 201 } : { refusal: result.refusal }
      },
    })
    if (!('text' in outcome)) return answerOf(outcome)
    // What is kept under an Idempotency-Key is what was asked; the link, which must not lie in a table, is made from it anew.
    const { id, holder, at } = JSON.parse(outcome.text) as { id: string; holder: string; at: number }
    const expiresAt = at + requestDays * dayMs
    const link = { holder, channel, purpose, request: id, requestedAt: at, expiresAt }
    const path = `/c/${mintLink(secret, 'confirm', workspaceId, link)}`
    return { status: 201, json: { id, path, expiresAt: formatInstant(expiresAt) } }
  }

  const link: Handler<typeof contract.createPreferenceLink> = async (call): Promise<Answer> => {
    const { auth, body, params } = call
    const { workspace, secret } = workspaces.known(auth.workspaceId)
    const found = await find(call)
    if (!found.ok) return found
    const ref = parseRef(params.ref, { country: workspace.country })
    const { addresses, byId } = found.value
    const address =
      ref.ok && 'type' in ref.value
        ? addresses.find(it => it.type === (ref.value as Address).type && it.value === (ref.value as Address).value)
        : undefined
    const holder = address ?? byId.get(holderIdOf(found.value.id)) ?? addresses[0]!
    const { channel } = body
    const channels = channelsOf(holder.type)
    if (channel !== undefined && channels && !channels.includes(channel)) {
      const details = { type: holder.type, channel, allowed: channels.join(' or ') }
      return { refusal: refuse(consentRefusals.channel_not_of_address, details) }
    }
    const expiresAt = call.now + body.days * dayMs
    const mint = { preferences: mintLink(secret, 'preferences', auth.workspaceId, { holder: holder.id, expiresAt }) }
    const unsubscribe =
      channel && `/u/${mintLink(secret, 'unsubscribe', auth.workspaceId, { holder: holder.id, channel })}`
    return {
      status: 201,
      json: {
        path: `/p/${mint.preferences}`,
        expiresAt: formatInstant(expiresAt),
        unsubscribePath: unsubscribe ?? null,
      },
    }
  }

  const evidence: Handler<typeof contract.getConsentEvidence> = async call => {
    const { cursor, limit } = call.query
    const after = startAfter(cursor)
    if (!after.ok) return after
    const found = await find(call)
    if (!found.ok) return found
    const { byId } = found.value
    const rows = await readLedger(database, call.auth.workspaceId, [...byId.keys()], after.value, limit + 1)
    return {
      json: makePage(
        rows,
        limit,
        row => row.id,
        row => evidenceOf(row, byId.get(row.holder_id)!),
      ),
    }
  }

  async function* evidenceRows(workspaceId: string, byId: ReadonlyMap<string, Address>): AsyncGenerator<string> {
    yield csvHead
    for (let after: string | undefined = ''; after !== undefined; ) {
      const rows: readonly ConsentRow[] = await readLedger(database, workspaceId, [...byId.keys()], after, 1000)
      if (rows.length > 0) yield rows.map(row => csvRow(row, byId.get(row.holder_id)!)).join('')
      after = rows.length === 1000 ? rows.at(-1)!.id : undefined
    }
  }

  const exportAll: Handler<typeof contract.exportConsentEvidence> = async call => {
    const found = await find(call)
    if (!found.ok) return found
    return { stream: Readable.from(evidenceRows(call.auth.workspaceId, found.value.byId)), contentType: 'text/csv' }
  }

  return {
    getConsents: get,
    putConsents: put,
    importConsents: importAll,
    requestConsent: request,
    createPreferenceLink: link,
    getConsentEvidence: evidence,
    exportConsentEvidence: exportAll,
  }
}
