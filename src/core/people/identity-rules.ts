import { z } from 'zod'
import { identifierType } from './schema.ts'

/** What an identifier's type means for who is who. */
export const typeRule = z
  .strictObject({
    atMost: z.int().min(1).max(1000).meta({ description: 'So many of a person; 1: it is unique' }),
    priority: z.int().min(0).max(1000).meta({ description: 'Links of types with lower numbers are believed first' }),
  })
  .meta({ id: 'IdentifierTypeRule' })
export type TypeRule = z.output<typeof typeRule>

export const identityRules = z
  .strictObject({
    types: z.record(identifierType, typeRule).meta({ description: 'By type; one that is not named: 50, priority 60' }),
    shared: z.int().min(1).max(100).meta({
      description:
        'An identifier that is linked to more different people’s identifiers of one type than this stops linking',
    }),
    component: z
      .int()
      .min(10)
      .max(5000)
      .meta({ description: 'Identifiers that may hang together before they are quarantined' }),
    blocked: z
      .array(z.string().min(1).max(200))
      .max(1000)
      .meta({
        description: '`value` or `type:value` that is nobody’s, `*` for any text',
        examples: [['email:info@*', 'null']],
      }),
  })
  .meta({ id: 'IdentityRules', description: 'Which links unite' })
export type IdentityRules = z.output<typeof identityRules>

/** What a workspace says of its own; the rest is `defaultIdentityRules`. */
export const identitySettings = identityRules.partial().meta({
  id: 'IdentitySettings',
  description: 'Laid over the defaults: types one by one, the others as a whole',
})
export type IdentitySettings = z.output<typeof identitySettings>

/** `identityRulesOf({ shared: 5 })` are the defaults, but for 5 people who may share an identifier. */
export const identityRulesOf = ({ types, shared, component, blocked }: IdentitySettings): IdentityRules => ({
  types: { ...defaultIdentityRules.types, ...types },
  shared: shared ?? defaultIdentityRules.shared,
  component: component ?? defaultIdentityRules.component,
  blocked: blocked ?? defaultIdentityRules.blocked,
})

export const defaultIdentityRules: IdentityRules = {
  types: {
    userId: { atMost: 1, priority: 0 },
    loyaltyCard: { atMost: 1, priority: 10 },
    posCustomer: { atMost: 5, priority: 20 },
    email: { atMost: 5, priority: 30 },
    phone: { atMost: 5, priority: 40 },
    whatsapp: { atMost: 5, priority: 45 },
    social: { atMost: 10, priority: 50 },
    device: { atMost: 50, priority: 80 },
    anonymousId: { atMost: 200, priority: 90 },
  },
  shared: 3,
  component: 500,
  blocked: [
    ...[
      'null',
      'undefined',
      'none',
      'nil',
      'n/a',
      'na',
      'unknown',
      'anonymous',
      'guest',
      'test',
      'true',
      'false',
      'nan',
      '-',
    ],
    ...['[object Object]', '0*', '00000000-0000-0000-0000-000000000000'].filter(it => it !== '0*'),
    ...['email:test@*', 'email:info@*', 'email:noreply@*', 'email:no-reply@*', 'email:office@*', 'email:support@*'],
    ...['email:sales@*', 'email:admin@*', 'email:contact@*', 'email:hello@*'],
  ],
}
