import { csvLine } from '../../core/kernel/csv.ts'
import type { Batch, ConsentImported, Tessera } from '../../sdk/index.ts'
import { TesseraRefusal } from '../../sdk/index.ts'
import type { Item } from './reader.ts'

/** What a call did with some items; `refused` are places among them. */
export type Sent = {
  readonly stored: number
  /** Had come before and changed nothing. */
  readonly known: number
  readonly refused: readonly { readonly place: number; readonly why: string }[]
}

export type Send = (items: readonly Item[]) => Promise<Sent>

/**
 * Calls take all or nothing and name what they cannot take: those are put aside and the others sent again, so one bad row costs no
 * other. `list` is where the items lie in the body: mistakes point to `/batch/7/…`.
 */
const withoutRefused =
  (
    list: string,
    refusals: readonly string[],
    call: (items: readonly Item[]) => Promise<{ stored: number; known: number }>,
  ): Send =>
  async items => {
    const refused = new Map<number, string>()
    for (;;) {
      const left = [...items.keys()].filter(place => !refused.has(place))
      const told = () => [...refused].map(([place, why]) => ({ place, why }))
      if (left.length === 0) return { stored: 0, known: 0, refused: told() }
      try {
        const { stored, known } = await call(left.map(place => items[place]!))
        return { stored, known, refused: told() }
      } catch (error) {
        if (!(error instanceof TesseraRefusal) || !refusals.includes(error.code)) throw error
        const before = refused.size
        for (const { pointer, message } of error.errors) {
          const [, at, inside] = new RegExp(`^/${list}/(\\d+)(.*)$`).exec(pointer) ?? []
          const place = at === undefined ? undefined : left[Number(at)]
          if (place !== undefined && !refused.has(place)) refused.set(place, `${inside!.slice(1)} ${message}`.trim())
        }
        if (refused.size === before) throw error
      }
    }
  }

/** Sends events. Their message ids tell which have come before. */
export const sendEvents = (tessera: Pick<Tessera, 'batch'>): Send =>
  withoutRefused('batch', ['events_invalid'], async items =>
    // What an event is was read row by row, and the server reads it again.
    tessera.batch({ batch: items.map(({ message }) => message) as Batch['batch'] }),
  )

const consentRefusals = [
  'invalid_input',
  'identifier_invalid',
  'person_not_found',
  'channel_not_of_address',
  'topic_unknown',
  'consent_in_future',
]

/** Sends entries of the consent ledger; a call that is sent again after its answer was lost is known by its key. */
export const sendConsents = (tessera: Pick<Tessera, 'importConsents'>, idPrefix: string): Send =>
  withoutRefused('consents', consentRefusals, async items => {
    const idempotencyKey = `${idPrefix}-${items[0]!.rows[0]!.line}-${items.length}`
    const consents = items.map(({ message }) => message) as ConsentImported[]
    const { recorded } = await tessera.importConsents({ consents }, { idempotencyKey })
    return { stored: recorded, known: 0 }
  })

/**
 * Sends the members of lists, each list in one stream, which replaces it all at once when it has ended: `end` the last one. A list
 * that is not there yet is made.
 */
export const sendMembers = (tessera: Tessera): { readonly send: Send; readonly end: () => Promise<void> } => {
  let open: { segment: string; writer: WritableStreamDefaultWriter<Uint8Array>; answer: Promise<unknown> } | undefined
  const end = async (): Promise<void> => {
    if (!open) return
    const { writer, answer } = open
    open = undefined
    await writer.close()
    await answer
  }
  const start = async (segment: string): Promise<void> => {
    try {
      await tessera.getSegment(segment)
    } catch (error) {
      if (!(error instanceof TesseraRefusal) || error.code !== 'segment_not_found') throw error
      await tessera.putSegment(segment, { kind: 'list' })
    }
    const stream = new TransformStream<Uint8Array, Uint8Array>()
    const answer = tessera.importSegmentPeople(segment, stream.readable)
    // Whoever writes is told of the refusal; until then nobody waits for the answer.
    answer.catch(() => {})
    open = { segment, writer: stream.writable.getWriter(), answer }
  }
  const bytes = new TextEncoder()
  const send: Send = async items => {
    for (const { message } of items) {
      const { segment, identifier } = message as { segment: string; identifier: string }
      if (open?.segment !== segment) {
        await end()
        await start(segment)
      }
      const { writer, answer } = open!
      // A server that refuses the file reads no further, so that writing alone would wait for ever.
      await Promise.race([
        writer.ready.then(() => writer.write(bytes.encode(csvLine([identifier])))),
        answer.then(() => undefined),
      ])
    }
    return { stored: items.length, known: 0, refused: [] }
  }
  return { send, end }
}
