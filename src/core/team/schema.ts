import { z } from 'zod'
import { instant, name } from '../kernel/schema.ts'
import { longestPassword } from './password.ts'
import { roles } from './roles.ts'

export const role = z.enum(roles)

/** Compared in lower case: no mail server of today tells `Ana@` and `ana@` apart. */
export const teamEmail = z
  .string()
  .trim()
  .toLowerCase()
  .max(200)
  .regex(/^[^\s@]+@[^\s@]+\.[^\s@.]+$/, 'must be an e-mail address such as "ana@example.com"')
  .meta({ examples: ['ana@example.com'] })

/** Whatever was typed: whether it will do is judged apart, so that an old rule never keeps anybody from signing in. */
export const passwordGiven = z
  .string()
  .min(1)
  .max(longestPassword * 4)

export const signInToken = z
  .string()
  .regex(/^tsi_[A-Za-z0-9_-]{43}$/, 'must be the token of a sign-in link')
  .meta({ description: 'The part of a sign-in link behind `#token=`' })

export const operator = z.boolean().meta({
  description: 'Runs the installation: is an admin in every workspace, makes workspaces and takes dumps',
})

export const teamMemberInput = z.strictObject({ email: teamEmail, name, role })
export const teamMemberPatch = z.strictObject({
  name: name.optional(),
  role: role.optional(),
  operator: operator.optional(),
})

export const teamMember = z
  .strictObject({
    id: z.string(),
    email: z.string(),
    name,
    role,
    operator,
    state: z.enum(['invited', 'active']).meta({ description: 'invited: has no password yet' }),
    addedAt: instant,
    signedInAt: instant.nullable().meta({ description: 'Last time' }),
  })
  .meta({ id: 'TeamMember' })

export const invitation = z
  .strictObject({
    link: z.string().meta({ description: 'Shown this once; opens a page that sets a password and signs in.' }),
    expiresAt: instant,
  })
  .meta({ id: 'Invitation' })

export const teamMemberAdded = teamMember
  .extend({
    invitation: invitation.nullable().meta({ description: 'Null for somebody who has a password here already' }),
  })
  .meta({ id: 'TeamMemberAdded' })

export const session = z
  .strictObject({
    id: z.string(),
    startedAt: instant,
    seenAt: instant.meta({ description: 'Last call, to about five minutes' }),
    endsAt: instant.meta({ description: 'Unless it is used before' }),
    userAgent: z.string().nullable(),
    address: z.string().nullable(),
    current: z.boolean().meta({ description: 'The one that asks' }),
  })
  .meta({ id: 'TeamSession' })
