import type { LiveOffer } from '../offers/live-offer.ts'
import { type CelFacts, forCampaign, toCelFacts } from '../rules/cel.ts'
import type { Condition } from '../rules/condition.ts'
import { type LineFacts, localFacts, nobody } from '../rules/facts.ts'
import { type Here, matchingLines } from './check.ts'
import type { DecisionInput } from './decision.ts'
import type { UsePlace } from './limits.ts'
import { mayLineMatch } from './line-keys.ts'
import { lineQuantity, lineSubtotal, type OrderLine } from './schema.ts'

/** Facts are made once a time zone and campaign, filters asked once, and each only when an offer has a condition that asks. */
export const makeLook = (input: DecisionInput) => {
  const { order, person, at, timeZone, inCollection } = input
  const byZone = new Map<string, CelFacts>()
  const byCampaign = new Map<string, CelFacts>()
  const factsOf = (offer: LiveOffer): CelFacts => {
    const zone = offer.terms.validity.timeZone ?? timeZone
    const key = `${zone} ${offer.campaign.id}`
    const made = byCampaign.get(key)
    if (made) return made
    const base = byZone.get(zone) ?? makeFacts(input, zone)
    byZone.set(zone, base)
    const facts = forCampaign(base, { id: offer.campaign.id, name: offer.campaign.name })
    byCampaign.set(key, facts)
    return facts
  }
  const known = new Map<Condition, readonly number[] | 'error'>()
  const matching = (filter: Condition, facts: () => CelFacts): readonly number[] | 'error' => {
    const before = known.get(filter)
    if (before) return before
    const lines = all.filter(index => mayLineMatch(filter, order.lines[index]!, inCollection))
    const result = lines.length === 0 ? [] : matchingLines(filter, facts(), lines)
    // Conditions about running prices get other facts each time.
    if (!filter.readsRunning) known.set(filter, result)
    return result
  }
  const all = order.lines.map((_, index) => index)
  const placeOf = (offer: LiveOffer): UsePlace => ({
    at,
    timeZone: offer.terms.validity.timeZone ?? timeZone,
    location: order.location ?? null,
    channel: order.channel,
  })
  const hereOf = (offer: LiveOffer): Here => ({
    at,
    channel: order.channel,
    currency: order.currency,
    lines: order.lines.length,
    isPersonKnown: person !== undefined,
    place: placeOf(offer),
    facts: () => factsOf(offer),
    matching: filter => matching(filter, () => factsOf(offer)),
  })
  const bits = all.map(line => 1n << BigInt(line))
  const bitsOf = (lines: ReadonlySet<number>): bigint => [...lines].reduce((set, line) => set | bits[line]!, 0n)
  return { factsOf, matching, bitsOf, placeOf, hereOf, all }
}
export type Look = ReturnType<typeof makeLook>

const makeFacts = ({ order, person, at, inCollection }: DecisionInput, timeZone: string): CelFacts =>
  toCelFacts({
    order: {
      id: order.id,
      currency: order.currency,
      subtotal: order.lines.reduce((sum, line) => sum + lineSubtotal(line), 0),
      quantity: order.lines.reduce((sum, line) => sum + lineQuantity(line), 0),
      shipping: order.shipping,
      channel: order.channel,
      location: order.location ?? '',
      lines: order.lines.map(lineFacts),
      tenders: order.tenders ?? [],
    },
    person: person ?? nobody,
    campaign: { id: '', name: '' },
    channel: order.channel,
    location: order.location ?? '',
    local: localFacts(at, timeZone),
    inCollection,
  })

const lineFacts = (line: OrderLine): LineFacts => ({
  id: line.id,
  sku: line.sku,
  name: line.name,
  category: line.category,
  quantity: lineQuantity(line),
  unitPrice: 'amount' in line ? line.amount : line.unitPrice,
  subtotal: lineSubtotal(line),
  attributes: line.attributes,
})
