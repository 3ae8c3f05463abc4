import { z } from 'zod'
import type { listBenefitKinds, tryOffer } from '../../contract/offer-drafts.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { parseInstant } from '../../core/kernel/time.ts'
import { askBasket, tryOffer as decideTrial, withOffer } from '../../core/loop/try-offer.ts'
import type { Catalogue } from '../../core/loop/world.ts'
import { normalizeCode } from '../../core/offers/code.ts'
import { benefitKinds, kindOf } from '../../core/offers/kinds/index.ts'
import {
  type LiveCampaign,
  type LiveOffer,
  liveCampaign,
  liveOffer,
  type StoredCampaign,
} from '../../core/offers/live-offer.ts'
import { catalogueRefusals } from '../../core/offers/refusals.ts'
import { termsCollections, termsMistakes, termsOf } from '../../core/offers/terms.ts'
import type { OrderAnswer, OrderInput } from '../../core/orders/schema.ts'
import { parseRef } from '../../core/people/ref.ts'
import { holderIdOf } from '../../core/people/union.ts'
import { draftCampaign, draftId } from '../../core/simulation/drafts.ts'
import type { Draft } from '../../core/simulation/schema.ts'
import { catalogueNow } from '../catalogue-now.ts'
import type { Needs } from '../commit/item.ts'
import type { Call, Handler } from '../http/call.ts'
import { invalidInput } from '../http/problem.ts'
import type { Services } from '../services.ts'

type Trial = Call<typeof tryOffer>

/** The schema with its own shape at the root, and the shapes that it refers to. */
const jsonSchemaOf = (schema: z.ZodType): Record<string, unknown> => {
  const { $ref = '', $defs = {}, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const own = $ref.replace('#/$defs/', '')
  const { [own]: shape, ...others } = $defs
  return { ...rest, ...shape, ...(Object.keys(others).length > 0 && { $defs: others }) }
}

/** As forms and documents read it; made once, because it is the same for everybody. */
const described = Object.values(benefitKinds).map(({ kind, schema, title, about, form, examples, moments }) => ({
  kind,
  title,
  about,
  form,
  examples,
  moments,
  schema: jsonSchemaOf(schema),
}))

/** Whatever keeps a draft from being tried, all of it at once. */
const mistakesOf = (draft: Draft) => {
  const terms = termsOf({ ...draft, campaign: '' })
  const conditions = termsCollections(terms)
  const { on } = terms.trigger
  const mistakes = [
    ...(on === 'event' || on === 'request'
      ? [{ pointer: '/trigger/on', message: `is "${on}"; a basket only meets offers on "basket", "code" or "grant"` }]
      : []),
    ...termsMistakes(terms),
    ...(conditions.ok ? [] : (conditions.refusal.errors ?? [])),
  ]
  return mistakes.map(it => ({ ...it, pointer: `/draft${it.pointer}` }))
}

export const offerDraftsHandlers = (services: Services) => {
  const { database, workspaces, writer } = services

  const campaignOf = async (workspaceId: string, id: string): Promise<LiveCampaign | undefined> => {
    const { rows } = await database.query<StoredCampaign & Record<string, unknown>>(
      'select id, name, state, body from campaigns where workspace_id = $1 and id = $2',
      [workspaceId, id],
    )
    return rows[0] && liveCampaign(rows[0])
  }

  /** The draft as an offer that is live: a new one, or the next version of the one it replaces. */
  const offerOf = async (workspaceId: string, { draft, replaces }: Trial['body']): Promise<Result<LiveOffer>> => {
    const before = replaces === undefined ? undefined : (await catalogueNow(services, workspaceId)).offers.get(replaces)
    if (replaces !== undefined && !before) return no(refuse(catalogueRefusals.offer_not_found, { id: replaces }))
    const { campaign: id } = draft
    const campaign = id === undefined ? (before?.campaign ?? draftCampaign) : await campaignOf(workspaceId, id)
    if (!campaign) return no(refuse(catalogueRefusals.campaign_not_found, { id: id! }))
    const body = termsOf({ ...draft, campaign: campaign.id })
    return ok(
      liveOffer(
        { id: before?.id ?? draftId(0), version: (before?.version ?? 0) + 1, state: 'live', body },
        { ...campaign, state: 'live' },
      ),
    )
  }

  const needsOf = (workspaceId: string, put: OrderInput, { at, told }: { at: number; told: string }): Needs => {
    const { workspace } = workspaces.known(workspaceId)
    const ref = put.person === undefined ? undefined : parseRef(put.person, { country: workspace.country })
    // A reference that cannot be read needs nothing: the decision refuses it.
    const who = ref?.ok ? ref.value : undefined
    return {
      ...(who && ('personId' in who ? { holders: [holderIdOf(who.personId)] } : { identifiers: [who] })),
      codes: put.codes.map(normalizeCode),
      skus: put.lines.map(line => line.sku),
      place: {
        at,
        channel: put.channel ?? '',
        location: put.location ?? null,
        currency: put.currency ?? workspace.currency,
        categories: put.lines.flatMap(line => line.category ?? []),
        told: [told],
      },
    }
  }

  const trial: Handler<typeof tryOffer> = async ({ body, auth: { workspaceId }, now }) => {
    const mistakes = mistakesOf(body.draft)
    if (mistakes.length > 0) return { refusal: invalidInput(mistakes) }
    const found = await offerOf(workspaceId, body)
    if (!found.ok) return found
    const offer = found.value
    const { at: said, ...basket } = body.basket
    const at = said === undefined ? now : parseInstant(said)!
    const put: OrderInput = { ...basket, state: 'open', requireCodes: false }
    const needs = needsOf(workspaceId, put, { at, told: offer.id })
    const as = (catalogue: Catalogue): Catalogue => withOffer(catalogue, offer)
    const tried = await writer.look(workspaceId, needs, world => decideTrial(world, { offer, put, at }), as)
    if (!tried.ok) return tried
    const today = { ...needs, place: { ...needs.place!, told: [] } }
    const without = await writer.look(workspaceId, today, world => askBasket(world, put, at))
    if (!without.ok) return without
    const { offers } = as(await catalogueNow(services, workspaceId))
    const { order, tried: outcome } = tried.value
    return {
      json: {
        draft: {
          offer: offer.id,
          sentence: kindOf(offer.terms.benefit).sentence(offer.terms.benefit),
          outcome: outcome.outcome,
          ...(outcome.outcome === 'available' && { missing: outcome.missing }),
          ...(outcome.outcome === 'refused' && { reason: outcome.reason }),
        },
        with: told(order, offers),
        without: told(without.value, offers),
      },
    }
  }

  return { listBenefitKinds: kinds, tryOffer: trial }
}

const kinds: Handler<typeof listBenefitKinds> = () => ({ json: { data: described } })

/** What of an order's answer tells of its decision, with the names of who lost. */
const told = (
  { totals, lines, applied, available, refused, earned, cashback }: OrderAnswer,
  offers: Catalogue['offers'],
) => ({
  totals,
  lines,
  applied,
  available,
  earned,
  cashback,
  refused: refused.map(it => ({ ...it, name: it.offer === undefined ? undefined : offers.get(it.offer)?.terms.name })),
})
