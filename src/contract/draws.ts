import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { catalogueRefusals } from '../core/offers/refusals.ts'
import { offerId } from '../core/offers/schema.ts'
import { personId } from '../core/people/schema.ts'
import { defineEndpoint } from './endpoint.ts'

const draw = z
  .strictObject({
    person: personId,
    version: z.int().meta({ description: 'Of the offer' }),
    period: z.string().meta({ description: '`ever`, or the period of the offer, in which there is one draw a person' }),
    draw: z.int().meta({ description: 'From 0; the lowest `wins` numbers of `outOf` win' }),
    wins: z.int(),
    outOf: z.int(),
    won: z.boolean(),
    verified: z.boolean().meta({
      description:
        'Drawn again for this answer, from the workspace’s secret, the offer’s version, the person’s oldest identifier of then and the period, and it is the same',
    }),
    cause: z.string().meta({ description: 'The order it was drawn at, or `event/` and the message' }),
    at: instant,
  })
  .meta({ id: 'Draw' })

const draws = pageOf(draw)
  .extend({
    totals: z.strictObject({
      drawn: z.int(),
      won: z.int(),
      expected: z.number().meta({ description: 'Wins that the odds promise for so many draws' }),
    }),
  })
  .meta({ id: 'Draws' })

export const listDraws = defineEndpoint({
  name: 'listDraws',
  method: 'GET',
  path: '/v1/offers/{id}/draws',
  summary: 'The draws of a surprise, by version and person, and whether the odds were kept',
  description:
    'Every draw is kept, won or lost, also where the winner then met a limit or is held out. A number is the first 8 bytes of HMAC-SHA256 with the workspace’s secret, as a fraction of 2^64, times `outOf`: nobody can foresee it, asking again or under another order id does not change it, and each is computed again here.',
  tag: 'Offers',
  scopes: ['admin', 'secret'],
  params: z.strictObject({ id: offerId }),
  query: pageQuery,
  answer: { 200: draws },
  refusals: [catalogueRefusals.offer_not_found],
  example: {
    params: { id: 'off_01kjm6jm000000000000000000' },
    answer: {
      data: [
        {
          person: 'per_01kjm6jm000000000000000000',
          version: 1,
          period: 'month=2026-03',
          draw: 0,
          wins: 1,
          outOf: 20,
          won: true,
          verified: true,
          cause: 'web-1001',
          at: '2026-03-01T09:00:00.000Z',
        },
      ],
      nextCursor: null,
      totals: { drawn: 1, won: 1, expected: 0.05 },
    },
  },
})

export const drawEndpoints = [listDraws] as const
