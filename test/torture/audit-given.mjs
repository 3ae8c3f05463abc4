import { createHmac } from 'node:crypto'
import { steadyHolders } from './audit-people.mjs'
import { groupBy } from './grouping.mjs'
import { periodName } from './limits.mjs'
import { givenBy, madeAt } from './stored.mjs'

/**
 * @typedef {import('./stored.mjs').Stored} Stored
 * @typedef {import('./stored.mjs').UseRow} UseRow
 * @typedef {import('./workload.mjs').KnownOffer} KnownOffer
 * @typedef {import('./workload.mjs').Someone} Someone
 */

/**
 * What is given beside money off: grants, surprises, what events give, and nothing to those who are held out.
 *
 * @param {Stored} stored @param {readonly KnownOffer[]} offers @param {readonly Someone[]} people
 * @returns {string[]}
 */
export const auditGiven = (stored, offers, people) => [
  ...auditGivenGrants(stored),
  ...auditEvents(stored, offers),
  ...auditDraws(stored, offers, people),
  ...auditHoldouts(stored, offers, people),
]

/** Each grant that a use gave belongs to it alone, and is void when the use is undone and nobody has used it. @param {Stored} stored */
const auditGivenGrants = ({ uses, grants }) => {
  /** @type {string[]} */
  const wrong = []
  const grantOf = new Map(grants.map(grant => [grant.id, grant]))
  const everUsed = new Set(uses.map(use => use.grant_id))
  /** @type {Map<string, string>} */
  const giverOf = new Map()
  for (const use of uses) {
    const say = (/** @type {string} */ what) =>
      wrong.push(`redemption ${use.id} of ${use.order_id} (${use.state}) gave ${use.given}: ${what}`)
    const isBooked = !['held', 'released', 'expired', 'withheld'].includes(use.state)
    for (const given of givenBy(use)) {
      if (given.what === 'gift') continue
      const ids = given.grants ?? []
      if (ids.length !== (isBooked ? (given.quantity ?? 1) : 0)) say(`${ids.length} grants were made`)
      for (const id of ids) {
        const grant = grantOf.get(id)
        if (giverOf.has(id)) say(`grant ${id} was given by ${giverOf.get(id)} too`)
        giverOf.set(id, use.id)
        if (!grant) {
          say(`grant ${id} is not there`)
          continue
        }
        if (grant.holder_id !== use.holder_id) say(`grant ${id} is of ${grant.holder_id}, not ${use.holder_id}`)
        if (grant.offer_id !== (given.what === 'offer' ? given.offer : use.offer_id))
          say(`grant ${id} is of another offer`)
        if ((given.what === 'entitlement') !== (grant.fulfilment !== null)) say(`grant ${id} is ${grant.fulfilment}`)
        // One that was used or held when its giver was undone is usable again when that use ends: nothing of it knows its giver.
        const isUndone = use.state === 'cancelled' || use.state === 'returned'
        if (isUndone && grant.state === 'issued' && !everUsed.has(id)) say(`grant ${id} is still good`)
      }
    }
  }
  for (const grant of grants)
    if (!giverOf.has(grant.id) && (grant.state === 'revoked' || grant.fulfilment !== null))
      wrong.push(`grant ${grant.id} is ${grant.state}, ${grant.fulfilment}, and no use gave it`)
  return wrong
}

