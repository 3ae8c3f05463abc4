import { kindOf } from '../offers/kinds/index.ts'
import { type LiveOffer, readsOfOffer } from '../offers/live-offer.ts'
import { type AssumptionCode, assumptionCodes, type SimulationReport } from './schema.ts'
import type { SimulationSetting } from './setting.ts'

const noTiers = 'nothing is paid with points, and nobody has a tier.'
const whoJoins = 'is a member of the programmes whose points are given, and whoever joins with an order'

const sentences: Readonly<Record<AssumptionCode, string>> = {
  same_purchases: 'Everybody buys what they bought: nobody buys more, or comes at all, because of an offer.',
  past_discounts_left_out: 'What the orders really got off then is left out.',
  no_holdout_no_returns: 'Nobody is held out, and nothing comes back.',
  everybody_has_code: 'Everybody has the code of a draft once; who is not named may use it in each order.',
  everybody_has_grant:
    'Everybody who is named was issued a draft that is triggered by a grant once, unless another draft gives it.',
  live_codes_as_used: 'Codes of live offers are used where the orders came with them.',
  live_grants_left_out: 'Live offers that were issued to people are left out, unless a draft gives them.',
  orders_only:
    'Nothing but orders is known of the past: events that conditions count were none, and computed traits have no value.',
  everybody_member: `Everybody is a member of the programmes whose points are given; ${noTiers}`,
  some_members: `A drawn {percent} % of those who are named ${whoJoins}; ${noTiers}`,
  nobody_member: `Nobody ${whoJoins}; ${noTiers}`,
  programme_unknown: 'Points of programmes that are not known here are not reckoned.',
  earlier_orders_counted: 'Of the orders before the first day only who bought, and for how much, is counted.',
  dice_of_simulation:
    'Surprises are drawn with dice of the simulation: who wins live is somebody else, how many is much the same.',
}

/** What a simulation takes for granted where the past cannot tell; only what matters for the offers at hand. */
export const assumptions = ({
  drafts,
  live = [],
  programmes,
  members = 100,
  from,
}: SimulationSetting): SimulationReport['assumptions'] => {
  const all = drafts.concat(live)
  const isOn = (offers: readonly LiveOffer[], trigger: string) =>
    offers.some(({ terms }) => terms.trigger.on === trigger)
  const given = new Set(drafts.flatMap(({ terms: { benefit } }) => kindOf(benefit).issues?.(benefit) ?? []))
  const ungiven = drafts.filter(({ id }) => !given.has(id))
  const givesPoints = all.some(({ programme }) => programme !== undefined)
  const holds: Readonly<Record<AssumptionCode, boolean>> = {
    same_purchases: true,
    past_discounts_left_out: true,
    no_holdout_no_returns: true,
    everybody_has_code: isOn(drafts, 'code'),
    everybody_has_grant: isOn(ungiven, 'grant'),
    live_codes_as_used: isOn(live, 'code'),
    live_grants_left_out: isOn(live, 'grant'),
    orders_only: all.some(offer => {
      const { events, computed } = readsOfOffer(offer)
      return events.length + computed.length > 0
    }),
    everybody_member: givesPoints && members >= 100,
    some_members: givesPoints && members > 0 && members < 100,
    nobody_member: givesPoints && members <= 0,
    programme_unknown: all.some(({ programme }) => programme !== undefined && !programmes?.has(programme)),
    earlier_orders_counted: from !== undefined,
    dice_of_simulation: all.some(({ terms }) => terms.chance !== undefined),
  }
  return assumptionCodes.flatMap(code => {
    if (!holds[code]) return []
    const details = code === 'some_members' ? { percent: members } : {}
    return [{ code, message: sentences[code].replace('{percent}', String(members)), details }]
  })
}
