import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isOnline } from '../src/cli/replay/identities.ts'

/** Rows of a file as they stand, by the fields of one column; the files of the year have no quotes, as the oracle makes sure. */
const keep = (
  from: string,
  to: string,
  file: string,
  column: string,
  isKept: (field: string, line: string) => boolean,
): string[] => {
  const [header, ...lines] = readFileSync(join(from, file), 'utf8').split(/\r?\n/)
  const at = header!.split(',').indexOf(column)
  const kept = lines.filter(line => line !== '' && isKept(line.split(',')[at]!, line))
  writeFileSync(join(to, file), `${[header, ...kept].join('\r\n')}\r\n`)
  return kept
}

/**
 * Writes the part of a year that its online households lived: everything that is said of who is who is about them, so the persons are
 * those of the whole year, and the rest of it need not be played to find them. Of the coupons those that they redeemed stay, in each
 * of their campaigns; of who redeemed none, the first basket.
 *
 *     writeOnlinePart('../shared/data/complete-journey', folder)   // seven files; two in five households
 */
export const writeOnlinePart = (from: string, to: string): void => {
  for (const file of ['campaign_descriptions.csv', 'products.csv']) copyFileSync(join(from, file), join(to, file))
  for (const file of ['campaigns.csv', 'demographics.csv']) keep(from, to, file, 'household_id', isOnline)
  const redeemed = keep(from, to, 'coupon_redemptions.csv', 'household_id', isOnline)
  const redeeming = new Set(redeemed.map(line => line.split(',')[0]!))
  const codes = new Set(redeemed.map(line => line.split(',')[1]!))
  /** The first basket of each household. */
  const first = new Map<string, string>()
  keep(from, to, 'transactions_sample.csv', 'household_id', (household, line) => {
    const [, , basket] = line.split(',') as [string, string, string]
    if (!first.has(household)) first.set(household, basket)
    return isOnline(household) && (redeeming.has(household) || first.get(household) === basket)
  })
  keep(from, to, 'coupons.csv', 'coupon_upc', code => codes.has(code))
}