/** An event gives once whatever waits for it, and is answered for once. @param {Stored} stored @param {readonly KnownOffer[]} offers */
const auditEvents = ({ messages, uses, decisions }, offers) => {
  /** @type {string[]} */
  const wrong = []
  const waitingFor = groupBy(offers, offer => offer.event)
  const usesOf = groupBy(uses, use => (use.order_id.startsWith('event/') ? use.order_id.slice('event/'.length) : null))
  const decisionsOf = groupBy(decisions, decision => (decision.kind === 'event' ? decision.cause : null))
  const stored = new Set(messages.map(row => row.message_id))
  for (const id of [...usesOf.keys(), ...decisionsOf.keys()])
    if (!stored.has(id)) wrong.push(`event ${id} gave something and is not there`)
  for (const { message_id: id, name } of messages) {
    const waiting = waitingFor.get(name) ?? []
    const told = decisionsOf.get(id) ?? []
    if (told.length !== (waiting.length > 0 ? 1 : 0)) wrong.push(`event ${id} (${name}) has ${told.length} decisions`)
    const byOffer = groupBy(usesOf.get(id) ?? [], use => use.offer_id)
    for (const [offer, own] of byOffer) {
      if (own.length > 1) wrong.push(`event ${id} gave offer ${offer} ${own.length} times: ${own.map(use => use.id)}`)
      if (!waiting.some(it => it.id === offer)) wrong.push(`event ${id} gave offer ${offer}, which did not wait for it`)
      const [use] = own
      if (use && told[0] && !told[0].answer.includes(use.id))
        wrong.push(`the decision of event ${id} is silent about ${use.id}`)
    }
    for (const { id: offer, limits } of waiting)
      if (Object.keys(limits).length === 0 && !byOffer.has(offer)) wrong.push(`event ${id} did not give offer ${offer}`)
  }
  return wrong
}

/** `count` numbers, of which the secret and the text draw one. @param {string} secret @param {string} text @param {number} count */
const drawOf = (secret, text, count) =>
  Number(
    (createHmac('sha256', Buffer.from(secret, 'base64')).update(text).digest().readBigUInt64BE() * BigInt(count)) >>
      64n,
  )

/**
 * Every draw is the one that the secret gives; of people whom clerks neither unite nor part, whoever won was given it, and nobody else was.
 *
 * @param {Stored} stored @param {readonly KnownOffer[]} offers @param {readonly Someone[]} people
 */
const auditDraws = ({ workspaces, draws, holders, uses }, offers, people) => {
  /** @type {string[]} */
  const wrong = []
  const secret = workspaces[0]?.secret ?? ''
  const steady = steadyHolders({ holders }, people)
  const holderOf = new Map(holders.map(holder => [holder.id, holder]))
  const drawsOf = groupBy(draws, draw => draw.offer_id)
  const usesOf = groupBy(uses, use => use.offer_id)
  const surprises = new Set(offers.filter(offer => offer.chance).map(offer => offer.id))
  for (const id of drawsOf.keys()) if (!surprises.has(id)) wrong.push(`offer ${id} is no surprise and was drawn`)
  for (const { id, chance, limits } of offers) {
    if (!chance) continue
    const own = drawsOf.get(id) ?? []
    const given = (usesOf.get(id) ?? []).filter(use => use.holder_id !== null && steady.has(use.holder_id))
    const nameOf = (/** @type {string | null} */ holder, /** @type {string} */ period) =>
      `${holderOf.get(holder ?? '')?.person_id} ${period}`
    const periodOf = (/** @type {number} */ at) =>
      chance.period === undefined ? 'ever' : periodName(at, chance.period)
    const usedBy = groupBy(given, use => nameOf(use.holder_id, periodOf(use.at)))
    const wonBy = new Set()
    for (const draw of own) {
      const say = (/** @type {string} */ what) => wrong.push(`draw ${JSON.stringify(draw)}: ${what}`)
      const holder = holderOf.get(draw.holder_id)
      const text = ['chance', id, draw.offer_version, `${holder?.type}:${holder?.value}`, draw.period].join('\n')
      const expected = drawOf(secret, text, chance.outOf)
      if (draw.draw !== expected) say(`the secret draws ${expected}`)
      if (draw.wins !== chance.wins || draw.out_of !== chance.outOf)
        say(`the odds are ${chance.wins} in ${chance.outOf}`)
      if (draw.period !== periodOf(draw.at)) say(`it was drawn in ${periodOf(draw.at)}`)
      if (draw.draw >= draw.wins || !steady.has(draw.holder_id)) continue
      wonBy.add(nameOf(draw.holder_id, draw.period))
      if (Object.keys(limits).length === 0 && !usedBy.has(nameOf(draw.holder_id, draw.period)))
        say('it won, and nothing was given')
    }
    for (const [who, byThem] of usedBy)
      if (!wonBy.has(who)) wrong.push(`offer ${id} was given to ${who}, who did not win: ${byThem.map(use => use.id)}`)
  }
  return wrong
}

