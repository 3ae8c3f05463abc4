/**
 * Plays a year of coupon campaigns through the HTTP API, as a business would have lived it: what exists is made, what
 * happened is told, and each coupon is redeemed on its day. Everything is named by the data, so playing it again adds nothing
 * and comes to the same figures.
 */
import { groupBy } from '../../core/kernel/group-by.ts'
import { idTime } from '../../core/kernel/id.ts'
import { type Tessera, TesseraRefusal } from '../../sdk/index.ts'
import type { Progress } from '../progress.ts'
import { type OfferName, readAnswer } from './answers.ts'
import { askWrongly, type WrongAnswer } from './ask-wrongly.ts'
import { type Arrival, arriving, digestOfPersons, identifiersIn, madeUpIdentities } from './identities.ts'
import { inParallel } from './in-parallel.ts'
import type { Journey, JourneyCoupon, JourneyRedemption } from './journey.ts'
import { type JourneySource, planReplay } from './plan.ts'
import { purchaseOf, wrongQuestions } from './wrong-questions.ts'

/** One part of the replay: what it is called, how many things it made and found there, how long it took. */
export type Phase = { readonly name: string; readonly added: number; readonly known: number; readonly seconds: number }

/** What became of one redemption; `chosen` is undefined where it was refused. */
export type Redeemed = {
  readonly redemption: JourneyRedemption
  readonly person: string | null
  readonly chosen: OfferName | undefined
  readonly refusal: { readonly code: string; readonly message: string } | undefined
}

export type Replayed = {
  readonly phases: readonly Phase[]
  /** The data's id of each campaign → the API's. */
  readonly campaigns: ReadonlyMap<string, string>
  /** Distinct persons in the audience of each campaign, by the data's id. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>
  readonly redeemed: readonly Redeemed[]
  readonly wrong: readonly WrongAnswer[]
  readonly identities: Identities | undefined
}

/** Who is who, after made-up online identities were told. */
export type Identities = {
  readonly arrival: Arrival
  readonly events: number
  readonly identifiers: number
  readonly persons: number
  /** Of the persons with all their identifiers: the same for the same persons. */
  readonly digest: string
}

export type ReplayOptions = {
  readonly tessera: Tessera
  readonly journey: Journey
  readonly source: JourneySource
  readonly probe: boolean
  /** Also tell of made-up online identities, arriving in this order. */
  readonly identities: Arrival | undefined
  readonly progress: Progress
  readonly stop: AbortSignal
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
}

/** Households at a time: enough in flight to fill the server's batches; more would only wait in its queue. */
const householdsInFlight = 128
const batchesInFlight = 10
/** Writes of the catalogue wait for each other in the store. */
const catalogueInFlight = 8
const eventsPerBatch = 100
const peoplePerCall = 500
/** What one PUT of a collection takes; longer lists go as CSV. */
const skusPerPut = 10_000

const chunks = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))

