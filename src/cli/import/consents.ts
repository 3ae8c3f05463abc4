import { validate } from '../../contract/validate.ts'
import { importedConsent } from '../../core/consent/schema.ts'
import type { Identifier } from '../../core/events/schema.ts'
import type { Row } from './input.ts'
import { erased, readOne } from './messages.ts'
import { type Flaw, fieldsOf, identityReader, type ReaderOptions, type Reading, type RowReader } from './reader.ts'

const given = /^(given|granted|subscribed|opted[ _-]?in|opt[ _-]?in|allowed)$/i
const withdrawn = /^(withdrawn|revoked|unsubscribed|opted[ _-]?out|opt[ _-]?out|denied)$/i
const asked = /^(requested|pending|unconfirmed)$/i

/** The type of address that a channel reaches, where a row names a person in several ways. */
const addressTypes: Readonly<Record<string, string>> = {
  email: 'email',
  sms: 'phone',
  call: 'phone',
  whatsapp: 'whatsapp',
  push: 'device',
}

const addressFor = (channel: string, identifiers: readonly Identifier[]): Identifier | undefined =>
  identifiers.find(({ type }) => type === addressTypes[channel]) ??
  (channel === 'whatsapp' ? identifiers.find(({ type }) => type === 'phone') : undefined) ??
  identifiers[0]

/** Entries of the consent ledger, as they were given or withdrawn elsewhere. */
export const consentsReader = ({ mapping, cells, country }: ReaderOptions): RowReader => {
  const fields = fieldsOf(mapping, cells)
  const identifiersOf = identityReader(mapping, country)
  const optional = (row: Row, name: 'how' | 'textVersion' | 'language') => {
    const text = fields.text(row, name)
    return text === '' ? {} : { [name]: text }
  }
  const counts: Record<string, number> = {}
  let entries = 0
  return {
    take: row => {
      let key = ''
      const read = (flaw: Flaw): Reading => {
        const gone = erased(fields, row)
        if (gone) return gone
        const told = fields.text(row, 'state')
        if (asked.test(told)) return { leftOut: [row], reason: `${told}: no permission, nothing to import` }
        const flag = cells.flag(told)
        const isGiven = given.test(told) || flag === true
        const state = isGiven ? 'given' : withdrawn.test(told) || flag === false ? 'withdrawn' : ''
        if (state === '') flaw('state: neither given nor withdrawn')
        const identifiers = identifiersOf(row, flaw)
        const channel = fields.text(row, 'channel')
        const address = addressFor(channel, identifiers)
        if (!address)
          flaw('names no address: email:ana@example.com, or a column with e-mail addresses or phone numbers')
        const evidence = fields.json(row, 'evidence', flaw)
        const at = fields.instant(row, 'at', flaw)
        const message = {
          address: address ? `${address.type}:${address.value}` : '',
          channel,
          purpose: fields.text(row, 'purpose'),
          state,
          ...(at !== undefined && { at }),
          ...optional(row, 'how'),
          ...optional(row, 'textVersion'),
          ...optional(row, 'language'),
          ...(Object.keys(evidence).length > 0 && { evidence }),
        }
        const checked = validate(importedConsent, message, 'body')
        if (!checked.ok) flaw(`${checked.errors[0]!.pointer.slice(1)}: ${checked.errors[0]!.message}`)
        key = `${channel}/${message.purpose} ${state}`
        return { item: { rows: [row], message } }
      }
      return readOne(row, read, () => {
        entries += 1
        counts[key] = (counts[key] ?? 0) + 1
      })
    },
    end: () => [],
    made: () => ({ entries, states: counts }),
  }
}
