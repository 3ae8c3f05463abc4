import { expect, test } from 'vitest'
import { casesByFile, type DecisionCase, inputOf, localInputOf } from '../../../spec/decision-case.ts'
import { offsetsOf } from '../kernel/time.ts'
import { normalizeCode } from '../offers/code.ts'
import type { LiveOffer } from '../offers/live-offer.ts'
import { decide } from '../orders/decide.ts'
import { defaultCombination } from '../workspaces/schema.ts'
import { decideOffline, givesLater, usePack } from './decide-offline.ts'
import { countsPersons, leasable } from './journal.ts'
import { codeHashed, engineVersion, identifierHashed, type Pack } from './pack.ts'

const [ana, key] = ['email:ana@example.com', 'A'.repeat(43)]
const hashed = (text: string): string => `hash of ${text}`

/** What a till can decide: nothing is used elsewhere, drawn or issued, and nothing needs the server to be made. */
const isForTills = (given: DecisionCase, offers: readonly LiveOffer[]): boolean =>
  [given.used, given.earlier, given.draws, given.grants, given.person?.heldOut].every(it => it === undefined) &&
  offers.every(it => !it.terms.chance && !givesLater(it) && it.programme === undefined)

/** A pack that holds all that a case gives, with every limit leased whole to the one till that there is. */
const packOf = (given: DecisionCase): { readonly pack: Pack; readonly offers: readonly LiveOffer[] } => {
  const { input, names } = localInputOf(given)
  const decision = inputOf(given).input
  const offers = [
    ...new Map(
      [...decision.unclaimed, ...decision.codes.flatMap(it => it.candidates)].map(it => [it.offer.id, it.offer]),
    ).values(),
  ]
  const { at, timeZone, order, person } = decision
  const zones = new Set([timeZone, ...offers.flatMap(it => it.terms.validity.timeZone ?? [])])
  const { memberOf = [] } = input.person ?? {}
  return {
    offers,
    pack: {
      engine: engineVersion,
      id: 'pck_1',
      revision: 1,
      workspace: 'shop',
      till: 'key_1',
      device: key,
      channel: order.channel,
      location: order.location ?? '',
      issuedAt: at,
      expiresAt: at + 86_400_000,
      currency: 'EUR',
      timeZone,
      zones: Object.fromEntries([...zones].map(zone => [zone, offsetsOf(zone, at, at + 86_400_000)])),
      combination: { ...defaultCombination, ...decision.combination },
      publicKey: key,
      hashKey: key,
      campaigns: [...new Map(offers.map(({ campaign }) => [campaign.id, campaign])).values()].map(it => ({
        id: it.id,
        name: it.name,
        state: it.state,
        body: {
          audience: it.audience,
          ...(it.from !== undefined && { from: new Date(it.from).toISOString() }),
          ...(it.to !== undefined && { to: new Date(it.to).toISOString() }),
        },
      })),
      offers: offers.map(({ id, version, state, terms, campaign }) => ({
        id,
        version,
        state,
        body: terms,
        campaign: campaign.id,
      })),
      collections: input.collections ?? {},
      programmes: [],
      slices: offers.flatMap(offer => {
        const place = {
          channel: order.channel,
          location: order.location ?? null,
          timeZone: offer.terms.validity.timeZone ?? timeZone,
        }
        const all = leasable(offer.terms, place, at, at)
        return [...all].map(([bucket, allowed]) => ({ offer: offer.id, bucket, ...allowed }))
      }),
      codes: Object.entries(given.codes ?? {}).flatMap(([code, its]) =>
        its.map(name => {
          const offer = offers.find(it => names.get(it.id) === name)!
          const { perCode } = offer?.terms.limits ?? {}
          return {
            hash: hashed(codeHashed(normalizeCode(code))),
            offer: offer?.id ?? '',
            ...(perCode !== undefined && { left: perCode }),
          }
        }),
      ),
      people: person
        ? [
            {
              id: 'per_1',
              hashes: [hashed(identifierHashed(ana))],
              facts: person,
              memberOf,
              heldOut: [],
              programmes: [],
              left: Object.fromEntries(
                offers.flatMap(it => (countsPersons(it.terms) ? [[it.id, it.terms.limits.perPerson ?? 10]] : [])),
              ),
              grants: [],
            },
          ]
        : [],
    },
  }
}

test('a till answers what the server answers, in every case of the specification that a till can decide', () => {
  let decided = 0
  for (const [file, cases] of casesByFile)
    for (const given of cases) {
      const { input } = inputOf(given)
      const { pack, offers } = packOf(given)
      if (!isForTills(given, offers)) continue
      decided += 1
      const server = decide(input)
      const { id, lines, shipping, tenders, choices, currency } = input.order
      const till = decideOffline(
        usePack(JSON.parse(JSON.stringify(pack)) as Pack),
        {
          id,
          at: input.at,
          lines,
          shipping,
          currency,
          codes: input.codes.map(it => it.given),
          ...(tenders && { tenders }),
          ...(choices && { choices }),
          ...(input.person && { person: ana }),
        },
        [],
        hashed,
      )
      const wordsOf = (applied: readonly { offer: string; amount: number; given: string | undefined }[]) =>
        applied.map(it => [it.offer, it.amount, it.given])
      expect(
        {
          totals: till.totals,
          lines: till.lines.map(it => [it.id, it.total, it.discounts]),
          applied: wordsOf(till.applied.map(it => ({ ...it, given: it.code }))),
        },
        `${file}: ${given.name}`,
      ).toEqual({
        totals: server.totals,
        lines: server.lines.map(it => [it.id, it.total, it.discounts]),
        applied: wordsOf(server.applied.map(it => ({ offer: it.offer.id, amount: it.amount, given: it.given }))),
      })
    }
  expect(decided).toBeGreaterThan(200)
})
