import { accountOf, succeeded } from './caller.mjs'
import { groupBy, sum } from './grouping.mjs'
import { linkName, whoIsWho } from './identities.mjs'
import { meaningOf, viewed } from './segments.mjs'

/**
 * @typedef {import('./stored.mjs').Stored} Stored
 * @typedef {import('./stored.mjs').OrderRow} OrderRow
 * @typedef {import('./caller.mjs').Asked} Asked
 * @typedef {import('./workload.mjs').Someone} Someone
 */

/**
 * Who is who, what she did, what she allowed and which segments she is in: all of it worked out anew from the rows.
 *
 * @param {Stored} stored @param {readonly Someone[]} people
 * @returns {string[]}
 */
export const auditPeople = (stored, people) => [
  ...auditPersons(stored),
  ...auditStrangers(stored, people),
  ...auditStatistics(stored),
  ...auditConsents(stored),
  ...auditSegments(stored),
]

/** Holders of people whom no clerk touches: these are one human by one link, or two. @param {Pick<Stored, 'holders'>} stored @param {readonly Someone[]} people */
export const steadyHolders = ({ holders }, people) => {
  const steady = new Set(people.filter(it => !it.isHandled).flatMap(it => [it.first, it.second]))
  return new Set(holders.filter(it => steady.has(`${it.type}:${it.value}`)).map(it => it.id))
}

/** Persons, what identifiers stand as, whose behaviour browsers tell of, and why links do not unite. @param {Stored} stored */
const auditPersons = ({ holders, links, neverMerge }) => {
  /** @type {string[]} */
  const wrong = []
  const expected = whoIsWho({ holders, links, neverMerge })
  const linksOf = groupBy(
    links.flatMap(link => [
      { of: link.a, link },
      { of: link.b, link },
    ]),
    it => it.of,
  )
  for (const { id, type, value, person_id, standing, behaviour_id } of holders) {
    const say = (/** @type {string} */ what) =>
      wrong.push(
        `holder ${id} (${type}:${value}) ${what}: ${JSON.stringify((linksOf.get(id) ?? []).map(it => it.link))}`,
      )
    const person = (expected.personOf.get(id) ?? '').replace(/^hol_/, 'per_')
    if (person_id !== person) say(`is of person ${person_id}, its links say ${person}`)
    if (standing !== (expected.standing.get(id) ?? null))
      say(`stands as ${standing}, its links say ${expected.standing.get(id)}`)
    if (behaviour_id !== (expected.behaviourOf.get(id) ?? null))
      say(`tells of ${behaviour_id}, its links say ${expected.behaviourOf.get(id)}`)
  }
  for (const link of links) {
    const why = expected.suppressed.get(linkName(link)) ?? null
    if (link.suppressed !== why)
      wrong.push(`link ${JSON.stringify(link)} is suppressed because of ${link.suppressed}, all links say ${why}`)
  }
  return wrong
}

/** Whoever is only linked two by two is nobody else's. @param {Stored} stored @param {readonly Someone[]} people */
const auditStrangers = ({ holders }, people) => {
  const otherOf = new Map(
    people
      .filter(it => !it.isHandled)
      .flatMap(({ first, second }) => [
        [first, second],
        [second, first],
      ]),
  )
  const names = groupBy(
    holders.map(({ type, value, person_id }) => ({ name: `${type}:${value}`, person_id })),
    it => it.person_id,
  )
  return [...names].flatMap(([person, own]) => {
    const steady = own.find(it => otherOf.has(it.name))
    const isStrange = steady && own.some(it => it !== steady && it.name !== otherOf.get(steady.name))
    return isStrange ? [`person ${person} is made of ${own.map(it => it.name)}; nobody linked these`] : []
  })
}

/** @param {string} timeZone @returns {(at: number) => number} the day in that zone, since 1970-01-01 */
const dayIn = timeZone => {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  /** @type {Map<number, number>} a day has few quarters of an hour, and zones change at these alone */
  const known = new Map()
  return at => {
    const quarter = Math.floor(at / 900_000)
    const day = known.get(quarter) ?? Date.parse(format.format(quarter * 900_000)) / 86_400_000
    known.set(quarter, day)
    return day
  }
}

