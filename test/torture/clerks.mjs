import { succeeded } from './caller.mjs'
import { viewed } from './segments.mjs'

/**
 * @typedef {import('./dice.mjs').Dice} Dice
 * @typedef {import('./workload.mjs').Someone} Someone
 * @typedef {{ names: string[], browsers: string[], splits: string[] }} Household whose identifiers clerks unite and part; a browser stands in the hall
 */

const perHousehold = 4

/**
 * Who is who changes while everybody buys: clerks link, unlink, split and undo, a shared browser logs in as one after the other, evidence
 * comes late and again, and people allow and withdraw.
 *
 * @param {object} options
 * @param {import('./caller.mjs').Caller} options.caller
 * @param {(prefix: string) => string} options.fresh
 * @param {(dice: Dice, who: string, also?: string) => Promise<unknown>} options.buy a hot offer; `also` is shown at the till
 * @param {(dice: Dice, events: { id: string, kind: string, event: object }[]) => Promise<unknown>} options.send
 */
export const makeClerks = ({ caller, fresh, buy, send }) => {
  /** @type {Household[]} */
  let households = []
  /** @type {Someone[]} */
  let people = []

  /** @param {readonly Someone[]} crowd @param {string} scene */
  const setScene = (crowd, scene) => {
    people = [...crowd]
    const handled = crowd.filter(it => it.isHandled)
    households = Array.from({ length: handled.length / perHousehold }, (_, index) => ({
      names: [
        ...handled.slice(index * perHousehold, (index + 1) * perHousehold).flatMap(it => [it.first, it.second]),
        `loyaltyCard:${scene}-${index}`,
      ],
      browsers: [0, 1].map(number => `anonymousId:${scene}-${index}-${number}`),
      splits: [],
    }))
  }

  const two = (/** @type {Dice} */ dice, /** @type {readonly string[]} */ names) => {
    const first = dice.below(names.length)
    const second = (first + dice.between(1, names.length - 1)) % names.length
    return /** @type {[string, string]} */ ([names[first], names[second]])
  }

  /** @param {Dice} dice @param {string} kind @param {string} path @param {unknown} [body] */
  const call = (dice, kind, path, body) =>
    caller.ask(
      {
        kind,
        method: kind === 'undoSplit' ? 'DELETE' : kind === 'putConsents' ? 'PUT' : 'POST',
        path,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(dice.chance(0.7) ? { key: fresh('key') } : {}),
      },
      dice.pick(caller.servers),
    )
  const reason = 'so it was said at the desk'
  const link = (/** @type {Dice} */ dice, /** @type {string} */ a, /** @type {string} */ b) =>
    call(dice, 'linkPeople', '/v1/people/links', { a, b, ...(dice.chance(0.1) ? { verified: false } : {}), reason })

  /** Two are made one, sometimes by two clerks at once, while both buy and hold. */
  const linkWhileBuying = async (/** @type {Dice} */ dice) => {
    const { names, browsers } = dice.pick(households)
    const [a, b] = two(dice, dice.chance(0.3) ? [...names, ...browsers, 'email:test@example.com'] : names)
    const [other] = two(dice, names)
    await Promise.all([
      link(dice, a, b),
      ...(dice.chance(0.4) ? [link(dice, other, b)] : []),
      ...[a, b].filter(it => names.includes(it)).map(it => buy(dice, it)),
      ...(dice.chance(0.4) && names.includes(a) ? [buy(dice, a, other === a ? undefined : other)] : []),
    ])
  }

  const unlink = async (/** @type {Dice} */ dice) => {
    const { names, browsers } = dice.pick(households)
    const [a, b] = two(dice, dice.chance(0.2) ? [...names, ...browsers] : names)
    if (dice.chance(0.6)) await link(dice, a, b)
    await Promise.all([
      call(dice, 'unlinkPeople', '/v1/people/unlink', { a, b, reason }),
      ...(dice.chance(0.3) ? [call(dice, 'unlinkPeople', '/v1/people/unlink', { a: b, b: a, reason })] : []),
      ...[a, b].filter(it => names.includes(it)).map(it => buy(dice, it)),
    ])
  }

  const splitAndUndo = async (/** @type {Dice} */ dice) => {
    const household = dice.pick(households)
    const [a, b] = two(dice, household.names)
    await link(dice, a, b)
    const split = () => call(dice, 'splitPerson', '/v1/people/split', { person: a, groups: [[a], [b]], reason })
    const [done] = await Promise.all([split(), ...(dice.chance(0.3) ? [split()] : []), buy(dice, a), buy(dice, b)])
    if (done && succeeded(done)) household.splits.push(JSON.parse(done.text).id)
    if (household.splits.length === 0 || dice.chance(0.3)) return
    const id = dice.pick(household.splits)
    const undo = () => call(dice, 'undoSplit', `/v1/people/splits/${id}`)
    await Promise.all([undo(), ...(dice.chance(0.3) ? [undo()] : []), link(dice, a, b), buy(dice, b)])
  }

  /** What an event says of two identifiers: that they are one, or only that they may be. */
  const tie = (/** @type {Dice} */ dice, /** @type {string} */ a, /** @type {string} */ b, verified = true) => {
    const [userId, anonymousId] = ['userId', 'anonymousId'].map(type => [a, b].find(it => it.startsWith(`${type}:`)))
    const others = [a, b].filter(it => it !== userId && it !== anonymousId)
    const valueIn = (/** @type {string} */ name) => name.slice(name.indexOf(':') + 1)
    return {
      id: fresh('msg'),
      kind: 'tie',
      event: {
        type: 'identify',
        timestamp: new Date(Date.now() - dice.below(3_600_000)).toISOString(),
        ...(userId ? { userId: valueIn(userId) } : {}),
        ...(anonymousId ? { anonymousId: valueIn(anonymousId) } : {}),
        context: {
          externalIds: others.map(it => ({ type: it.slice(0, it.indexOf(':')), id: valueIn(it) })),
          ...(verified ? {} : { verified: false }),
        },
      },
    }
  }

  const look = (/** @type {string} */ browser) => ({
    id: fresh('msg'),
    kind: 'track',
    event: {
      type: 'track',
      anonymousId: browser.slice('anonymousId:'.length),
      event: viewed,
      properties: { sku: 'SKU-1' },
    },
  })

  /** A browser in the hall: looked at by one, logged in by the next, and somebody types an address that may be hers. */
  const sharedBrowser = async (/** @type {Dice} */ dice) => {
    const { names, browsers } = dice.pick(households)
    const browser = dice.pick(browsers)
    const logins = Array.from({ length: dice.between(1, 2) }, () =>
      tie(dice, dice.pick(names), browser, dice.chance(0.4)),
    )
    await Promise.all([
      send(dice, [look(browser), ...logins]),
      ...(dice.chance(0.5) ? [send(dice, [...logins, look(browser)])] : []),
      ...(dice.chance(0.3) ? [send(dice, [tie(dice, ...two(dice, names))])] : []),
      ...(dice.chance(0.3) ? [unlink(dice)] : []),
    ])
  }

  /** Somebody allows to be written to, and takes it back, sometimes at once and sometimes told of late. */
  const consent = async (/** @type {Dice} */ dice) => {
    const { second } = dice.pick(people)
    const say = () =>
      call(dice, 'putConsents', `/v1/people/${encodeURIComponent(second)}/consents`, {
        consents: [
          {
            channel: 'email',
            purpose: dice.pick(['marketing', 'marketing', 'service']),
            state: dice.pick(['given', 'given', 'withdrawn']),
            how: 'form',
            ...(dice.chance(0.4) ? { at: new Date(Date.now() - dice.below(60_000)).toISOString() } : {}),
          },
        ],
      })
    await Promise.all([say(), ...(dice.chance(0.5) ? [say()] : []), ...(dice.chance(0.3) ? [buy(dice, second)] : [])])
  }

  /** Names of whom nobody can be certain while clerks are at work. */
  const names = () => households.flatMap(it => it.names)

  /** @type {readonly [number, (dice: Dice) => Promise<void>][]} */
  const steps = [
    [7, linkWhileBuying],
    [5, unlink],
    [5, splitAndUndo],
    [5, sharedBrowser],
    [6, consent],
  ]
  return { setScene, steps, names }
}
