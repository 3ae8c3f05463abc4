import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { describeRealData } from '../real-data.ts'
import { freshFolder } from '../stores.ts'
import { type Journey, type Prediction, predict, readJourney, totals } from './complete-journey.ts'

/** How often each answer is predicted to each wrong question: `dayAfter offer_expired` → 2089. */
const answersPerProbe = (predictions: Prediction[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const { kind, answer } of predictions.flatMap(prediction => prediction.probes)) {
    const key = `${kind} ${'applies' in answer ? 'applies' : answer.refused}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

describeRealData('the oracle over a year of coupons', 'complete-journey', folder => {
  let journey: Journey
  let predictions: Prediction[]
  beforeAll(() => {
    journey = readJourney(folder)
    predictions = predict(journey)
  })

  it('reads what the data is known to hold', () => {
    const types = [...journey.campaigns.values()].map(campaign => campaign.type)
    const ofType = (type: string) => types.filter(item => item === type).length
    const offers = [...journey.offers.values()]
    expect({
      typeA: ofType('Type A'),
      typeB: ofType('Type B'),
      typeC: ofType('Type C'),
      codes: offers.length,
      offers: offers.flat().length,
      codesInSeveralCampaigns: offers.filter(list => list.length > 1).length,
      productRows: journey.productRows,
      baskets: journey.baskets,
    }).toEqual({
      typeA: 4,
      typeB: 17,
      typeC: 6,
      codes: 981,
      offers: 1197,
      codesInSeveralCampaigns: 151,
      productRows: 116_204,
      baskets: { lines: 75_000, baskets: 47_243, households: 2377, stores: 293, salesMinor: 23_393_524 },
    })
  })

  it('predicts that nobody is refused and that nearly all ambiguous redemptions go to the campaign in the data', () => {
    expect(totals(journey, predictions)).toEqual({
      campaigns: 27,
      sends: 6589,
      sentPeople: 1559,
      redemptions: 2102,
      redeemingPeople: 410,
      refused: 0,
      ambiguous: 26,
      sameCampaign: 2092,
    })
  })

  it('predicts that every wrong question is refused', () => {
    expect(answersPerProbe(predictions)).toEqual({
      'notSent not_in_audience': 2102,
      'dayAfter offer_expired': 2089,
      // The day after the household's last campaign, the same coupon was running in a campaign sent to others.
      'dayAfter not_in_audience': 13,
      'otherBasket lines_not_matching': 2102,
      'pastLimit limit_reached': 2102,
    })
  })

  it('spreads the wrong questions over many households and products', () => {
    const asked = (kind: string) =>
      predictions.flatMap(({ probes }) => probes.filter(probe => probe.kind === kind).map(probe => probe.question))
    expect(new Set(asked('notSent').map(question => question.household)).size).toBeGreaterThan(400)
    expect(new Set(asked('otherBasket').map(question => question.product)).size).toBeGreaterThan(400)
  })
})

describe('the oracle over a handmade year', () => {
  const files = {
    'campaign_descriptions.csv': `campaign_id,campaign_type,start_date,end_date
1,Type A,2017-03-01,2017-03-31
2,Type B,2017-03-10,2017-03-20
3,Type C,2017-03-15,2017-04-30
10,Type C,2017-04-01,2017-04-30
4,Type C,2017-04-01,2017-04-30`,
    'campaigns.csv': `campaign_id,household_id
1,7
2,7
1,8
3,9
4,9
10,9
10,10`,
    // 500 is tea, in three campaigns, in the second without product 100; 600 is jam, in two that end on the same day.
    'coupons.csv': `coupon_upc,product_id,campaign_id
500,100,1
500,20,1
500,20,2
500,100,3
600,9e+05,10
600,30,10
600,9e+05,4
600,30,4`,
    'coupon_redemptions.csv': `household_id,coupon_upc,campaign_id,redemption_date
7,500,1,2017-03-20
7,500,1,2017-03-12
7,500,2,2017-03-20
7,500,1,2017-03-20
7,500,1,2017-03-21
9,600,10,2017-04-30`,
    'transactions_sample.csv': `household_id,store_id,basket_id,product_id,quantity,sales_value,transaction_timestamp
7,1,1,20,1,0.1,2017-03-12 10:00:00Z
7,1,1,100,1,0.2,2017-03-12 10:00:00Z`,
  }
  let predictions: Prediction[]
  beforeAll(() => {
    const folder = freshFolder()
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    predictions = predict(readJourney(folder))
  })

  it('takes the redemptions by date, then as they stand in the file', () => {
    expect(predictions.map(({ redemption }) => redemption.row)).toEqual([2, 1, 3, 4, 5, 6])
  })

  it('chooses the campaign that ends first until its uses are taken, then the other, then refuses', () => {
    expect(predictions.map(({ question, answer }) => [question.at.slice(5, 10), question.product, answer])).toEqual([
      ['03-12', '20', { applies: { campaign: '2', code: '500' } }],
      ['03-20', '20', { applies: { campaign: '2', code: '500' } }],
      ['03-20', '20', { applies: { campaign: '1', code: '500' } }],
      ['03-20', '20', { applies: { campaign: '1', code: '500' } }],
      ['03-21', '20', { refused: 'limit_reached', offer: { campaign: '1', code: '500' } }],
      ['04-30', '30', { applies: { campaign: '4', code: '600' } }],
    ])
  })

  it('counts both days of a campaign in', () => {
    expect(predictions.map(({ fitting }) => fitting.map(offer => offer.campaign).join())).toEqual([
      '1,2',
      '1,2',
      '1,2',
      '1,2',
      '1',
      '4,10',
    ])
  })

  const tea = { household: '7', code: '500', product: '20', at: '2017-03-12T12:00:00Z' }
  const jam = { household: '9', code: '600', product: '30', at: '2017-04-30T12:00:00Z' }

  it.each([
    // On 12 March the third tea campaign has not begun; of the two that run, the second ends first.
    {
      row: 2,
      kind: 'notSent',
      question: { ...tea, household: '10' },
      fill: '',
      refused: 'not_in_audience',
      offer: '2',
    },
    // On 1 April both campaigns sent to the household are over, but the third, sent to others, got further.
    {
      row: 2,
      kind: 'dayAfter',
      question: { ...tea, at: '2017-04-01T12:00:00Z' },
      fill: '',
      refused: 'not_in_audience',
      offer: '3',
    },
    {
      row: 2,
      kind: 'otherBasket',
      question: { ...tea, product: '30' },
      fill: '',
      refused: 'lines_not_matching',
      offer: '2',
    },
    { row: 2, kind: 'pastLimit', question: tea, fill: '2,1,1', refused: 'limit_reached', offer: '2' },
    {
      row: 4,
      kind: 'pastLimit',
      question: { ...tea, at: '2017-03-20T12:00:00Z' },
      fill: '',
      refused: 'limit_reached',
      offer: '2',
    },
    // The next household after 9 is 10, which has the jam coupon too; so round again to 7.
    { row: 6, kind: 'notSent', question: { ...jam, household: '7' }, fill: '', refused: 'not_in_audience', offer: '4' },
    {
      row: 6,
      kind: 'dayAfter',
      question: { ...jam, at: '2017-05-01T12:00:00Z' },
      fill: '',
      refused: 'offer_expired',
      offer: '4',
    },
    {
      row: 6,
      kind: 'otherBasket',
      question: { ...jam, product: '100' },
      fill: '',
      refused: 'lines_not_matching',
      offer: '4',
    },
    { row: 6, kind: 'pastLimit', question: jam, fill: '4,10,10', refused: 'limit_reached', offer: '4' },
  ])(
    'answers $kind about row $row with $refused of campaign $offer',
    ({ row, kind, question, fill, refused, offer }) => {
      const probe = predictions.find(item => item.redemption.row === row)?.probes.find(item => item.kind === kind)
      expect(probe?.question).toEqual(question)
      expect(probe?.fill.map(use => use.campaign).join()).toBe(fill)
      expect(probe?.answer).toEqual({ refused, offer: { campaign: offer, code: question.code } })
    },
  )
})