/** Numbers by day that add up. */
const makeSeries = () => {
  /** @type {Map<string, Map<number, number[]>>} name → day → numbers */
  const all = new Map()
  return {
    add: (/** @type {string} */ name, /** @type {number} */ day, /** @type {number[]} */ numbers) => {
      const byDay = all.get(name) ?? new Map()
      all.set(name, byDay)
      byDay.set(
        day,
        numbers.map((number, index) => number + (byDay.get(day)?.[index] ?? 0)),
      )
    },
    /** As the store writes it, by name: days in order, without those of which nothing is left. */
    text: () =>
      [...all]
        .map(([name, byDay]) => {
          const days = [...byDay].filter(([, numbers]) => numbers.some(it => it !== 0)).sort(([a], [b]) => a - b)
          return `${name} ${days.flatMap(([day, numbers]) => [day, ...numbers])}`
        })
        .filter(line => !line.endsWith(' '))
        .sort()
        .join('; '),
  }
}

const refundedOf = (/** @type {OrderRow} */ { returned }) => (returned === null ? 0 : JSON.parse(returned).refunded)

/** Units that were bought and did not come back. @param {OrderRow} order */
const unitsOf = ({ basket, returned }) => {
  const lines = JSON.parse(basket).lines
  /** @type {[number, number][]} */
  const back = returned === null ? [] : Object.values(JSON.parse(returned).units).flat()
  return (
    sum(lines.map((/** @type {{ quantity?: number }} */ line) => line.quantity ?? 1)) -
    sum(back.map(([first, last]) => last - first + 1))
  )
}

/** What every holder did, day by day, as its rows say. @param {Stored} stored */
const auditStatistics = ({ workspaces, holders, orders, uses, returns, grants, messages, segments }) => {
  /** @type {string[]} */
  const wrong = []
  const day = dayIn(workspaces[0]?.time_zone ?? 'UTC')
  const isCounted = segments.some(it => `${it.condition} ${it.next_condition}`.includes(`events('${viewed}'`))
  const holderOfOrder = new Map(orders.map(order => [order.id, order.holder_id]))
  const ordersOf = groupBy(orders, order => order.holder_id)
  const usesOf = groupBy(uses, use => (use.state === 'redeemed' ? use.holder_id : null))
  const returnsOf = groupBy(returns, row => holderOfOrder.get(row.order_id))
  const grantsOf = groupBy(grants, grant => grant.holder_id)
  const viewsOf = groupBy(messages, row => (row.name === viewed ? row.holder_id : null))
  for (const { id, type, value, statistics } of holders) {
    const expected = makeSeries()
    for (const order of ordersOf.get(id) ?? []) {
      if (order.state !== 'placed' && order.state !== 'returned') continue
      const isPlaced = order.state === 'placed'
      const numbers = [isPlaced ? 1 : 0, isPlaced ? unitsOf(order) : 0, order.total - refundedOf(order)]
      expected.add(`orders ${order.currency}`, day(order.occurred_at), numbers)
      expected.add(`channels ${order.channel} ${order.currency}`, day(order.occurred_at), numbers)
    }
    for (const use of usesOf.get(id) ?? []) expected.add('used', day(use.at), [1])
    for (const row of returnsOf.get(id) ?? []) expected.add('returns', day(row.at), [1])
    for (const grant of grantsOf.get(id) ?? []) expected.add('received', day(grant.issued_at), [1])
    if (isCounted) for (const row of viewsOf.get(id) ?? []) expected.add(`events ${viewed}`, day(row.occurred_at), [1])

    const counted = makeSeries()
    const read = (/** @type {string} */ name, /** @type {number[]} */ series = [], width = 1) => {
      for (let index = 0; index < series.length; index += width + 1)
        counted.add(name, series[index] ?? 0, series.slice(index + 1, index + 1 + width))
    }
    const { orders: byCurrency = {}, channels = {}, events = {}, ...rest } = JSON.parse(statistics)
    for (const [currency, series] of Object.entries(byCurrency)) read(`orders ${currency}`, series, 3)
    for (const [channel, all] of Object.entries(channels))
      for (const [currency, series] of Object.entries(all)) read(`channels ${channel} ${currency}`, series, 3)
    for (const name of ['used', 'returns', 'received']) read(name, rest[name])
    if (isCounted) read(`events ${viewed}`, events[viewed])
    if (counted.text() !== expected.text())
      wrong.push(`${type}:${value} (${id}) counts [${counted.text()}], the rows say [${expected.text()}]`)
  }
  return wrong
}

