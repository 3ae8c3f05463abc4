import {
  type ConsentState,
  type ConsentWay,
  channelsOf,
  type NewConsent,
  stateKey,
  withEntry,
} from '../consent/consent.ts'
import { answerOf, permittedBy } from '../consent/permission.ts'
import { effectivePreferences, type Preferences } from '../consent/preferences.ts'
import { consentRefusals } from '../consent/refusals.ts'
import type { ConsentInput, PreferencesAnswer, PreferencesInput } from '../consent/schema.ts'
import { type Details, type InputError, no, ok, type RefusalKind, type Result, refuse } from '../kernel/refusal.ts'
import { formatInstant, parseInstant } from '../kernel/time.ts'
import { isErasedValue } from '../people/erased.ts'
import { type ParsedRef, parseRef } from '../people/ref.ts'
import { peopleRefusals } from '../people/refusals.ts'
import { holderIdOf } from '../people/union.ts'
import { purposes, type Topic } from '../workspaces/contact.ts'
import { ingest, type Origin } from './ingest.ts'
import { changeHolder, type Holder, holderOf, holdersOfPerson, instantOrNull, touch, type World } from './world.ts'

/** Who says something, and how we know. */
export type Said = {
  /** Key id, or `person`. */
  readonly by: string
  readonly how: ConsentWay
  readonly textVersion?: string | null
  readonly language?: string | null
  /** Evidence that names somebody. */
  readonly personal?: Readonly<Record<string, unknown>>
}

type Statement = Said & {
  readonly channel: string
  readonly purpose: string
  readonly state: ConsentState
  /** Undefined: it is being said now. */
  readonly at?: number | undefined
}

/** An entry of the ledger, and whether it changed what holds for the address. */
export type Recorded = { readonly entry: NewConsent; readonly changed: boolean }

/**
 * When something counts that is being said now: after everything that was said about the channel before, so that the clocks of two
 * processes that disagree never make an opt-out the older one.
 */
const sayingNow = (world: World, { consents }: Holder, channel: string): number =>
  Object.keys(consents)
    .filter(key => key.startsWith(`${channel}/`))
    .reduce((latest, key) => Math.max(latest, consents[key]![1] + 1), world.now)

/** Writes an entry, and what the ledger of the address then comes to. */
export const recordConsent = (world: World, holder: Holder, statement: Statement): Recorded => {
  const { channel, purpose, state, by, how, textVersion = null, language = null, personal = {} } = statement
  const entry: NewConsent = {
    id: world.newId('con'),
    holderId: holder.id,
    channel,
    purpose,
    state,
    at: statement.at ?? sayingNow(world, holder, channel),
    how,
    textVersion,
    language,
    by,
    // She may have been erased since she opened the page.
    personal: isErasedValue(holder.value) ? {} : personal,
  }
  const before = holder.consents[stateKey(channel, purpose)]
  const consents = withEntry(holder.consents, entry)
  changeHolder(world, holder, it => {
    it.consents = consents
  })
  world.changes.newConsents.push(entry)
  const changed = consents[stateKey(channel, purpose)]![0] !== before?.[0]
  if (changed) touch(world, holder.id, 'consents')
  return { entry, changed }
}

/** What changed becomes events, so that offers and segments can react; a request is no news of hers. Nothing personal is in them. */
export const tellConsents = (world: World, recorded: readonly Recorded[], origin: Origin): void => {
  const events = recorded
    .filter(({ entry, changed }) => changed && entry.state !== 'requested')
    .map(({ entry }) => {
      const { type, value, given } = world.holders.get(entry.holderId)!
      const subject = { type, value, given }
      return {
        schemaVersion: 1,
        messageId: `consent-${entry.id}`,
        kind: 'track',
        name: entry.state === 'given' ? 'Consent Given' : 'Consent Withdrawn',
        occurredAt: Math.min(entry.at, world.now),
        receivedAt: world.now,
        identifiers: [subject],
        subject,
        links: [],
        properties: { channel: entry.channel, purpose: entry.purpose, how: entry.how },
        personal: {},
      } as const
    })
  if (events.length > 0) ingest(world, events, { ...origin, isNow: true })
}

