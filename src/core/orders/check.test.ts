import { describe, expect, it, test } from 'vitest'
import { type LiveOffer, liveCampaign, liveOffer } from '../offers/live-offer.ts'
import { offerRefusals } from '../offers/refusals.ts'
import { offerInput } from '../offers/schema.ts'
import { termsOf } from '../offers/terms.ts'
import { type CelFacts, toCelFacts } from '../rules/cel.ts'
import { localFacts, nobody } from '../rules/facts.ts'
import { type Candidate, check, type Here, matchingLines } from './check.ts'
import { noUsage } from './limits.ts'

const now = Date.UTC(2026, 2, 2, 10)
const [before, after] = ['2026-03-02T09:00:00.000Z', '2026-03-02T11:00:00.000Z']

const offerWith = (fields: Record<string, unknown>, campaign: Record<string, unknown> = {}): LiveOffer => {
  const { state, ...input } = offerInput.parse({
    campaign: `cmp_${'0'.repeat(26)}`,
    name: 'Deal',
    trigger: { on: 'basket' },
    benefit: { kind: 'percentOff', percent: 20 },
    ...fields,
  })
  const { state: campaignState = 'live', ...schedule } = campaign
  const body = { audience: 'everyone', ...schedule }
  return liveOffer(
    { id: 'off_1', version: 1, state, body: termsOf({ ...input, state }) },
    liveCampaign({ id: 'cmp_1', name: 'Spring', state: campaignState, body } as never),
  )
}

const line = (id: string, category: string, attributes: Record<string, unknown> = {}) => ({
  id,
  sku: id,
  category,
  quantity: 2,
  unitPrice: 450,
  subtotal: 900,
  attributes,
})
const facts: CelFacts = toCelFacts({
  order: {
    id: 'web-1',
    currency: 'EUR',
    subtotal: 1800,
    quantity: 4,
    shipping: 0,
    channel: 'store',
    lines: [line('LATTE', 'coffee'), line('BREAD', 'bakery', { stock: 'old' })],
  },
  person: nobody,
  campaign: { id: '', name: '' },
  channel: 'store',
  local: localFacts(now, 'UTC'),
  inCollection: () => false,
})

const here: Here = {
  at: now,
  channel: 'store',
  currency: 'EUR',
  lines: 2,
  isPersonKnown: true,
  place: { at: now, timeZone: 'UTC', location: null, channel: 'store' },
  facts: () => facts,
  matching: filter => matchingLines(filter, facts, [0, 1]),
}

const reasonOf = (candidate: Candidate, at: Here): string => {
  const verdict = check(candidate, at)
  return verdict.ok ? 'fits' : verdict.kind.code
}

describe('the first thing that stops an offer is the reason', () => {
  type Faults = {
    offer: Record<string, unknown>
    campaign: Record<string, unknown>
    here: Partial<Here>
    candidate: Partial<Candidate>
  }
  const grant = { id: 'gra_1', state: 'issued', expiresAt: null, isOwn: true } as const
  const ended = { ...grant, expiresAt: now }

  /** Everything that can be wrong at once; each row takes away what the row before was stopped by. */
  const mended: readonly [reason: string, mend: (wrong: Faults) => Faults][] = [
    ['code_blocked', wrong => wrong],
    ['offer_paused', wrong => ({ ...wrong, candidate: { ...wrong.candidate, isBlocked: false } })],
    ['offer_not_started', wrong => ({ ...wrong, offer: { ...wrong.offer, state: 'live' } })],
    ['offer_expired', wrong => ({ ...wrong, offer: { ...wrong.offer, validity: { to: before } } })],
    ['channel_not_allowed', wrong => ({ ...wrong, offer: { ...wrong.offer, validity: { to: after } } })],
    ['person_required', wrong => ({ ...wrong, offer: { ...wrong.offer, channels: {} } })],
    ['not_in_audience', wrong => ({ ...wrong, here: { isPersonKnown: true } })],
    ['grant_of_another', wrong => ({ ...wrong, candidate: { ...wrong.candidate, isMember: true } })],
    [
      'grant_revoked',
      wrong => ({ ...wrong, candidate: { ...wrong.candidate, grant: { ...ended, state: 'revoked' } } }),
    ],
    ['grant_used', wrong => ({ ...wrong, candidate: { ...wrong.candidate, grant: { ...ended, state: 'redeemed' } } })],
    ['grant_expired', wrong => ({ ...wrong, candidate: { ...wrong.candidate, grant: ended } })],
    ['currency_mismatch', wrong => ({ ...wrong, candidate: { ...wrong.candidate, grant } })],
    ['lines_not_matching', wrong => ({ ...wrong, offer: { ...wrong.offer, limits: { uses: 1 } } })],
    [
      'condition_error',
      wrong => ({
        ...wrong,
        offer: { ...wrong.offer, benefit: { kind: 'percentOff', percent: 20 }, when: 'person.traits.vip == true' },
      }),
    ],
    ['condition_false', wrong => ({ ...wrong, offer: { ...wrong.offer, when: 'order.subtotal >= 5000' } })],
    ['drawn_later', wrong => ({ ...wrong, offer: { ...wrong.offer, when: 'order.subtotal >= 500' } })],
    ['draw_lost', wrong => ({ ...wrong, candidate: { ...wrong.candidate, draw: 'lost' } })],
    ['limit_reached', wrong => ({ ...wrong, candidate: { ...wrong.candidate, draw: 'won' } })],
    ['fits', wrong => ({ ...wrong, candidate: { ...wrong.candidate, usage: noUsage } })],
  ]
  const worst: Faults = {
    offer: {
      state: 'paused',
      validity: { from: after },
      channels: { redeem: ['web'] },
      benefit: { kind: 'percentOff', percent: 20, lines: "line.category == 'tea'" },
      chance: { wins: 1, outOf: 20 },
      limits: { uses: 1, budget: { amount: 100, currency: 'USD' } },
    },
    campaign: { audience: 'members' },
    here: { isPersonKnown: false },
    candidate: {
      isBlocked: true,
      usage: { ...noUsage, uses: 1 },
      grant: { ...ended, isOwn: false, state: 'revoked' },
      draw: 'later',
    },
  }

  it('as they are mended one by one', () => {
    let wrong = worst
    const reasons = mended.map(([, mend]) => {
      wrong = mend(wrong)
      const candidate = { usage: noUsage, isMember: false, ...wrong.candidate }
      return reasonOf({ ...candidate, offer: offerWith(wrong.offer, wrong.campaign) }, { ...here, ...wrong.here })
    })
    expect(reasons).toEqual(mended.map(([reason]) => reason))
  })

  it('in the order of the catalogue', () => {
    const listed = Object.keys(offerRefusals)
    const places = mended.slice(0, -1).map(([reason]) => listed.indexOf(reason))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0)
  })
})