/** What every address permits is what its ledger comes to: of what was said the newest, of two at once the stricter. @param {Stored} stored */
const auditConsents = ({ holders, consents, messages }) => {
  /** @type {string[]} */
  const wrong = []
  const entriesOf = groupBy(consents, entry => entry.holder_id)
  for (const { id, type, value, consents: stored } of holders) {
    const states = [...groupBy(entriesOf.get(id) ?? [], entry => `${entry.channel}/${entry.purpose}`)].map(
      ([key, entries]) => {
        const [last] = [...entries].sort(
          (a, b) => b.at - a.at || Number(b.state === 'withdrawn') - Number(a.state === 'withdrawn'),
        )
        return `${key} ${last?.state} ${last?.at}`
      },
    )
    const said = Object.entries(JSON.parse(stored)).map(([key, [state, at]]) => `${key} ${state} ${at}`)
    if (said.sort().join() !== states.sort().join())
      wrong.push(`${type}:${value} permits [${said}], its ledger comes to [${states}]`)
  }
  const entryOf = new Map(consents.map(entry => [`consent-${entry.id}`, entry]))
  for (const { message_id, name, holder_id } of messages) {
    if (!name.startsWith('Consent ')) continue
    const entry = entryOf.get(message_id)
    if (entry?.holder_id !== holder_id || name !== (entry.state === 'given' ? 'Consent Given' : 'Consent Withdrawn'))
      wrong.push(`event ${message_id} (${name}) of ${holder_id} tells of ${JSON.stringify(entry)}`)
  }
  return wrong
}

/** Of the members that count of every live segment: those whom its condition is true of, each by the holder that names her. @param {Stored} stored */
const auditSegments = ({ holders, orders, uses, returns, messages, segments, members }) => {
  /** @type {string[]} */
  const wrong = []
  const factsOf = factsByPerson({ holders, orders, uses, returns, messages })
  const counting = new Map(segments.filter(it => it.generation > 0 && !it.removed).map(it => [it.id, it]))
  const membersOf = groupBy(members, it => `${it.segment_id} ${it.generation}`)
  const isIn = (/** @type {string} */ person, /** @type {string} */ id) => {
    const condition = counting.get(id)?.condition
    const facts = factsOf.get(person)
    return typeof condition === 'string' && facts !== undefined
      ? meaningOf(condition)({ ...facts, is: (/** @type {string} */ other) => isIn(person, other) })
      : false
  }
  for (const [id, { generation, condition }] of counting) {
    const stored = new Set((membersOf.get(`${id} ${generation}`) ?? []).map(it => it.holder_id))
    for (const person of factsOf.keys()) {
      const should = isIn(person, id)
      const root = person.replace(/^per_/, 'hol_')
      if (stored.delete(root) !== should)
        wrong.push(
          `${person} ${should ? 'should be' : 'is'} in segment ${id} (generation ${generation}: ${condition}) and ${should ? 'is not' : 'should not be'}: ${JSON.stringify(factsOf.get(person))}, of holders ${holders.filter(it => it.person_id === person).map(it => `${it.id} ${it.type}:${it.value}`)}`,
        )
    }
    for (const holder of stored) wrong.push(`holder ${holder} is a member of segment ${id} and names no person`)
  }
  return wrong
}