const inOrder = (holders: readonly Holder[]): readonly Holder[] =>
  holders.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))

/** What holds for the person of a holder. */
const preferencesOf = (world: World, holderId: string): Preferences =>
  effectivePreferences(inOrder(holdersOfPerson(world, holderId)).map(it => it.preferences))

/** As the API shows them: every wish, also those she does not have. */
export const preferencesAnswer = (preferences: Preferences): PreferencesAnswer => ({
  channelsOff: (preferences.channelsOff ?? []) as PreferencesAnswer['channelsOff'],
  topicsOff: [...(preferences.topicsOff ?? [])],
  language: preferences.language ?? null,
  quietHours: (preferences.quietHours ?? []).map(it => ({ ...it })),
  atMost: preferences.atMost ?? null,
  pausedUntil: instantOrNull(preferences.pausedUntil ?? null),
})

const storedPreferences = (all: PreferencesAnswer): Preferences => {
  const { channelsOff, topicsOff, language, quietHours, atMost, pausedUntil } = all
  return effectivePreferences([
    {
      channelsOff,
      topicsOff,
      quietHours: quietHours.map(({ timeZone, ...it }) => ({ ...it, ...(timeZone !== undefined && { timeZone }) })),
      ...(language !== null && { language }),
      ...(atMost !== null && { atMost }),
      ...(pausedUntil !== null && { pausedUntil: parseInstant(pausedUntil)! }),
    },
  ])
}

/**
 * Sets what a person asks for, on every address she has: what she says once then holds for all of her, also where a part of her turns
 * out to be somebody else. Fields that are left out stay as they are.
 */
export const statePreferences = (world: World, holderId: string, input: PreferencesInput): void => {
  if (isErasedValue(world.holders.get(holderId)!.value)) return
  const said = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
  const next = storedPreferences({ ...preferencesAnswer(preferencesOf(world, holderId)), ...said })
  for (const holder of holdersOfPerson(world, holderId)) {
    if (JSON.stringify(holder.preferences) === JSON.stringify(next)) continue
    changeHolder(world, holder, it => {
      it.preferences = next
    })
    touch(world, holder.id, 'consents')
  }
}

/** At most so far ahead a sender's clock may be. */
const maxAheadMs = 300_000

type Mistake = { readonly kind: RefusalKind; readonly details?: Details; readonly pointer: string }

/** The first mistake's refusal, with the places of all. */
const refuseAll = (mistakes: readonly Mistake[]): Result<never> => {
  const errors = mistakes.map(
    ({ kind, details, pointer }): InputError => ({ pointer, message: refuse(kind, details).message }),
  )
  const { kind, details } = mistakes[0]!
  return no(refuse(kind, details, errors))
}

const isKnown = (topics: readonly Topic[], purpose: string): boolean =>
  purposes.some(it => it === purpose) || topics.some(it => it.id === purpose)

const unknownTopic = ({ catalogue: { topics } }: World, purpose: string, pointer: string): Mistake => ({
  kind: consentRefusals.topic_unknown,
  details: { purpose, known: [...purposes, ...topics.map(it => it.id)].join(', ') },
  pointer,
})

type Entry = Pick<ConsentInput, 'channel' | 'purpose'> & Partial<Pick<ConsentInput, 'at'>>

/** What stands against an entry about an address of this type. */
const mistakesIn = (world: World, type: string, { channel, purpose, at }: Entry, pointer: string): Mistake[] => {
  const channels = channelsOf(type)
  const aheadMs = at === undefined ? 0 : parseInstant(at)! - world.now
  return [
    ...(channels && !channels.includes(channel)
      ? [
          {
            kind: consentRefusals.channel_not_of_address,
            details: { type, channel, allowed: channels.join(' or ') },
            pointer: `${pointer}/channel`,
          },
        ]
      : []),
    ...(isKnown(world.catalogue.topics, purpose) ? [] : [unknownTopic(world, purpose, `${pointer}/purpose`)]),
    ...(aheadMs > maxAheadMs
      ? [
          {
            kind: consentRefusals.consent_in_future,
            details: { seconds: Math.round(aheadMs / 1000) },
            pointer: `${pointer}/at`,
          },
        ]
      : []),
  ]
}

