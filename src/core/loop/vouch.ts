import type { EventLink, NormalEvent } from '../events/normalize.ts'
import type { InputError } from '../kernel/refusal.ts'
import { isErasedValue } from '../people/erased.ts'
import { isAnonymous } from '../people/traits-of.ts'
import type { Holder, World } from './world.ts'

const tokenIssue = (message: string): InputError => ({ pointer: '/context/personToken', message })

/** What is told of a token that nobody signed, or that has ended. */
export const tokenInvalid = tokenIssue('is not valid or has ended: what the event says of known people is hearsay')
const tokenOfAnother = tokenIssue('speaks for somebody else than the event is about: it is hearsay')

/**
 * A browser's event with what its person token proves. `speaker` is the holder that the token was minted for. The token proves who sits
 * at the browser: so its anonymous id is hers (a verified link), and what is about her is about her. It proves nothing of anybody else, no
 * e-mail address that is new, and nothing of money or traits: these stay hearsay.
 *
 *     // the token was minted for userId:4711
 *     vouch(world, { userId: '4711', anonymousId: 'a-1', … }, 'hol_…')   // the link of the two is verified
 *     vouch(world, { anonymousId: 'a-1', … }, 'hol_…')                   // a verified link between a-1 and userId:4711 is added
 *     vouch(world, { userId: '4712', anonymousId: 'a-1', … }, 'hol_…')   // nothing is proven, and that is an issue
 */
export const vouch = (world: World, event: NormalEvent, speaker: string): NormalEvent => {
  const her = world.holders.get(speaker)
  if (!her || isErasedValue(her.value)) return withIssue(event, tokenInvalid)
  const isHers = (identifier: NormalEvent['subject']): boolean => {
    const id = world.identifiers.get(`${identifier.type}:${identifier.value}`)
    return id !== undefined && world.holders.get(id)!.personId === her.personId
  }
  if (isAnonymous(event.subject.type)) return linkedTo(event, her)
  if (!isHers(event.subject)) return withIssue(event, tokenOfAnother)
  const links = event.links.map(link => (link.b.type === 'anonymousId' ? { ...link, verified: true } : link))
  return { ...event, vouched: true, links }
}

/** An event that names no known person, of a browser at which one sits. */
const linkedTo = (event: NormalEvent, { type, value, given }: Holder): NormalEvent => {
  const her = { type, value, given }
  const links = event.identifiers
    .filter(it => it.type === 'anonymousId' && it.value !== value)
    .map((it): EventLink => ({ a: her, b: it, verified: true }))
  return { ...event, vouched: true, identifiers: [...event.identifiers, her], links: [...event.links, ...links] }
}

const withIssue = (event: NormalEvent, issue: InputError): NormalEvent => ({
  ...event,
  issues: [...(event.issues ?? []), issue],
})
