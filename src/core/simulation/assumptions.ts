import { kindOf } from '../offers/kinds/index.ts'
import { type LiveOffer, readsOfOffer } from '../offers/live-offer.ts'
import type { SimulationSetting } from './setting.ts'

const whoIsMember = (percent: number): string => {
  if (percent >= 100) return 'Everybody is a member of the programmes whose points are given'
  const some = percent === 0 ? 'Nobody' : `A drawn ${percent} % of those who are named`
  return `${some} is a member of the programmes whose points are given, and whoever joins with an order`
}

/**
 * What a simulation takes for granted where the past cannot tell, as sentences for its reader; only those that matter for
 * the offers at hand.
 */
export const assumptions = ({ drafts, live = [], programmes, members = 100, from }: SimulationSetting): string[] => {
  const isOn = (offers: readonly LiveOffer[], ...triggers: string[]) =>
    offers.some(({ terms }) => triggers.includes(terms.trigger.on))
  const given = new Set(drafts.flatMap(({ terms: { benefit } }) => kindOf(benefit).issues?.(benefit) ?? []))
  const sentences: readonly [boolean, string][] = [
    [true, 'Everybody buys what they bought: nobody buys more, or comes at all, because of an offer.'],
    [true, 'What the orders really got off then is left out.'],
    [true, 'Nobody is held out, and nothing comes back.'],
    [
      drafts.some(({ terms: { trigger } }) => trigger.on === 'code'),
      'Everybody has the code of a draft once; who is not named may use it in each order.',
    ],
    [
      isOn(
        drafts.filter(({ id }) => !given.has(id)),
        'grant',
      ),
      'Everybody who is named was issued a draft that is triggered by a grant once, unless another draft gives it.',
    ],
    [isOn(live, 'code'), 'Codes of live offers are used where the orders came with them.'],
    [isOn(live, 'grant'), 'Live offers that were issued to people are left out, unless a draft gives them.'],
    [
      drafts.concat(live).some(offer => {
        const { events, computed } = readsOfOffer(offer)
        return events.length + computed.length > 0
      }),
      'Nothing but orders is known of the past: events that conditions count were none, and computed traits have no value.',
    ],
    [
      drafts.concat(live).some(({ programme }) => programme !== undefined),
      `${whoIsMember(members)}; nothing is paid with points, and nobody has a tier.`,
    ],
    [
      drafts.concat(live).some(({ programme }) => programme !== undefined && !programmes?.has(programme)),
      'Points of programmes that are not known here are not reckoned.',
    ],
    [from !== undefined, 'Of the orders before the first day only who bought, and for how much, is counted.'],
    [
      drafts.concat(live).some(({ terms }) => terms.chance !== undefined),
      'Surprises are drawn with dice of the simulation: who wins live is somebody else, how many is much the same.',
    ],
  ]
  return sentences.flatMap(([holds, sentence]) => (holds ? [sentence] : []))
}
