import type { EventLink, NormalEvent } from '../events/normalize.ts'
import { isBlocked } from './blocked.ts'
import type { IdentityRules } from './identity-rules.ts'

/**
 * An event without the identifiers that are nobody's: `userId` 'null' is what a program sends where it knows none, so the event belongs
 * to whoever is named next, and no holder is made for it. Where nothing else is named, it belongs to nobody's identifier.
 *
 *     withoutBlocked({ subject: userId 'null', identifiers: [userId 'null', email 'ana@example.com', anonymousId 'a1'], … }, rules)
 *     // subject email 'ana@example.com', and its link to anonymousId 'a1'
 */
export const withoutBlocked = <E extends Pick<NormalEvent, 'identifiers' | 'subject' | 'links'>>(
  event: E,
  rules: IdentityRules,
): E => {
  const identifiers = event.identifiers.filter(it => !isBlocked(it, rules))
  const [subject, ...others] = identifiers
  if (subject === undefined || identifiers.length === event.identifiers.length) return event
  if (subject === event.subject)
    return { ...event, identifiers, links: event.links.filter(({ b }) => identifiers.includes(b)) }
  // Each was as good as proven as its tie to what was named first.
  const isProven = (it: NormalEvent['subject']) => event.links.some(({ b, verified }) => b === it && verified)
  const links = others.map((b): EventLink => ({ a: subject, b, verified: isProven(subject) && isProven(b) }))
  return { ...event, identifiers, subject, links }
}