/** FNV-1a with 32 bits. @param {string} text */
const fnv = text => {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash
}

/** As GrowthBook's SDKs do, version 2: the share of a campaign's audience that gets nothing. @param {string} campaign @param {string} identifier @param {number} percent */
const isHeldOut = (campaign, identifier, percent) => fnv(String(fnv(campaign + identifier))) % 10_000 < percent * 100

/**
 * Whoever was met by a campaign as one who is held out is never given anything of it. A person of two identifiers is what the one
 * was that was met first. Of people whom clerks unite and part nobody can tell afterwards whom they were when they were met.
 *
 * @param {Stored} stored @param {readonly KnownOffer[]} offers @param {readonly Someone[]} people
 */
const auditHoldouts = ({ exposures, uses, holders }, offers, people) => {
  /** @type {string[]} */
  const wrong = []
  const holderOf = new Map(holders.map(holder => [holder.id, holder]))
  const steady = steadyHolders({ holders }, people)
  const personOf = groupBy(holders, holder => holder.person_id)
  const linkedAt = new Map(people.flatMap(({ first, second, linkedAt }) => [first, second].map(it => [it, linkedAt])))
  const ofOffer = new Map(offers.flatMap(offer => (offer.holdout ? [[offer.id, offer.holdout]] : [])))
  const percentOf = new Map([...ofOffer.values()].map(({ campaign, percent }) => [campaign, percent]))
  const usesOf = groupBy(uses, use => `${ofOffer.get(use.offer_id)?.campaign} ${use.holder_id}`)
  const met = new Map(exposures.map(row => [`${row.campaign_id} ${row.holder_id}`, row]))

  for (const use of uses) {
    const say = (/** @type {string} */ what) =>
      wrong.push(`redemption ${use.id} of ${use.order_id} (${use.state}, arm ${use.arm}): ${what}`)
    if ((use.state === 'withheld') !== (use.arm === 'holdout')) say('only who is held out is given nothing')
    const campaign = ofOffer.get(use.offer_id)?.campaign
    if (campaign === undefined ? use.arm !== null : use.holder_id !== null && use.arm === null)
      say('that is no arm of its campaign')
    if (campaign === undefined || use.holder_id === null || !steady.has(use.holder_id)) continue
    const together = personOf.get(holderOf.get(use.holder_id)?.person_id ?? '') ?? []
    if (!together.some(it => met.has(`${campaign} ${it.id}`))) say('nobody remembers that its campaign met her')
  }
  for (const row of exposures) {
    const say = (/** @type {string} */ what) => wrong.push(`exposure ${JSON.stringify(row)}: ${what}`)
    const holder = holderOf.get(row.holder_id)
    const percent = percentOf.get(row.campaign_id)
    if (!holder || percent === undefined) {
      say('nobody is held out there')
      continue
    }
    if (!steady.has(holder.id)) continue
    const together = personOf.get(holder.person_id) ?? []
    const own = usesOf.get(`${row.campaign_id} ${row.holder_id}`) ?? []
    if (together.length === 1) {
      const arm = isHeldOut(row.campaign_id, `${holder.type}:${holder.value}`, percent) ? 'holdout' : 'treatment'
      if (row.arm !== arm) say(`${holder.type}:${holder.value} belongs to ${arm}`)
      for (const use of own) if (use.arm !== row.arm) say(`redemption ${use.id} (${use.state}) says ${use.arm}`)
      continue
    }
    const first = together
      .flatMap(it => met.get(`${row.campaign_id} ${it.id}`) ?? [])
      .sort((a, b) => a.at - b.at || (a.holder_id < b.holder_id ? -1 : 1))[0]
    const since = linkedAt.get(`${holder.type}:${holder.value}`)
    for (const use of own)
      if (since !== undefined && madeAt(use.id) > since && use.arm !== first?.arm)
        say(
          `redemption ${use.id} (${use.state}) says ${use.arm}, and her person was first met as ${JSON.stringify(first)}`,
        )
  }
  return wrong
}
