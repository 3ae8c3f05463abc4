import { z } from 'zod'
import { maxExpressionLength } from '../rules/expression.ts'
import { mostDays } from '../rules/history.ts'

/** Words that CEL keeps for itself, also behind a dot. */
const reserved = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  ),
)

export const computedTraitName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9_]{0,39}$/, 'must be letters, digits and _ and begin with a small letter')
  .refine(name => !reserved.has(name), 'is a word that CEL keeps for itself')
  .meta({ description: 'Conditions read it as `person.computed.<name>`', examples: ['regular'] })

const event = z
  .string()
  .trim()
  .min(1)
  .max(256)
  .meta({ description: 'The name of the events', examples: ['Product Viewed'] })
const property = z
  .string()
  .min(1)
  .max(80)
  .meta({ description: 'What of the event; of a list or an object nothing is kept', examples: ['category'] })
const days = z
  .int()
  .min(1)
  .max(mostDays)
  .optional()
  .meta({ description: 'Only of today and the days before it; left out, ever' })

const browsers = z
  .boolean()
  .optional()
  .meta({
    description:
      'Whether events count that a browser’s key reports: anybody may send any. Left out, only those of servers and tills, so that what is ' +
      'worth money can hang on it',
  })

/** What a computed trait is by its definition. */
export const computedTrait = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('cel'),
        expression: z
          .string()
          .min(1)
          .max(maxExpressionLength)
          .meta({ description: 'About `person` and `local`', examples: ['orders(30) >= 4'] }),
      })
      .meta({ description: 'A condition, a number or a text, worked out when it is read' }),
    z
      .strictObject({ kind: z.literal('count'), event, property: property.optional(), days, browsers })
      .meta({ description: 'How many events there were, with `property` those that have one' }),
    z
      .strictObject({ kind: z.literal('sum'), event, property, days, browsers })
      .meta({ description: 'The sum of a number that they have, to four decimals' }),
    z
      .strictObject({ kind: z.literal('last'), event, property, days, browsers })
      .meta({ description: 'What the latest one says' }),
    z
      .strictObject({ kind: z.literal('mostFrequent'), event, property, days, browsers })
      .meta({ description: 'What most of them say; of up to 100 different values of one identifier' }),
  ])
  .meta({ id: 'ComputedTraitDefinition' })