export const replayJourney = async (options: ReplayOptions): Promise<Replayed> => {
  const { tessera, journey, progress, monotonic, stop } = options
  const plan = planReplay(journey, options.source, options.identities !== undefined)
  const phases: Phase[] = []

  type Count = { added: number; known: number; step(done: number): void }
  const phase = async (name: string, total: number, work: (count: Count) => Promise<void>): Promise<void> => {
    const start = monotonic()
    const count: Count = {
      added: 0,
      known: 0,
      step: done => {
        stop.throwIfAborted()
        progress.step(name, done, total)
      },
    }
    count.step(0)
    await work(count)
    const seconds = Math.round(monotonic() - start) / 1000
    phases.push({ name, added: count.added, known: count.known, seconds })
    progress.say(phaseLine(phases.at(-1)!))
  }

  const campaigns = new Map<string, string>()
  await phase('campaigns', journey.campaigns.length, async count => {
    const there = new Map<string, string>()
    for await (const campaign of tessera.listCampaigns({ limit: 1000 })) there.set(campaign.name, campaign.id)
    for (const campaign of journey.campaigns) {
      const known = there.get(plan.campaignName(campaign.id))
      campaigns.set(campaign.id, known ?? (await tessera.createCampaign(plan.campaign(campaign))).id)
      count[known === undefined ? 'added' : 'known'] += 1
      count.step(campaigns.size)
    }
  })

  const lists = [...new Map(journey.coupons.map(coupon => [plan.collectionId(coupon), coupon.products])).entries()]
  await phase('collections', lists.length, async count => {
    const there = new Map<string, number>()
    for await (const { id, size } of tessera.listCollections({ limit: 1000 })) there.set(id, size)
    await inParallel(lists, catalogueInFlight, async ([id, products]) => {
      if (there.get(id) === products.length) count.known += 1
      else {
        await saveCollection(tessera, id, products)
        count.added += 1
      }
      count.step(count.added + count.known)
    })
  })

  const names = new Map<string, OfferName>()
  await phase('offers and codes', journey.coupons.length, async count => {
    const there = new Map<string, string>()
    for (const [campaign, id] of campaigns)
      for await (const offer of tessera.listOffers({ campaign: id, limit: 1000 }))
        there.set(`${campaign} ${offer.name}`, offer.id)
    const save = async (coupon: JourneyCoupon): Promise<void> => {
      const body = plan.offer(coupon, campaigns.get(coupon.campaign)!)
      const known = there.get(`${coupon.campaign} ${body.name}`)
      const id = known ?? (await tessera.createOffer(body)).id
      await importCode(tessera, id, coupon.code)
      names.set(id, { campaign: coupon.campaign, code: coupon.code })
      count[known === undefined ? 'added' : 'known'] += 1
      count.step(names.size)
    }
    // Of two offers of one code that end on the same day the older wins, and ids tell their age in milliseconds. So those of one
    // code are made one after the other, each in a later millisecond; those of different codes never meet.
    await inParallel([...groupBy(journey.coupons, coupon => coupon.code).values()], catalogueInFlight, async ofCode => {
      for (const coupon of ofCode) {
        const start = monotonic()
        await save(coupon)
        while (monotonic() - start < 2) await new Promise(done => setTimeout(done, 1))
      }
    })
    checkAges(names)
  })

  await phase('people', journey.households.length, async count => {
    await inParallel(chunks(journey.households.map(plan.identify), eventsPerBatch), batchesInFlight, async batch => {
      const { stored, known } = await tessera.batch({ batch })
      count.added += stored
      count.known += known
      count.step(count.added + count.known)
    })
  })

  await phase('baskets', journey.baskets.length, async count => {
    await inParallel(chunks(journey.baskets, eventsPerBatch), batchesInFlight, async baskets => {
      const { stored, known } = await tessera.batch({ batch: baskets.map(plan.orderCompleted) })
      count.added += stored
      count.known += known
      count.step(count.added + count.known)
    })
  })

  const told = options.identities
    ? arriving(
        madeUpIdentities(
          journey.households.map(it => it.id),
          options.source.key,
        ),
        options.identities,
      )
    : []
  if (options.identities)
    await phase('identities', told.length, async count => {
      await inParallel(chunks(told, eventsPerBatch), batchesInFlight, async batch => {
        const { stored, known } = await tessera.batch({ batch })
        count.added += stored
        count.known += known
        count.step(count.added + count.known)
      })
    })

  const members = new Map<string, ReadonlySet<string>>()
  await phase('sends', journey.sends.length, async count => {
    let done = 0
    for (const [campaign, sends] of groupBy(journey.sends, send => send.campaign)) {
      const id = campaigns.get(campaign)!
      for (const part of chunks(sends, peoplePerCall)) {
        const people = part.map(send => plan.person(send.household))
        const answer = await tessera.addMembers(id, { people })
        const added = 'added' in answer ? answer.added : 0
        count.added += added
        count.known += part.length - added
        done += part.length
        count.step(done)
      }
      const persons = new Set<string>()
      for await (const { person } of tessera.listMembers(id, { limit: 1000 })) persons.add(person)
      members.set(campaign, persons)
    }
  })

  const redeemed: Redeemed[] = []
  const wrong: WrongAnswer[] = []
  const purchase = purchaseOf(journey)
  const questions = wrongQuestions(journey)
  const phaseName = options.probe ? 'redemptions and wrong questions' : 'redemptions'
  await phase(phaseName, journey.redemptions.length, async count => {
    // A use that is there already is answered again as it was; only the report tells how many those are.
    const ours = new Set(campaigns.values())
    const { data } = await tessera.getCampaignReport()
    for (const row of data) if (ours.has(row.campaign)) count.known += row.redeemed
    // A limit is per person, so only the redemptions of one household must keep their order. The longest go first, so that
    // none of them is alone at the end.
    const households = [...groupBy(journey.redemptions, redemption => redemption.household).values()]
    households.sort((a, b) => b.length - a.length)
    await inParallel(households, householdsInFlight, async redemptions => {
      for (const redemption of redemptions) {
        const right = purchase(redemption)
        const id = plan.orderId(redemption.row)
        const answer = await tessera.putOrder(id, plan.order(right))
        const { chosen, refusal } = readAnswer(answer, names)
        redeemed.push({ redemption, person: answer.person, chosen, refusal })
        if (options.probe) {
          const asked = questions(right)
          wrong.push(...(await askWrongly({ tessera, plan, names, row: redemption.row, right, asked })))
        }
        count.step(redeemed.length)
      }
    })
    count.added = redeemed.filter(({ chosen }) => chosen).length - count.known
  })

  // Those with an account first: in the order they were told, everybody would be asked for by all that is hers at once.
  const isAccount = (identifier: string): number => (identifier.startsWith('userId:') ? 0 : 1)
  const named = identifiersIn(told).sort((a, b) => isAccount(a) - isAccount(b))
  const persons = new Map<string, readonly string[]>()
  if (options.identities)
    await phase('persons', named.length, async count => {
      const seen = new Set<string>()
      await inParallel(named, householdsInFlight, async identifier => {
        if (!seen.has(identifier)) {
          const person = await personOrNobody(tessera, identifier)
          const own = (person?.identifiers ?? []).map(({ type, value }) => `${type}:${value}`)
          for (const each of own) seen.add(each)
          if (person) persons.set(person.id, own)
        }
        count.known += 1
        count.step(count.known)
      })
    })
  redeemed.sort((a, b) => a.redemption.row - b.redemption.row)
  wrong.sort((a, b) => a.row - b.row)
  const identities = options.identities && {
    arrival: options.identities,
    events: told.length,
    identifiers: new Set([...persons.values()].flat()).size,
    persons: persons.size,
    digest: digestOfPersons(persons.values()),
  }
  return { phases, campaigns, members, redeemed, wrong, identities }
}

