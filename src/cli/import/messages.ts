import { findFlaw, jsonBytes, maxEventBytes } from '../../core/events/size.ts'
import { channelName } from '../../core/kernel/schema.ts'
import type { Row } from './input.ts'
import {
  type Fields,
  type Flaw,
  fieldsOf,
  type Item,
  identityReader,
  type ReaderOptions,
  type Reading,
  senderOf,
} from './reader.ts'

/** What every event of an import says of itself: it tells of the past, so that no offer answers it. */
export const historyContext = (
  given: Readonly<Record<string, unknown>>,
  {
    channel,
    source,
    verified,
    externalIds,
  }: {
    readonly channel: string
    readonly source: string | undefined
    readonly verified: boolean
    readonly externalIds: readonly object[]
  },
) => {
  const ids = [...(Array.isArray(given.externalIds) ? (given.externalIds as readonly unknown[]) : []), ...externalIds]
  return {
    ...given,
    history: true,
    ...(channel !== '' && { channel }),
    ...(source !== undefined && { source }),
    ...(!verified && { verified: false }),
    ...(ids.length > 0 && { externalIds: ids }),
  }
}

export const namesNobody = 'names nobody: no e-mail address, phone number, user id or other identifier'

/** The channel a row names, which has to be one. */
export const channelOf = (fields: Fields, row: Row, flaw: Flaw): string => {
  const channel = fields.text(row, 'channel')
  if (channel !== '' && !channelName.safeParse(channel).success) flaw('channel: no short name such as store')
  return channel
}

/**
 * Who a row names, on which channel, and how sure that is: what an event of the past is told with.
 *
 *     const { ids, contextOf } = senderReader(options)(row, flaw)
 *     contextOf({})   // { history: true, channel: 'store', externalIds: [email, loyaltyCard] }
 */
export const senderReader = ({ mapping, cells, country, verified, source }: ReaderOptions) => {
  const fields = fieldsOf(mapping, cells)
  const identifiersOf = identityReader(mapping, country)
  return (row: Row, flaw: Flaw) => {
    const identifiers = identifiersOf(row, flaw)
    if (identifiers.length === 0) flaw(namesNobody)
    const channel = channelOf(fields, row, flaw)
    const isVerified = fields.flag(row, 'verified', flaw) ?? verified
    const { ids, externalIds } = senderOf(identifiers)
    const contextOf = (given: Readonly<Record<string, unknown>>) =>
      historyContext(given, { channel, source, verified: isVerified, externalIds })
    return { identifiers, ids, contextOf }
  }
}

/** The message of a row as what is sent, or why it cannot be stored. */
export const messageReading = (rows: readonly Row[], message: Item['message']): Reading => {
  const [first] = rows
  const flaw = findFlaw(message)
  if (flaw) return { bad: first!, reason: `text that cannot be stored: it ${flaw.message}` }
  const bytes = jsonBytes(message)
  if (bytes > maxEventBytes)
    return {
      bad: first!,
      reason: `more than ${maxEventBytes} bytes`,
      why: `more than ${maxEventBytes} bytes: ${bytes}`,
    }
  return { item: { rows, message } }
}

/** Runs the reading of one row; the first flaw makes it a bad one, else `count` is told that it is good. */
export const readOne = (
  row: Row,
  read: (flaw: Flaw) => Reading | undefined,
  count: () => void = () => {},
): readonly Reading[] => {
  if (row.mistake !== undefined) return [{ bad: row, reason: row.mistake }]
  let bad: Reading | undefined
  const reading = read((reason, why) => {
    bad ??= { bad: row, reason, ...(why !== undefined && { why }) }
  })
  if (bad) return [bad]
  if (!reading) return []
  if ('item' in reading) count()
  return [reading]
}

/** Of somebody who was erased an export tells nothing more. */
export const erased = (fields: Fields, row: Row): Reading | undefined =>
  fields.text(row, 'erasedAt') === '' ? undefined : { leftOut: [row], reason: 'erased: nothing to import' }
