import type * as contract from '../../contract/packs.ts'
import type { PackSeen } from '../../contract/packs.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { formatInstant, parseInstant } from '../../core/kernel/time.ts'
import { issuePack, mayApplyOffline, surplusOf } from '../../core/loop/issue-pack.ts'
import { closePack, type EntrySettled, settleEntry, writeOffPack } from '../../core/loop/settle-entry.ts'
import type { StoredEntry, StoredPack, World } from '../../core/loop/world.ts'
import { normalizeCode } from '../../core/offers/code.ts'
import type { LiveOffer } from '../../core/offers/live-offer.ts'
import { collectionsAsked } from '../../core/packs/decide-offline.ts'
import { entryText } from '../../core/packs/journal.ts'
import { packText } from '../../core/packs/pack.ts'
import { journalRefusals } from '../../core/packs/refusals.ts'
import type { Difference, JournalEntry } from '../../core/packs/schema.ts'
import { idempotencyHashes } from '../change.ts'
import type { Needs, Outcome } from '../commit/item.ts'
import { entryColumns, packColumns, selectList } from '../commit/tables.ts'
import type { Auth, Handler } from '../http/call.ts'
import { missingOf, readPacks } from '../packs/read-packs.ts'
import { makePage, startAfter } from '../page.ts'
import { needsOfRefs } from '../people/needs-of-refs.ts'
import type { Services } from '../services.ts'
import { hmacOf, isSignedBy, makeSigners, sha256 } from '../signer.ts'
import { answerOf } from './orders.ts'

/** Codes that anybody may use: so many travel in a pack, of the offers that it holds. */
const mostSharedCodes = 10_000
/** A pack reads and writes a row for each limit: nobody else waits in its batch. */
const heavy = 512

type SettledEntry = { readonly id: string } & (
  | EntrySettled
  | {
      readonly state: 'refused'
      readonly differences: []
      readonly refusal: { code: string; message: string; details: Record<string, unknown> }
    }
)