const timeOf = (world: World, at: string | undefined): number | undefined =>
  at === undefined ? undefined : Math.min(parseInstant(at)!, world.now)

/** The holder that is named; of an identifier that nobody has been known by yet the identifier. */
type Named = { readonly holder: Holder } | { readonly holder: undefined; readonly identifier: Identifier }
type Identifier = Exclude<ParsedRef, { readonly personId: string }>

const nameIn = (world: World, text: string): Result<Named> => {
  const ref = parseRef(text, { country: world.workspace.country })
  if (!ref.ok) return ref
  if ('personId' in ref.value) {
    const holder = world.holders.get(holderIdOf(ref.value.personId))
    return holder ? ok({ holder }) : no(refuse(peopleRefusals.person_not_found, { type: 'id' }))
  }
  const id = world.identifiers.get(`${ref.value.type}:${ref.value.value}`)
  return ok(id === undefined ? { holder: undefined, identifier: ref.value } : { holder: world.holders.get(id)! })
}

const isSame = (left: Named, right: Named): boolean =>
  left.holder && right.holder
    ? left.holder.personId === right.holder.personId
    : !left.holder &&
      !right.holder &&
      left.identifier.type === right.identifier.type &&
      left.identifier.value === right.identifier.value

const typeOf = (named: Named): string => (named.holder ?? named.identifier).type

/**
 * The address of a person that an entry is about, as a mistake where it is not hers. A new address is hers only where it is what she is
 * named by: whoever else it may belong to is for links to say.
 */
const addressIn = (
  world: World,
  who: Named,
  address: string | undefined,
  pointer: string,
): { readonly named: Named } | { readonly mistake: Mistake } => {
  if (address === undefined) return { named: who }
  const named = nameIn(world, address)
  if (!named.ok) {
    const { code, details } = named.refusal
    const kind = code === 'person_not_found' ? peopleRefusals.person_not_found : peopleRefusals.identifier_invalid
    return { mistake: { kind, details, pointer: `${pointer}/address` } }
  }
  if (isSame(who, named.value)) return { named: named.value }
  return { mistake: { kind: consentRefusals.address_of_another, pointer: `${pointer}/address` } }
}

const made = (world: World, named: Named): Holder => named.holder ?? holderOf(world, named.identifier)

const shown = (world: World, { entry }: Recorded) => ({
  id: entry.id,
  holder: entry.holderId,
  channel: entry.channel,
  purpose: entry.purpose,
  state: entry.state,
  at: formatInstant(entry.at),
  stands: standsNow(world, entry),
})

/** Whether it is the entry that counts: one that came late or was overruled does not. */
const standsNow = (world: World, { holderId, channel, purpose, state, at }: NewConsent): boolean => {
  const standing = world.holders.get(holderId)!.consents[stateKey(channel, purpose)]!
  return standing[0] === state && standing[1] === at
}

export type PutConsents = {
  readonly ref: string
  readonly consents: readonly ConsentInput[]
  readonly preferences?: PreferencesInput | undefined
  readonly by: string
  readonly origin: Origin
  /** What the person says of herself: it is said on the preference page, now, and proven by where it came from. */
  readonly own?: { readonly remoteAddress: string }
}

/**
 * Records what somebody said about her addresses, and what she asks for: all of it or nothing. The answer holds ids only, because it is
 * kept.
 */