/** @param {Pick<Stored, 'holders' | 'orders' | 'uses' | 'returns' | 'messages'>} stored */
const factsByPerson = ({ holders, orders, uses, returns, messages }) => {
  const personOf = new Map(holders.map(holder => [holder.id, holder.person_id]))
  const byPerson = (/** @type {string | null} */ holder) => (holder === null ? undefined : personOf.get(holder))
  const placed = groupBy(orders, order => (order.state === 'placed' ? byPerson(order.holder_id) : undefined))
  const used = groupBy(uses, use => (use.state === 'redeemed' ? byPerson(use.holder_id) : undefined))
  const holderOfOrder = new Map(orders.map(order => [order.id, order.holder_id]))
  const returned = groupBy(returns, row => byPerson(holderOfOrder.get(row.order_id) ?? null))
  const views = groupBy(messages, row => (row.name === viewed ? row.holder_id : null))
  const browsers = groupBy(holders, holder => {
    const joined = byPerson(holder.behaviour_id)
    return joined === holder.person_id ? undefined : joined
  })
  return new Map(
    [...groupBy(holders, holder => holder.person_id)].map(([person, own]) => {
      const said = own.map(holder => JSON.parse(holder.consents)['email/marketing']?.[0])
      const actors = [...own, ...(browsers.get(person) ?? [])]
      return [
        person,
        {
          orders: (placed.get(person) ?? []).length,
          inStore: (placed.get(person) ?? []).filter(order => order.channel === 'store').length,
          used: (used.get(person) ?? []).length,
          returns: (returned.get(person) ?? []).length,
          viewed: sum(actors.map(holder => (views.get(holder.id) ?? []).length)),
          mayBeMailed: said.includes('given') && !said.includes('withdrawn'),
        },
      ]
    }),
  )
}

/**
 * What clerks and people said and was acknowledged, is there: links, removals, splits until they are undone, and entries of the ledger.
 *
 * @param {Stored} stored @param {readonly Asked[]} asked
 */
export const auditClerks = ({ links, neverMerge, messages, consents }, asked) => {
  /** @type {string[]} */
  const wrong = []
  const known = new Set(links.map(linkName))
  const parted = new Set(neverMerge.map(it => it.cause))
  const told = new Set(messages.map(row => row.message_id.split(' ').slice(0, 5).join(' ')))
  const entries = new Set(consents.map(entry => entry.id))
  const ofKind = groupBy(asked, request => request.kind)
  const done = (/** @type {string} */ kind) =>
    (ofKind.get(kind) ?? []).filter(succeeded).map(request => ({ request, answer: JSON.parse(request.text) }))
  const say = (/** @type {string} */ what, /** @type {Asked} */ request) =>
    wrong.push(`${what} was acknowledged and is not there: ${accountOf(request)}`)

  for (const { request, answer } of done('linkPeople'))
    for (const link of answer.links) if (!known.has(linkName(link))) say(`the link ${linkName(link)}`, request)
  for (const { request, answer } of done('unlinkPeople')) {
    const [{ a, b }] = answer.links
    const at = Math.max(
      ...answer.links
        .map((/** @type {{ removedAt: string | null }} */ it) => Date.parse(it.removedAt ?? ''))
        .filter(Number.isFinite),
    )
    if (![`Link Removed ${a} ${b} ${at}`, `Link Removed ${b} ${a} ${at}`].every(it => told.has(it)))
      say(`the removal between ${a} and ${b} at ${at}`, request)
  }
  const undoing = new Set((ofKind.get('undoSplit') ?? []).map(request => request.path.split('/').at(-1)))
  for (const { request, answer } of done('splitPerson'))
    if (!undoing.has(answer.id) && !parted.has(answer.id)) say(`split ${answer.id}`, request)
  for (const { request, answer } of done('undoSplit'))
    if (parted.has(answer.id)) wrong.push(`split ${answer.id} is undone and still parts: ${accountOf(request)}`)

  let recorded = 0
  for (const { request, answer } of done('putConsents'))
    for (const { id } of answer.recorded) {
      recorded += 1
      if (!entries.has(id)) say(`entry ${id} of the ledger`, request)
    }
  const perhaps = (ofKind.get('putConsents') ?? [])
    .filter(request => !succeeded(request) && (request.interrupted || request.status === 0))
    .map(request => JSON.parse(request.body ?? '{}').consents.length)
  if (entries.size < recorded || entries.size > recorded + sum(perhaps))
    wrong.push(`the ledger has ${entries.size} entries, ${recorded} were acknowledged and ${sum(perhaps)} interrupted`)
  return wrong
}

const madeHere = /^(Person (Merged|Split|Quarantined)|Link Removed|Segment (Entered|Left)|Consent (Given|Withdrawn))$/

/** Events that nobody sent: what the program tells of people and segments. @param {{ name: string }} row */
export const isMadeHere = ({ name }) => madeHere.test(name)