describe('an offer that is given to somebody needs somebody', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['nothing personal about it', {}, 'fits'],
    ['so many uses a person', { limits: { perPerson: 1 } }, 'person_required'],
    ['so many uses a person and day', { limits: { per: { uses: 1, period: 'day', by: 'person' } } }, 'person_required'],
    ['so many uses a day', { limits: { per: { uses: 1, period: 'day' } } }, 'fits'],
    ['a surprise', { chance: { wins: 1, outOf: 2 } }, 'person_required'],
    ['a coupon', { benefit: { kind: 'giveOffer', offer: `off_${'0'.repeat(26)}` } }, 'person_required'],
    ['an upgrade', { benefit: { kind: 'entitlement', entitlement: 'upgrade', title: 'Suite' } }, 'person_required'],
    ['a gift, which is handed over', { benefit: { kind: 'freeItem', items: [{ sku: 'MUG' }] } }, 'fits'],
  ])('%s', (_, fields, reason) => {
    const candidate = { offer: offerWith(fields), usage: noUsage, isMember: false }
    expect(reasonOf(candidate, { ...here, isPersonKnown: false })).toBe(reason)
  })
})

describe('an offer says', () => {
  const details = (fields: Record<string, unknown>, candidate: Partial<Candidate> = {}, at: Partial<Here> = {}) => {
    const verdict = check(
      { offer: offerWith(fields), usage: noUsage, isMember: false, ...candidate },
      { ...here, ...at },
    )
    return verdict.ok ? 'fits' : { [verdict.kind.code]: verdict.details }
  }
  test.each<[string, unknown, unknown]>([
    ['when it starts', details({ validity: { from: after } }), { offer_not_started: { startsAt: after } }],
    ['when it ended', details({ validity: { to: before } }), { offer_expired: { endedAt: before } }],
    [
      'that it was ended by hand',
      details({ state: 'ended' }),
      { offer_expired: { endedAt: '2026-03-02T10:00:00.000Z' } },
    ],
    [
      'where it can be used',
      details({ channels: { redeem: ['web', 'app'] } }),
      { channel_not_allowed: { channel: 'store', channels: 'web, app' } },
    ],
    [
      'which part is false, and what is missing',
      details({ when: "channel == 'store' && order.subtotal >= 5000" }),
      { condition_false: { part: 'order.subtotal >= 5000', missing: { subtotal: 3200 } } },
    ],
    [
      'all that is missing, of each what the first part lacks',
      details({ when: 'local.weekday >= 6 && order.subtotal >= 5000 && order.subtotal >= 9000' }),
      { condition_false: { part: 'local.weekday >= 6', missing: { weekday: [6, 7], subtotal: 3200 } } },
    ],
    ['the odds', details({ chance: { wins: 1, outOf: 20 } }, { draw: 'lost' }), { draw_lost: { wins: 1, outOf: 20 } }],
    [
      'that its win was used',
      details({ chance: { wins: 1, outOf: 20 } }, { draw: 'used' }),
      { limit_reached: { limit: 'chance', allowed: 1, used: 1 } },
    ],
    ['nothing of the running price before its turn', details({ when: 'order.total >= 5000' }), 'fits'],
    [
      'nothing of currencies where there is no order',
      details({ limits: { budget: { amount: 1, currency: 'USD' } } }, {}, { currency: undefined }),
      'fits',
    ],
  ])('%s', (_, said, expected) => {
    expect(said).toEqual(expected)
  })
})

describe('the lines a filter matches', () => {
  const found = (source: string) => {
    const filter = offerWith({ benefit: { kind: 'percentOff', percent: 1, lines: source } }).filters.get('lines')!
    return matchingLines(filter, facts, [0, 1])
  }
  test.each<[string, string, readonly number[] | 'error']>([
    ['some', "line.category == 'bakery'", [1]],
    ['all', 'line.quantity == 2', [0, 1]],
    ['none', "line.category == 'tea'", []],
    ['those without an error beside one with', "line.attributes.stock == 'old'", [1]],
    ['an error where no line is without', "line.attributes.stock == 'new'", 'error'],
  ])('%s', (_, source, lines) => {
    expect(found(source)).toEqual(lines)
  })
})