export const putConsents = (world: World, call: PutConsents): Result<string> => {
  const who = nameIn(world, call.ref)
  if (!who.ok) return who
  const mistakes: Mistake[] = []
  const entries = call.consents.map((consent, index) => {
    const pointer = `/consents/${index}`
    const address = addressIn(world, who.value, consent.address, pointer)
    if ('mistake' in address) mistakes.push(address.mistake)
    else mistakes.push(...mistakesIn(world, typeOf(address.named), consent, pointer))
    return { consent, address }
  })
  for (const [index, topic] of (call.preferences?.topicsOff ?? []).entries())
    if (!world.catalogue.topics.some(it => it.id === topic))
      mistakes.push(unknownTopic(world, topic, `/preferences/topicsOff/${index}`))
  if (mistakes.length > 0) return refuseAll(mistakes)

  const holder = made(world, who.value)
  const recorded = entries.flatMap(({ consent, address }) => {
    if ('mistake' in address) return []
    const { channel, purpose, state, at, how = 'api', textVersion, language, evidence = {} } = consent
    const said: Said = call.own
      ? { by: call.by, how: 'preferencePage', personal: { remoteAddress: call.own.remoteAddress } }
      : { by: call.by, how, personal: evidence }
    return recordConsent(world, made(world, address.named), {
      ...said,
      ...(textVersion !== undefined && { textVersion }),
      ...(language !== undefined && { language }),
      channel,
      purpose,
      state,
      at: call.own ? undefined : timeOf(world, at),
    })
  })
  if (call.preferences) statePreferences(world, holder.id, call.preferences)
  tellConsents(world, recorded, call.origin)
  return ok(
    JSON.stringify({
      person: holder.personId,
      recorded: recorded.map(it => shown(world, it)),
      preferences: preferencesAnswer(preferencesOf(world, holder.id)),
      permitted: permittedBy(holdersOfPerson(world, holder.id), world.catalogue.topics),
    }),
  )
}

/**
 * Records entries of any addresses, as an import brings them: all or nothing, and the refusal names every bad one. They are history, so
 * they are no events: nobody is welcomed for what she agreed to years ago.
 */
export const importConsents = (
  world: World,
  consents: readonly (ConsentInput & { readonly address: string })[],
  by: string,
): Result<string> => {
  const mistakes: Mistake[] = []
  const entries = consents.flatMap((consent, index) => {
    const pointer = `/consents/${index}`
    const named = nameIn(world, consent.address)
    if (!named.ok) {
      const kind =
        named.refusal.details.reason === undefined ? peopleRefusals.person_not_found : peopleRefusals.identifier_invalid
      mistakes.push({ kind, details: named.refusal.details, pointer: `${pointer}/address` })
      return []
    }
    mistakes.push(...mistakesIn(world, typeOf(named.value), consent, pointer))
    return { consent, named: named.value }
  })
  if (mistakes.length > 0) return refuseAll(mistakes)
  const recorded = entries.map(({ consent, named }) => {
    const { channel, purpose, state, at, how = 'import', textVersion = null, language = null, evidence = {} } = consent
    const said = { by, how, textVersion, language, personal: evidence }
    return recordConsent(world, made(world, named), { ...said, channel, purpose, state, at: timeOf(world, at) })
  })
  return ok(
    JSON.stringify({
      recorded: recorded.length,
      standing: recorded.filter(({ entry }) => standsNow(world, entry)).length,
    }),
  )
}

export type RequestConsent = {
  readonly ref: string
  readonly address: string | undefined
  readonly channel: ConsentInput['channel']
  readonly purpose: string
  readonly said: Said
}

/** Notes that somebody is asked to confirm; what was asked, and of whom, goes into the link. */
export const requestConsent = (
  world: World,
  { ref, address, channel, purpose, said }: RequestConsent,
): Result<{ readonly id: string; readonly holder: string; readonly at: number }> => {
  const who = nameIn(world, ref)
  if (!who.ok) return who
  const found = addressIn(world, who.value, address, '')
  if ('mistake' in found) return refuseAll([found.mistake])
  const mistakes = mistakesIn(world, typeOf(found.named), { channel, purpose }, '')
  if (mistakes.length > 0) return refuseAll(mistakes)
  const { entry } = recordConsent(world, made(world, found.named), { ...said, channel, purpose, state: 'requested' })
  return ok({ id: entry.id, holder: entry.holderId, at: entry.at })
}

export type ConfirmConsent = {
  readonly holderId: string
  readonly channel: string
  readonly purpose: string
  /** What she said since counts more than the link. */
  readonly requestedAt: number
  readonly said: Said
  readonly origin: Origin
}

