/**
 * What Online Retail comes to as a points programme, from the CSV alone: plain lines, maps and numbers. It shares no code with Tessera, so
 * that the two can only agree by both being right.
 *
 * The programme: 1 point per whole pound of an invoice's goods. Cancelled goods take back what is earned on what is kept less than on all;
 * out of the points of that very invoice first, then those that end first, then she owes, and what she earns next pays it. Points last six
 * months: the last day is that of the same number, or the last of a shorter month, inclusive, in UTC. Days, months and "now" are the data's;
 * it ends with the last day of the file.
 *
 * What rows mean is written in `src/cli/replay/retail.ts`; here it is done again.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

type Line = { row: number; code: string; price: string; pounds100: number; units: number; left: number }
type Invoice = {
  number: string
  customer: string
  time: string
  lines: Line[]
  huge: boolean
  earned: number
  taken: number
}
type Heap = { of: string; left: number; ends: string; since: string }

export type PointsMonth = { earned: number; takenBack: number; expired: number; closing: number }
export type PointsYear = {
  members: number
  sales: number
  earned: number
  takenBack: number
  expired: number
  closing: number
  months: Record<string, PointsMonth>
}

/** One record: fields between commas, quoted where they hold one; no field of this file has a line break. */
const fieldsOf = (text: string): string[] => {
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (quoted) {
      if (char !== '"') field += char
      else if (text[at + 1] === '"') {
        field += '"'
        at++
      } else quoted = false
    } else if (char === '"') quoted = true
    else if (char === ',') {
      fields.push(field)
      field = ''
    } else field += char
  }
  return [...fields, field]
}

/** The first day on which points of a day are gone. */
const goneOn = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const longest = new Date(Date.UTC(year, month + 6, 0)).getUTCDate()
  return new Date(Date.UTC(year, month + 5, Math.min(date, longest) + 1)).toISOString().slice(0, 10)
}

export const predictPoints = (folder: string, { oneIn, until }: { oneIn: number; until?: string }): PointsYear => {
  const text = gunzipSync(readFileSync(join(folder, 'online-retail.csv.gz'))).toString('utf8')
  const [head, ...rows] = text.split(/\r?\n/)
  const names = fieldsOf(head!)
  const invoices = new Map<string, Invoice>()
  let lastDay = ''
  for (const [index, line] of rows.entries()) {
    if (line === '') continue
    const fields = fieldsOf(line)
    const of = (name: string): string => fields[names.indexOf(name)]!
    const [day, hour] = of('InvoiceDate').split(' ') as [string, string]
    if (until !== undefined && day > until) continue
    if (day > lastDay) lastDay = day
    const customer = of('CustomerID').replace('.0', '')
    if (customer === '' || Number(customer) % oneIn !== 0) continue
    if (!/^[0-9]{5}/.test(of('StockCode')) || Number(of('UnitPrice')) === 0) continue
    const number = of('InvoiceNo')
    if (!invoices.has(number))
      invoices.set(number, { number, customer, time: `${day} ${hour}`, lines: [], huge: false, earned: 0, taken: 0 })
    const units = Number(of('Quantity'))
    const price = of('UnitPrice')
    invoices.get(number)!.lines.push({
      row: index + 1,
      code: of('StockCode'),
      price: Number(price).toFixed(2),
      pounds100: Math.round(Number(price) * 100),
      units,
      left: units,
    })
  }

  const year: PointsYear = { members: 0, sales: 0, earned: 0, takenBack: 0, expired: 0, closing: 0, months: {} }
  const month = (day: string): PointsMonth => {
    const key = day.slice(0, 7)
    year.months[key] ??= { earned: 0, takenBack: 0, expired: 0, closing: 0 }
    return year.months[key]
  }
  const byCustomer = new Map<string, Invoice[]>()
  for (const invoice of invoices.values())
    byCustomer.set(invoice.customer, [...(byCustomer.get(invoice.customer) ?? []), invoice])

  for (const mine of byCustomer.values()) {
    let heaps: Heap[] = []
    let owes = 0
    const expireBefore = (day: string): void => {
      for (const heap of heaps)
        if (heap.ends <= day) {
          year.expired += heap.left
          month(heap.ends).expired += heap.left
        }
      heaps = heaps.filter(heap => heap.ends > day)
    }
    const cancels = (invoice: Invoice): boolean => invoice.number.startsWith('C')
    mine.sort(
      (a, b) =>
        a.time.localeCompare(b.time) || Number(cancels(a)) - Number(cancels(b)) || a.lines[0]!.row - b.lines[0]!.row,
    )
    const sales: Invoice[] = []
    for (const invoice of mine) {
      const day = invoice.time.slice(0, 10)
      expireBefore(day)
      if (!cancels(invoice)) {
        sales.push(invoice)
        year.sales += 1
        invoice.huge = invoice.lines.reduce((sum, it) => sum + it.units, 0) > 10_000
        invoice.earned = Math.floor(invoice.lines.reduce((sum, it) => sum + it.units * it.pounds100, 0) / 100)
        year.earned += invoice.earned
        month(day).earned += invoice.earned
        const paid = Math.min(owes, invoice.earned)
        owes -= paid
        if (invoice.earned > paid)
          heaps.push({ of: invoice.number, left: invoice.earned - paid, ends: goneOn(day), since: invoice.time })
        continue
      }
      const touched = new Set<Invoice>()
      for (const back of invoice.lines) {
        let rest = -back.units
        for (const sale of [...sales].reverse())
          for (const line of [...sale.lines].reverse()) {
            if (line.code !== back.code || line.price !== back.price) continue
            const units = sale.huge && rest < line.left ? 0 : Math.min(rest, line.left)
            if (units === 0) continue
            rest -= units
            line.left -= units
            touched.add(sale)
          }
      }
      for (const sale of touched) {
        const kept = Math.floor(sale.lines.reduce((sum, it) => sum + it.left * it.pounds100, 0) / 100)
        let due = sale.earned - kept - sale.taken
        sale.taken += due
        year.takenBack += due
        month(day).takenBack += due
        const order = [...heaps].sort(
          (a, b) =>
            Number(b.of === sale.number) - Number(a.of === sale.number) ||
            a.ends.localeCompare(b.ends) ||
            a.since.localeCompare(b.since),
        )
        for (const heap of order) {
          const part = Math.min(due, heap.left)
          heap.left -= part
          due -= part
        }
        owes += due
      }
    }
    // "Now" is the last moment of the last day: what ends with it is there still.
    expireBefore(lastDay)
    year.closing += heaps.reduce((sum, heap) => sum + heap.left, 0) - owes
    if (sales.length > 0) year.members += 1
  }
  let standing = 0
  for (const key of Object.keys(year.months).sort()) {
    const it = year.months[key]!
    standing += it.earned - it.takenBack - it.expired
    it.closing = standing
  }
  return year
}
