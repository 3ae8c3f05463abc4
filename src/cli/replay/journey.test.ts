import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeRealData } from '../../../test/real-data.ts'
import { freshFolder } from '../../../test/stores.ts'
import { readJourney } from './journey.ts'
import { writeSyntheticJourney } from './synthetic.ts'

describeRealData('reading a year of coupons', 'complete-journey', folder => {
  it('finds what the data is known to hold', async () => {
    const journey = await readJourney(folder)
    const lines = journey.baskets.flatMap(basket => basket.lines)
    expect({
      campaigns: journey.campaigns.length,
      sends: journey.sends.length,
      coupons: journey.coupons.length,
      redemptions: journey.redemptions.length,
      households: journey.households.length,
      withTraits: journey.households.filter(household => household.traits).length,
      products: journey.products.size,
      baskets: journey.baskets.length,
      lines: lines.length,
      salesMinor: lines.reduce((sum, line) => sum + line.salesMinor, 0),
    }).toEqual({
      campaigns: 27,
      sends: 6589,
      coupons: 1197,
      redemptions: 2102,
      households: 2379,
      withTraits: 801,
      products: 92_331,
      baskets: 47_243,
      lines: 75_000,
      salesMinor: 23_393_524,
    })
    expect(journey.campaigns[0]).toEqual({ id: '1', type: 'Type B', startDate: '2017-03-03', endDate: '2017-04-09' })
    expect(journey.baskets.at(-1)?.at).toMatch(/^2018-01-01T/)
    expect(journey.coupons.flatMap(coupon => coupon.products)).toHaveLength(116_204 - 4872)
  })
})

describe('reading a folder of campaigns', () => {
  const madeUp = (): string => {
    const folder = freshFolder()
    writeSyntheticJourney(folder, { seed: 7, households: 20 })
    return folder
  }
  const edit = (folder: string, file: string, change: (text: string) => string): void =>
    writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')))

  it('sorts what happened by time and what is made by number', async () => {
    const folder = madeUp()
    writeFileSync(
      join(folder, 'coupons.csv'),
      'coupon_upc,product_id,campaign_id\n500,100,10\n500,100,10\n500,9e+05,10\n500,25,10\n500,3,9\n400,3,10\n',
    )
    writeFileSync(
      join(folder, 'coupon_redemptions.csv'),
      'household_id,coupon_upc,campaign_id,redemption_date\n4,500,9,2023-05-02\n5,500,9,2023-05-01\n3,500,9,2023-05-02\n',
    )
    const journey = await readJourney(folder)
    expect(journey.coupons).toEqual([
      { campaign: '9', code: '500', products: ['3'] },
      { campaign: '10', code: '400', products: ['3'] },
      { campaign: '10', code: '500', products: ['25', '100', '9e+05'] },
    ])
    expect(journey.redemptions.map(({ row, household }) => [row, household])).toEqual([
      [2, '5'],
      [1, '4'],
      [3, '3'],
    ])
  })

  it('joins the lines of a basket', async () => {
    const folder = madeUp()
    const header = 'household_id,store_id,basket_id,product_id,quantity,sales_value,transaction_timestamp'
    const at = '2023-03-01 03:31:57Z'
    writeFileSync(join(folder, 'transactions_sample.csv'), `${header}\n4,1,77,500,2,1.1,${at}\n4,1,77,501,0,0,${at}\n`)
    expect((await readJourney(folder)).baskets).toEqual([
      {
        id: '77',
        household: '4',
        store: '1',
        at: '2023-03-01T03:31:57Z',
        lines: [
          { product: '500', quantity: 2, salesMinor: 110 },
          { product: '501', quantity: 0, salesMinor: 0 },
        ],
      },
    ])
  })

  it('says where to get the data when the folder is not there', async () => {
    const folder = join(freshFolder(), 'nowhere')
    await expect(readJourney(folder)).rejects.toThrow(
      /^There is no folder .*nowhere\. The data is .* or play a made-up year with --synthetic\.$/,
    )
  })

  it('names the files that are missing', async () => {
    const folder = madeUp()
    rmSync(join(folder, 'products.csv'))
    rmSync(join(folder, 'coupons.csv'))
    await expect(readJourney(folder)).rejects.toThrow(/has no coupons\.csv, products\.csv\. The data is/)
  })

  it.each([
    [
      'a header without a needed column',
      'campaigns.csv',
      'household_id',
      'home',
      'campaigns.csv, line 1: the header has no column household_id',
    ],
    [
      'a date in another form',
      'campaign_descriptions.csv',
      /2022-/,
      '2022/',
      'campaign_descriptions.csv, line 2: start_date is "2022/',
    ],
    [
      'a time in another form',
      'transactions_sample.csv',
      /Z\r/,
      '\r',
      'transactions_sample.csv, line 2: transaction_timestamp is "2023-',
    ],
    [
      'a price that is no number',
      'transactions_sample.csv',
      /(?<=\n\d+,\d+,\d+,\d+,\d+,)[^,]+/,
      'x',
      'transactions_sample.csv, line 2: sales_value is "x"',
    ],
    [
      'a send of an unknown campaign',
      'campaigns.csv',
      /\n1,/,
      '\n99,',
      'campaigns.csv, line 2: campaign_descriptions.csv has no campaign 99',
    ],
    [
      'a redemption of an unknown coupon',
      'coupon_redemptions.csv',
      /(?<=\n\d+,)\d+/,
      '5',
      'coupon_redemptions.csv, line 2: coupons.csv has no coupon 5 in',
    ],
  ])('names the line of %s', async (_, file, find, put, message) => {
    const folder = madeUp()
    edit(folder, file, text => text.replace(find, put))
    await expect(readJourney(folder)).rejects.toThrow(message)
  })
})
