import { parseInstant } from '../core/kernel/time.ts'
import { type Programme, programme } from '../core/loyalty/schema.ts'
import { normalizeCode } from '../core/offers/code.ts'
import { type LiveOffer, liveCampaign, liveOffer } from '../core/offers/live-offer.ts'
import { type CampaignInput, type Fulfilment, type GrantState, offerInput } from '../core/offers/schema.ts'
import { termsOf } from '../core/offers/terms.ts'
import { type Applied, type Candidate, type Decision, type DecisionInput, decide } from '../core/orders/decide.ts'
import { earnedAnswers } from '../core/orders/earned-answer.ts'
import { noUsage, type Usage } from '../core/orders/limits.ts'
import { withPoints } from '../core/orders/points.ts'
import { orderInput } from '../core/orders/schema.ts'
import { nobody, type PersonFacts } from '../core/rules/facts.ts'
import { type Combination, defaultCombination } from '../core/workspaces/schema.ts'

/**
 * What a page or a till loads: the client, and the decision itself, to preview a basket or to decide it while offline.
 *
 *     import { createTessera, decideLocally } from 'tessera/browser'
 */
export { liveCampaign, liveOffer } from '../core/offers/live-offer.ts'
export { type Candidate, type Decision, type DecisionInput, decide } from '../core/orders/decide.ts'
export * from './index.ts'

type Json = Readonly<Record<string, unknown>>

/** Everything that an order is decided by, as plain JSON: what the API answered before the line went down. Ids are the API's. */
export type LocalInput = {
  /** When it counts as happening, RFC 3339. */
  readonly at: string
  /** The order's id; conditions may ask for it. */
  readonly id?: string
  readonly workspace: {
    readonly currency: string
    readonly timeZone: string
    readonly combination?: Partial<Combination>
  }
  /** As `GET /v1/campaigns` and `GET /v1/offers` answer them. */
  readonly campaigns: readonly Json[]
  readonly offers: readonly Json[]
  /** As `GET /v1/programmes` answers them; points of others are not given. */
  readonly programmes?: readonly Json[]
  /** SKUs by collection. */
  readonly collections?: Readonly<Record<string, readonly string[]>>
  /** Offers by code. */
  readonly codes?: Readonly<Record<string, readonly string[]>>
  /** As `GET /v1/people/{ref}/wallet` answers them; `isOwn: false` where a code is somebody else's. */
  readonly grants?: readonly LocalGrant[]
  /** Who buys; left out, nobody is named. */
  readonly person?: Partial<PersonFacts> & {
    /** Campaigns: that she was added to, and that hold her out. */
    readonly memberOf?: readonly string[]
    readonly heldOut?: readonly string[]
    /** Programmes that she is in. */
    readonly programmes?: readonly string[]
  }
  /** What is used of an offer already, as far as it is known here: a till that is offline cannot keep a limit exactly. */
  readonly used?: Readonly<Record<string, Partial<Usage>>>
  /** How surprises were drawn, by offer; later, where left out. */
  readonly draws?: Readonly<Record<string, Candidate['draw']>>
  /** The body of `PUT /v1/orders/{id}`, whose state and person do not matter here. */
  readonly order: Json
}

type LocalGrant = {
  readonly id: string
  readonly offer: string
  readonly state: GrantState
  readonly code: string | null
  readonly expiresAt: string | null
  readonly fulfilment?: Fulfilment
  readonly isOwn?: boolean
}

/**
 * Decides an order where there is no server to ask: JSON in, JSON out, and the answer is the server's, to the byte.
 *
 *     decideLocally({ at: '2026-03-02T10:00:00Z', workspace, campaigns, offers, order: { channel: 'store', lines } }).totals.total
 */
export const decideLocally = (input: LocalInput) => {
  const programmes = programmesOf(input)
  const at = instant(input.at)
  const decision = withPoints(decide(decisionInput(input)), programmes)
  const earned = earnedAnswers(decision.earned, programmes, { at, now: at, timeZone: input.workspace.timeZone })
  return { ...decisionAnswer(decision), ...(earned && { earned }) }
}

const programmesOf = ({ programmes = [] }: Pick<LocalInput, 'programmes'>): ReadonlyMap<string, Programme> =>
  new Map(
    programmes.map(({ clock: _, ...answer }) => {
      const { id, version, state, createdAt: _c, updatedAt: _u, ...terms } = programme.parse(answer)
      return [id, { id, version, state, terms }]
    }),
  )

/** The programme whose points an offer gives, as it stands for whoever buys. */
const programmeFor = (
  programmes: ReadonlyMap<string, Programme>,
  id: string,
  person: LocalInput['person'],
): NonNullable<Candidate['programme']> => {
  const known = programmes.get(id)
  const isMember = person?.programmes?.includes(id) === true
  const joins = person !== undefined && known?.terms.join.on === 'firstOrder'
  return { name: known?.terms.name ?? id, state: known?.state ?? 'ended', isMember, joins }
}

