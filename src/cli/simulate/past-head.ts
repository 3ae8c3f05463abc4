import { currencyDecimals, isCurrency } from '../../core/kernel/money.ts'
import { channelName } from '../../core/kernel/schema.ts'
import { parseRef } from '../../core/people/ref.ts'
import { type CellMoney, moneyReader, ownCopy, remembering, told } from './past-cells.ts'
import type { PastColumns } from './past-columns.ts'
import { pastInstantReader } from './past-instant.ts'
import type { PastOrder, PastOrdersOptions } from './past-order.ts'

/** What holds for a whole order, with the reader of its currency's amounts. */
export type PastHead = Omit<PastOrder, 'id' | 'codes' | 'lines'> & {
  readonly decimals: number
  readonly readMoney: (text: string) => CellMoney | undefined
}

const longestLocation = 80

/**
 * A bare customer number is a `customerId`, with a colon it is `type:value`. A number column with gaps leaves many a tool as
 * 17850.0.
 */
const customerRef = (text: string): string =>
  /^per_|:/.test(text) ? text : `customerId:${/^\d+\.0$/.test(text) ? text.slice(0, -2) : text}`

const personOf = (text: string): string | undefined => {
  const ref = parseRef(text)
  if (!ref.ok) return undefined
  return ownCopy('personId' in ref.value ? ref.value.personId : `${ref.value.type}:${ref.value.value}`)
}

/**
 * Reads what the first row of an order says about all of it, or says in a sentence why it cannot. An order without a customer,
 * or with one that is no usable identifier, has no person, as a purchase at a till.
 *
 *     headReader(columns, { currency: 'GBP', timeZone: 'Europe/London' })(fields)
 *     // { at: 1291191960000, person: 'customerId:17850', channel: 'web', currency: 'GBP', … }
 */
export const headReader = (
  columns: PastColumns,
  options: PastOrdersOptions,
): ((fields: readonly string[]) => PastHead | string) => {
  const readInstant = pastInstantReader(options.timeZone)
  const readCustomer = remembering(text => personOf(customerRef(text)))
  const readEmail = remembering(text => personOf(`email:${text}`))
  const kept = remembering(ownCopy)
  const moneyReaders = new Map<number, PastHead['readMoney']>()
  const moneyReaderOf = (decimals: number): PastHead['readMoney'] => {
    const reader = moneyReaders.get(decimals) ?? moneyReader(decimals)
    moneyReaders.set(decimals, reader)
    return reader
  }

  return fields => {
    const cell = (column: number | undefined): string => (column === undefined ? '' : fields[column]!.trim())
    const date = cell(columns.date)
    const at = readInstant(date)
    if (at === undefined) return `the date is no time such as 2010-12-01 08:26:00: ${told(date)}`
    const currency = cell(columns.currency).toUpperCase() || options.currency
    if (!isCurrency(currency)) return `no ISO 4217 currency: ${told(currency)}`
    const channel = cell(columns.channel) || (options.channel ?? 'web')
    if (!channelName.safeParse(channel).success) return `the channel is no short name such as web: ${told(channel)}`
    const location = cell(columns.location) || undefined
    if (location !== undefined && location.length > longestLocation)
      return `a location has at most ${longestLocation} letters: ${told(location)}`
    const decimals = currencyDecimals(currency)
    const readMoney = moneyReaderOf(decimals)
    const shipping = readMoney(cell(columns.shipping) || '0')
    if (shipping === undefined || shipping.minor < 0)
      return `the shipping is no amount such as 4.90: ${told(cell(columns.shipping))}`
    const customer = cell(columns.customer)
    const email = cell(columns.email)
    return {
      at,
      person: customer !== '' ? readCustomer(customer) : email !== '' ? readEmail(email) : undefined,
      channel: kept(channel),
      location: location && kept(location),
      country: kept(cell(columns.country)) || undefined,
      currency,
      shipping: shipping.minor,
      decimals,
      readMoney,
    }
  }
}
