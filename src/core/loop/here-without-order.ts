import type { LiveOffer } from '../offers/live-offer.ts'
import type { Here } from '../orders/check.ts'
import { type CelFacts, forCampaign, toCelFacts } from '../rules/cel.ts'
import { type EventFacts, localFacts, nobody, type PersonFacts } from '../rules/facts.ts'
import { type Circumstances, placeIn } from './candidates.ts'
import type { World } from './world.ts'

/** What is asked about where there is no basket: an event, or a moment and whoever is there. */
export type Occasion = {
  readonly person: PersonFacts | undefined
  /** Offers in another one do not fit; undefined: offers in any do. */
  readonly currency: string | undefined
  readonly event?: EventFacts
  readonly moment?: string
}

/** How offers are looked at without an order. Facts are made once a time zone and campaign, as the decision of an order does. */
export const hereWithoutOrder = (
  world: World,
  here: Circumstances,
  { person, currency, event, moment }: Occasion,
): ((offer: LiveOffer) => Here) => {
  const { at, channel, location } = here
  const byZone = new Map<string, CelFacts>()
  const byCampaign = new Map<string, CelFacts>()
  const inZone = (timeZone: string): CelFacts => {
    const known = byZone.get(timeZone)
    if (known) return known
    const facts = toCelFacts({
      ...(event && { event }),
      ...(moment !== undefined && { moment }),
      person: person ?? nobody,
      campaign: { id: '', name: '' },
      channel,
      location: location ?? '',
      local: localFacts(at, timeZone),
      inCollection: (sku, collection) => world.collections.get(sku)?.has(collection) ?? false,
    })
    byZone.set(timeZone, facts)
    return facts
  }
  const factsOf = ({ campaign }: LiveOffer, timeZone: string): CelFacts => {
    const key = `${timeZone} ${campaign.id}`
    const facts = byCampaign.get(key) ?? forCampaign(inZone(timeZone), { id: campaign.id, name: campaign.name })
    byCampaign.set(key, facts)
    return facts
  }
  return offer => {
    const place = placeIn(world, here, offer)
    return {
      at,
      channel,
      currency,
      lines: undefined,
      isPersonKnown: person !== undefined,
      place,
      facts: () => factsOf(offer, place.timeZone),
      matching: () => [],
    }
  }
}