/** What `decide` takes, out of plain JSON. */
export const decisionInput = ({ at: atText, id = '', workspace, person, ...rest }: LocalInput): DecisionInput => {
  const { collections = {}, codes = {}, grants = [], used = {}, draws = {} } = rest
  const { memberOf = [], heldOut = [], programmes: _, ...facts } = person ?? {}
  const programmes = programmesOf(rest)
  const offers = new Map(liveOffers(rest).map(offer => [offer.id, offer]))
  const candidate = (id: string, grant?: LocalGrant): Candidate[] => {
    const offer = offers.get(id)
    if (!offer) return []
    const isHeldOut = person !== undefined && heldOut.includes(offer.campaign.id)
    return [
      {
        offer,
        usage: { ...noUsage, ...used[id] },
        isMember: memberOf.includes(offer.campaign.id),
        ...(offer.terms.chance && { draw: draws[id] ?? 'later' }),
        ...(isHeldOut && { isHeldOut }),
        ...(offer.programme !== undefined && { programme: programmeFor(programmes, offer.programme, person) }),
        ...(grant && {
          grant: {
            id: grant.id,
            state: grant.state,
            expiresAt: grant.expiresAt === null ? null : endOf(grant),
            isOwn: grant.isOwn ?? true,
          },
        }),
      },
    ]
  }
  const order = orderInput.parse({ state: 'open', ...rest.order })
  if (order.channel === undefined) throw new RangeError('say on which channel the order happens')
  const at = instant(atText)
  return {
    at,
    timeZone: workspace.timeZone,
    combination: { ...defaultCombination, ...workspace.combination },
    order: {
      id,
      currency: order.currency ?? workspace.currency,
      channel: order.channel,
      location: order.location,
      lines: order.lines,
      shipping: order.shipping,
      tenders: (order.tenders ?? []).map(tender => tender.type),
      ...(order.choices && { choices: order.choices }),
    },
    person: person && { ...nobody, known: true, ...facts },
    codes: uniqueCodes(order.codes).map(({ given, code }) => ({
      given,
      code,
      candidates: [
        ...Object.entries(codes).flatMap(([text, ids]) =>
          normalizeCode(text) === code ? ids.flatMap(id => candidate(id)) : [],
        ),
        ...grants.flatMap(grant =>
          grant.code !== null && normalizeCode(grant.code) === code ? candidate(grant.offer, grant) : [],
        ),
      ],
    })),
    unclaimed: [
      ...ownGrants(grants, at).flatMap(grant => candidate(grant.offer, grant)),
      ...[...offers.values()].flatMap(({ id, terms }) => (terms.trigger.on === 'basket' ? candidate(id) : [])),
    ],
    inCollection: (sku, collection) => collections[collection]?.includes(sku) ?? false,
  }
}

/** A code that is typed twice counts once. */
const uniqueCodes = (typed: readonly string[]): { readonly given: string; readonly code: string }[] => {
  const codes = typed.map(given => ({ given, code: normalizeCode(given) }))
  return codes.filter(({ code }, index) => codes.findIndex(other => other.code === code) === index)
}

const endOf = ({ expiresAt }: LocalGrant): number =>
  expiresAt === null ? Number.POSITIVE_INFINITY : instant(expiresAt)

/** What needs no code: of each offer the one that ends first, of those that are good; an entitlement is handed over, not redeemed. */
const ownGrants = (grants: readonly LocalGrant[], at: number): readonly LocalGrant[] =>
  grants
    .filter(
      ({ code, isOwn = true, state, fulfilment }) =>
        code === null && isOwn && fulfilment === undefined && (state === 'issued' || state === 'returned'),
    )
    .toSorted(
      (a, b) =>
        Number(endOf(a) <= at) - Number(endOf(b) <= at) ||
        (endOf(a) === endOf(b) ? (a.id < b.id ? -1 : 1) : endOf(a) - endOf(b)),
    )
    .filter((grant, index, sorted) => sorted.findIndex(other => other.offer === grant.offer) === index)

const liveOffers = ({ campaigns, offers }: Pick<LocalInput, 'campaigns' | 'offers'>): LiveOffer[] => {
  const ofCampaign = new Map(
    (campaigns as readonly (CampaignInput & { id: string })[]).map(it => [it.id, liveCampaign({ ...it, body: it })]),
  )
  return offers.map(answer => {
    const {
      id,
      version,
      sentence: _,
      createdAt: _c,
      updatedAt: _u,
      ...body
    } = answer as Json & {
      readonly id: string
      readonly version: number
    }
    const input = offerInput.parse(body)
    const campaign = ofCampaign.get(input.campaign)
    if (!campaign) throw new RangeError(`the campaign ${input.campaign} of the offer ${id} is missing`)
    return liveOffer({ id, version, state: input.state, body: termsOf(input) }, campaign)
  })
}

const instant = (text: string): number => {
  const ms = parseInstant(text)
  if (ms === undefined) throw new RangeError(`${text} is no time`)
  return ms
}

/** A decision as the API answers it with an order. */
export const decisionAnswer = ({ totals, lines, applied, available, refused, withheld, search }: Decision) => ({
  totals,
  lines: lines.map(({ units, ...line }) => ({ ...line, ...(units.length > 1 && { units }) })),
  applied: applied.map(appliedAnswer),
  available: available.map(({ offer, missing }) => ({ offer: offer.id, name: offer.terms.name, missing })),
  refused: refused.map(({ given, offer, reason: { code, message, details } }) => ({
    ...(given !== undefined && { code: given }),
    ...(offer && { offer: offer.id }),
    reason: { code, message, details },
  })),
  ...(withheld.length > 0 && { withheld: withheld.map(appliedAnswer) }),
  ...(!search.isExact && { combination: { exact: false, value: search.value, bound: search.bound } }),
})

const appliedAnswer = ({ offer, given, grantId, amount, shipping, gives }: Applied) => ({
  offer: offer.id,
  name: offer.terms.name,
  ...(given !== undefined && { code: given }),
  ...(grantId !== undefined && { grant: grantId }),
  amount,
  ...(shipping > 0 && { shipping }),
  ...(gives.length > 0 && { gives }),
})