/** An address that is nobody's, as a tester's, makes no person. */
const personOrNobody = async (tessera: Tessera, identifier: string) => {
  try {
    return await tessera.getPerson(identifier)
  } catch (error) {
    if (error instanceof TesseraRefusal && error.code === 'person_not_found') return undefined
    throw error
  }
}

const phaseLine = ({ name, added, known, seconds }: Phase): string =>
  `${name}: ${added} new, ${known} were there (${seconds.toFixed(1)} s)`

/** The code may be there from a replay before this one. */
const importCode = async (tessera: Tessera, id: string, code: string): Promise<void> => {
  try {
    await tessera.createCodes(id, { codes: [code], shared: true })
  } catch (error) {
    if (!(error instanceof TesseraRefusal) || error.code !== 'code_taken') throw error
  }
}

const saveCollection = async (tessera: Tessera, id: string, skus: readonly string[]): Promise<void> => {
  const isShort = skus.length <= skusPerPut
  const description = 'Products of a coupon'
  await tessera.createCollection(id, { description, ...(isShort ? { skus } : {}) })
  if (!isShort) await tessera.importCollection(id, `sku\n${skus.join('\n')}\n`)
}

/** An installation whose ids do not follow the order of making would settle ties another way: better said than silently other. */
const checkAges = (names: ReadonlyMap<string, OfferName>): void => {
  for (const ofCode of groupBy([...names], ([, { code }]) => code).values()) {
    const times = ofCode
      .toSorted(([, a], [, b]) => Number(a.campaign) - Number(b.campaign))
      .map(([id]) => idTime(id) ?? 0)
    if (times.some((time, index) => index > 0 && time <= times[index - 1]!))
      throw new Error(`The offers of code ${ofCode[0]![1].code} were not made in the order of their campaigns`)
  }
}