/**
 * Turns a request into permission, once: whoever answered since, by this link or in any other way, is not asked again, so a link that is
 * found in an old mail never undoes an opt-out. Answers what holds then.
 */
export const confirmConsent = (world: World, call: ConfirmConsent): ConsentState => {
  const { holderId, channel, purpose, requestedAt, said, origin } = call
  const holder = world.holders.get(holderId)!
  const topic = world.catalogue.topics.find(it => it.id === purpose)
  // Of a topic the purpose as well: whoever withdrew all of it since has answered.
  const whole = topic && holder.consents[stateKey(channel, topic.purpose)]
  if (whole?.[0] === 'withdrawn' && whole[1] >= requestedAt) return 'withdrawn'
  const standing = holder.consents[stateKey(channel, purpose)]
  if (standing && standing[0] !== 'requested' && standing[1] >= requestedAt) return standing[0]
  tellConsents(world, [recordConsent(world, holder, { ...said, channel, purpose, state: 'given' })], origin)
  return 'given'
}

/** Takes permission away for a channel and purpose of one address, and for its topics; doing it again changes nothing. */
export const withdrawConsent = (world: World, call: Omit<ConfirmConsent, 'requestedAt'>): void => {
  const { holderId, channel, purpose, said, origin } = call
  const holder = world.holders.get(holderId)!
  const { topics } = world.catalogue
  const parts = topics.filter(topic => topic.purpose === purpose).map(topic => topic.id)
  const isGiven = parts.some(part => answerOf(holder.consents, { channel, purpose: part }, topics) === 'given')
  if (holder.consents[stateKey(channel, purpose)]?.[0] === 'withdrawn' && !isGiven) return
  tellConsents(world, [recordConsent(world, holder, { ...said, channel, purpose, state: 'withdrawn' })], origin)
}

/** What the preference page can ask about an address: its type's channels; of another type those that anything was said about. */
export const channelsInPlay = ({ type, consents }: Pick<Holder, 'type' | 'consents'>): readonly string[] =>
  channelsOf(type) ?? [...new Set(Object.keys(consents).map(key => key.slice(0, key.indexOf('/'))))].sort()

/** Takes away everything a person may have permitted: on each of her addresses, for every purpose, and the topics she gave. */
export const withdrawEverything = (world: World, holderId: string, said: Said, origin: Origin): number => {
  const recorded = holdersOfPerson(world, holderId).flatMap(holder =>
    channelsInPlay(holder).flatMap(channel => {
      const topics = world.catalogue.topics
        .map(topic => topic.id)
        .filter(id => holder.consents[stateKey(channel, id)]?.[0] === 'given')
      return [...purposes, ...topics]
        .filter(purpose => holder.consents[stateKey(channel, purpose)]?.[0] !== 'withdrawn')
        .map(purpose => recordConsent(world, holder, { ...said, channel, purpose, state: 'withdrawn' }))
    }),
  )
  tellConsents(world, recorded, origin)
  return recorded.length
}

export type PageChanges = {
  /** What she ticked or unticked. */
  readonly consents: readonly {
    readonly holderId: string
    readonly channel: string
    readonly purpose: string
    readonly state: 'given' | 'withdrawn'
  }[]
  readonly preferences: PreferencesInput
}

/** Stores what a person changed on her page. An address that is no longer hers, because somebody split it off meanwhile, stays as it is. */
export const savePage = (
  world: World,
  holderId: string,
  { consents, preferences }: PageChanges,
  said: Said,
  origin: Origin,
): void => {
  const own = new Set(holdersOfPerson(world, holderId).map(it => it.id))
  const recorded = consents
    .filter(it => own.has(it.holderId) && isKnown(world.catalogue.topics, it.purpose))
    .filter(it => channelsInPlay(world.holders.get(it.holderId)!).includes(it.channel))
    .map(({ holderId: id, ...it }) => recordConsent(world, world.holders.get(id)!, { ...said, ...it }))
  if (Object.keys(preferences).length > 0) statePreferences(world, holderId, preferences)
  tellConsents(world, recorded, origin)
}