export const packsHandlers = (services: Services) => {
  const { database, writer, workspaces, random } = services
  const signerOf = makeSigners({ database, workspaces })

  const offersFor = async (workspaceId: string, channel: string, from: number, until: number) =>
    writer.look(workspaceId, {}, world =>
      [...world.catalogue.offers.values()].filter(offer => mayApplyOffline(offer, { channel, from, until })),
    )

  /** What lies outside the world: SKUs of the collections that offers ask for, and codes that anybody may use. */
  const aboutOffers = async (workspaceId: string, offers: readonly LiveOffer[]) => {
    const ids = offers.flatMap(it => (it.terms.trigger.on === 'code' ? it.id : []))
    const [items, codes, tills] = await Promise.all([
      database.query<{ id: string; sku: string }>(
        `select i.collection_id as id, i.sku from unnest($2::text[]) as k(id)
         join collections c on c.workspace_id = $1 and c.id = k.id
         join collection_items i on i.workspace_id = $1 and i.collection_id = k.id and i.generation = c.generation
         order by i.collection_id, i.sku`,
        [workspaceId, collectionsAsked(offers)],
      ),
      database.query<{ code: string; offerId: string }>(
        `select c.code, c.offer_id as "offerId" from unnest($2::text[]) as k(id) cross join lateral (
           select * from codes where workspace_id = $1 and offer_id = k.id and shared and blocked_at is null
           order by code limit 1000) c
         limit ${mostSharedCodes}`,
        [workspaceId, ids],
      ),
      database.query<{ location: string | null; count: number }>(
        `select location, count(*)::int4 as count from api_keys
         where workspace_id = $1 and scope = 'till' and revoked_at is null group by location`,
        [workspaceId],
      ),
    ])
    const collections: Record<string, string[]> = {}
    for (const { id, sku } of items.rows) {
      const skus = collections[id] ?? []
      collections[id] = skus
      skus.push(sku)
    }
    return { collections, sharedCodes: codes.rows, tills: tills.rows }
  }

  const issue: Handler<typeof contract.issuePack> = async ({ auth, body, now }) => {
    const { workspaceId, keyId, channel, location } = auth
    if (channel === undefined || location === undefined)
      return { refusal: refuse(journalRefusals.pack_location_missing) }
    const { workspace } = workspaces.known(workspaceId)
    const lifeMs = body.hours * 3_600_000
    const signer = await signerOf(workspaceId)
    const about = await aboutOffers(workspaceId, await offersFor(workspaceId, channel, now, now + lifeMs))
    const newHashKey = Buffer.from(random(32)).toString('base64url')
    const outcome = await writer.submit({
      workspaceId,
      needs: {
        ...needsOfRefs(body.people, workspace.country),
        devices: [body.device],
        codes: body.codes.map(normalizeCode),
        issues: { channel, location, at: now, until: now + lifeMs },
      },
      fromBrowser: false,
      weight: heavy,
      bytes: 100_000,
      decide: world => {
        const issued = issuePack(world, {
          device: body.device,
          keyId,
          channel,
          location,
          sequence: body.sequence,
          lifeMs,
          tills: Math.max(
            1,
            about.tills.reduce((sum, it) => sum + it.count, 0),
          ),
          tillsHere: Math.max(1, about.tills.find(it => it.location === location)?.count ?? 0),
          people: body.people,
          codes: body.codes,
          collections: about.collections,
          sharedCodes: about.sharedCodes,
          publicKey: signer.publicKey,
          newHashKey,
          hash: hmacOf,
        })
        if (!issued.ok) return { refusal: issued.refusal }
        const { pack, unknown } = issued.value
        const signed = { pack, signature: signer.sign(packText(pack)), publicKey: signer.publicKey, unknown }
        return { text: JSON.stringify(signed), status: 200 }
      },
    })
    return answerOf(outcome)
  }

  const packOf = async (workspaceId: string, id: string): Promise<StoredPack | undefined> =>
    (
      await database.query<StoredPack>(
        `select ${selectList(packColumns, 'p')} from packs p where workspace_id = $1 and id = $2`,
        [workspaceId, id],
      )
    ).rows[0]

  const needsOf = (auth: Auth, pack: StoredPack, entry: JournalEntry): Needs => {
    const needs: Needs = {
      packs: [pack.id],
      entries: [{ packId: pack.id, id: entry.id, sequence: entry.sequence }],
    }
    switch (entry.kind) {
      case 'sale': {
        const { workspace } = workspaces.known(auth.workspaceId)
        return {
          ...needs,
          ...needsOfRefs([entry.person], workspace.country),
          orders: [entry.order],
          codes: entry.codes.map(normalizeCode),
          skus: [...new Set(entry.lines.map(it => it.sku))],
          place: {
            at: parseInstant(entry.at)!,
            channel: pack.channel,
            location: pack.location,
            currency: entry.currency,
            categories: entry.lines.flatMap(line => line.category ?? []),
            told: entry.told.applied.map(it => it.offer),
          },
        }
      }
      case 'return':
        return { ...needs, orders: [entry.order], returns: [{ orderId: entry.order, id: entry.return.id }] }
      case 'giveBack':
        return { ...needs, counters: entry.slices.map(it => ({ offerId: it.offer, bucket: it.bucket })) }
      case 'close':
        return needs
    }
  }

  const submit = (auth: Auth, needs: Needs, weight: number, decide: (world: World) => Outcome): Promise<Outcome> =>
    writer.submit({ workspaceId: auth.workspaceId, needs, fromBrowser: false, weight, bytes: 8_000, decide })

  /** A full queue is busy with what is more urgent: the till sends what is not settled again. */
  const settleOne = async (auth: Auth, pack: StoredPack, entry: JournalEntry): Promise<SettledEntry> => {
    const refused = (refusal: { code: string; message: string; details: object }): SettledEntry => {
      const { code, message, details } = refusal
      return { id: entry.id, state: 'refused', differences: [], refusal: { code, message, details: { ...details } } }
    }
    const text = entryText(entry)
    if (!isSignedBy(pack.deviceKey, text, entry.signature))
      return refused(refuse(journalRefusals.journal_signature_invalid, { id: entry.id }))
    const hash = sha256(text)
    const weight = entry.kind === 'sale' ? 6 + entry.codes.length + Math.floor(entry.lines.length / 8) : 64
    const outcome = await submit(auth, needsOf(auth, pack, entry), weight, world => {
      const settled = settleEntry(world, { packId: pack.id, entry, hash })
      return settled.ok ? { text: JSON.stringify(settled.value), status: 200 } : { refusal: settled.refusal }
    })
    return 'refusal' in outcome
      ? refused(outcome.refusal)
      : { id: entry.id, ...(JSON.parse(outcome.text) as EntrySettled) }
  }

  /** Goods that came back before the order they are of had arrived, from this till or another. */
  const settleWaiting = async (auth: Auth, orders: readonly string[]): Promise<void> => {
    const { rows } = await database.query<StoredEntry>(
      `select ${selectList(entryColumns, 'e')} from unnest($2::text[]) as k(id) cross join lateral (
         select * from pack_entries where workspace_id = $1 and order_id = k.id and state = 'waiting' offset 0) e
       order by e.sequence`,
      [auth.workspaceId, [...new Set(orders)]],
    )
    for (const { packId, body } of rows) {
      const pack = await packOf(auth.workspaceId, packId)
      await settleOne(auth, pack!, body as JournalEntry)
    }
  }

  const settle: Handler<typeof contract.settleJournal> = async ({ auth, params: { id }, body: { entries } }) => {
    const pack = await packOf(auth.workspaceId, id)
    if (!pack || (auth.scope === 'till' && pack.keyId !== auth.keyId))
      return { refusal: refuse(journalRefusals.pack_not_found, { id }) }
    const settled = await Promise.all(entries.map(entry => settleOne(auth, pack, entry)))
    const sold = entries.flatMap(it => (it.kind === 'sale' ? it.order : []))
    if (sold.length > 0) await settleWaiting(auth, sold)
    const now = (await packOf(auth.workspaceId, id))!
    if (now.state === 'closing' && now.entries >= now.closesAt!)
      await submit(auth, { packs: [id], endsPacks: true }, heavy, world => {
        closePack(world, id)
        return { text: '', status: 200 }
      })
    const then = (await packOf(auth.workspaceId, id))!
    const wanted =
      then.state === 'open'
        ? await writer.look(auth.workspaceId, { packs: [id], endsPacks: true }, world => surplusOf(world, id, 1))
        : []
    return {
      json: {
        entries: settled,
        pack: { state: then.state, entries: then.entries, last: then.lastSequence, missing: missingOf(then) },
        wanted,
      },
    }
  }

  const one = async (workspaceId: string, id: string): Promise<PackSeen | undefined> =>
    (await readPacks(database, workspaceId, 'p.id = $2', [id]))[0]

  const list: Handler<typeof contract.listPacks> = async ({ query, auth: { workspaceId } }) => {
    const start = startAfter(query.cursor)
    if (!start.ok) return start
    const rows = await readPacks(
      database,
      workspaceId,
      "($2 = '' or p.id < $2) and ($3::text is null or p.state = $3) order by p.id desc limit $4",
      [start.value, query.state ?? null, query.limit + 1],
    )
    return {
      json: makePage(
        rows,
        query.limit,
        row => row.id,
        row => row,
      ),
    }
  }

  const get: Handler<typeof contract.getPack> = async ({ params: { id }, auth: { workspaceId } }) => {
    const seen = await one(workspaceId, id)
    return seen ? { json: seen } : { refusal: refuse(journalRefusals.pack_not_found, { id }) }
  }

  const journal: Handler<typeof contract.listJournal> = async ({ params: { id }, query, auth: { workspaceId } }) => {
    const start = startAfter(query.cursor)
    if (!start.ok) return start
    if (!(await packOf(workspaceId, id))) return { refusal: refuse(journalRefusals.pack_not_found, { id }) }
    const { rows } = await database.query<StoredEntry>(
      `select ${selectList(entryColumns, 'e')} from pack_entries e
       where workspace_id = $1 and pack_id = $2 and (lpad(sequence::text, 10, '0') || ' ' || id) > $3 order by sequence, id limit $4`,
      [workspaceId, id, start.value, query.limit + 1],
    )
    const answer = (row: StoredEntry) => ({
      id: row.id,
      sequence: row.sequence,
      kind: row.kind,
      order: row.orderId,
      at: formatInstant(row.at),
      receivedAt: formatInstant(row.receivedAt),
      state: row.state,
      differences: row.differences as readonly Difference[],
    })
    const keyOf = ({ sequence, id: entry }: StoredEntry) => `${String(sequence).padStart(10, '0')} ${entry}`
    return { json: makePage(rows, query.limit, keyOf, answer) }
  }

  const writeOff: Handler<typeof contract.writeOffPack> = async call => {
    const { auth, params, body, idempotencyKey } = call
    const { workspaceId, keyId } = auth
    const { secret } = workspaces.known(workspaceId)
    const outcome = await writer.submit({
      workspaceId,
      needs: { packs: [params.id], endsPacks: true },
      fromBrowser: false,
      weight: heavy,
      bytes: 8_000,
      ...(idempotencyKey !== undefined && {
        idempotency: idempotencyHashes(secret, 'writeOffPack', { ...call, idempotencyKey }),
      }),
      decide: world => {
        const written = writeOffPack(world, params.id, keyId)
        if (!written.ok) return { refusal: written.refusal }
        world.changes.newAudits.push({
          id: world.newId('aud'),
          at: world.now,
          keyId,
          action: 'writeOffPack',
          subject: params.id,
          details: { reason: body.reason },
        })
        return { text: '{}', status: 200 }
      },
    })
    return 'refusal' in outcome ? answerOf(outcome) : { json: (await one(workspaceId, params.id))! }
  }

  return {
    issuePack: issue,
    listPacks: list,
    getPack: get,
    settleJournal: settle,
    listJournal: journal,
    writeOffPack: writeOff,
  }
}
