import { validate } from '../../contract/validate.ts'
import { importedConsent } from '../../core/consent/schema.ts'
import { textOf } from './cells.ts'
import { erased, readOne } from './messages.ts'
import { fieldsOf, identityReader, type ReaderOptions, type RowReader } from './reader.ts'

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

/** Entries of the consent ledger, as they were given or withdrawn elsewhere. */
export const consentsReader = ({ mapping, cells, country }: ReaderOptions): RowReader => {
  const fields = fieldsOf(mapping, cells)
  const identifiersOf = identityReader(mapping, country)
  const counts: Record<string, number> = {}
  let entries = 0
  return {
    take: row =>
      readOne(row, flaw => {
        const gone = erased(fields, row)
        if (gone) return gone
        const told = fields.text(row, 'state')
        if (asked.test(told)) return { leftOut: [row], reason: `${told}: no permission, nothing to import` }
        const flag = cells.flag(told)
        const state =
          given.test(told) || flag === true ? 'given' : withdrawn.test(told) || flag === false ? 'withdrawn' : ''
        if (state === '') flaw('state: neither given nor withdrawn')
        const identifiers = identifiersOf(row, flaw)
        const channel = fields.text(row, 'channel')
        const wanted = addressTypes[channel]
        const address =
          identifiers.find(({ type }) => type === wanted) ??
          (channel === 'whatsapp' ? identifiers.find(({ type }) => type === 'phone') : undefined) ??
          identifiers[0]
        if (!address)
          flaw('names no address: email:ana@example.com, or a column with e-mail addresses or phone numbers')
        const evidence = fields.json(row, 'evidence', flaw)
        const optional = (name: 'how' | 'textVersion' | 'language') => {
          const text = textOf(fields.text(row, name))
          return text === '' ? {} : { [name]: text }
        }
        const at = fields.instant(row, 'at', flaw)
        const message = {
          address: address ? `${address.type}:${address.value}` : '',
          channel,
          purpose: fields.text(row, 'purpose'),
          state,
          ...(at !== undefined && { at }),
          ...optional('how'),
          ...optional('textVersion'),
          ...optional('language'),
          ...(Object.keys(evidence).length > 0 && { evidence }),
        }
        const read = validate(importedConsent, message, 'body')
        if (!read.ok) flaw(`${read.errors[0]!.pointer.slice(1)}: ${read.errors[0]!.message}`)
        else {
          entries += 1
          const key = `${channel}/${message.purpose} ${state}`
          counts[key] = (counts[key] ?? 0) + 1
        }
        return { item: { rows: [row], message } }
      }),
    end: () => [],
    made: () => ({ entries, states: counts }),
  }
}
