import { purposes, type Topic } from '../workspaces/contact.ts'
import { type ConsentState, type ConsentStates, stateKey } from './consent.ts'
import { effectivePreferences, isQuiet, type Preferences } from './preferences.ts'

/** One address of a person: what was said of it, and what was wished there. */
type Address = { readonly consents: ConsentStates; readonly preferences: Preferences }

type Asked = {
  readonly channel: string
  /** A purpose, or a topic. */
  readonly purpose: string
}

/**
 * What an address says of a channel and a purpose or topic; undefined: nothing. A purpose speaks for its topics. A topic that was
 * withdrawn stays so when the purpose is given anew; one that is given after the purpose was withdrawn counts, for it alone.
 *
 *     answerOf({ 'email/marketing': ['given', 10], 'email/new-drinks': ['withdrawn', 5] }, { channel: 'email', purpose: 'new-drinks' }, topics)
 *     // 'withdrawn'
 */
export const answerOf = (
  states: ConsentStates,
  { channel, purpose }: Asked,
  topics: readonly Topic[],
): ConsentState | undefined => {
  const own = states[stateKey(channel, purpose)]
  const topic = topics.find(it => it.id === purpose)
  const whole = topic && states[stateKey(channel, topic.purpose)]
  if (own === undefined || whole === undefined) return (own ?? whole)?.[0]
  if (own[0] === 'withdrawn') return 'withdrawn'
  if (whole[0] === 'withdrawn') return own[0] === 'given' && own[1] > whole[1] ? 'given' : 'withdrawn'
  return own[0] === 'given' || whole[0] === 'given' ? 'given' : 'requested'
}

const isOff = ({ channel, purpose }: Asked, { channelsOff = [], topicsOff = [] }: Preferences): boolean =>
  channelsOff.includes(channel) || topicsOff.includes(purpose)

/** Why an address may be written to or called right now, or not. How often she wants to hear is for whoever counts messages. */
export type Contact =
  | 'allowed'
  | 'noConsent'
  | 'requested'
  | 'withdrawn'
  | 'channelOff'
  | 'topicOff'
  | 'paused'
  | 'quietHours'

/**
 * Whether this address may be contacted now. `preferences` are the person's (`effectivePreferences`); quiet hours without a time zone
 * of their own are those of `timeZone`.
 *
 *     mayContact(states, { channel: 'email', purpose: 'marketing' }, preferences, { now, timeZone: 'Europe/Rome', topics: [] })   // 'allowed'
 */
export const mayContact = (
  states: ConsentStates,
  asked: Asked,
  preferences: Preferences,
  { now, timeZone, topics }: { readonly now: number; readonly timeZone: string; readonly topics: readonly Topic[] },
): Contact => {
  const answer = answerOf(states, asked, topics)
  if (answer !== 'given') return answer ?? 'noConsent'
  if (preferences.channelsOff?.includes(asked.channel)) return 'channelOff'
  if (preferences.topicsOff?.includes(asked.purpose)) return 'topicOff'
  if (preferences.pausedUntil !== undefined && now < preferences.pausedUntil) return 'paused'
  return isQuiet(preferences.quietHours ?? [], now, timeZone) ? 'quietHours' : 'allowed'
}

/**
 * What a person permits, as `channel/purpose` in alphabetical order: some address of hers has given it, none stands withdrawn, and she
 * has not turned the channel or the topic off. So what is no for a part of her addresses is no for all, whoever turns out to be one.
 *
 *     permittedBy([{ consents: { 'email/marketing': ['given', 10] }, preferences: {} }], [])   // ['email/marketing']
 */
export const permittedBy = (addresses: readonly Address[], topics: readonly Topic[]): readonly string[] => {
  const given = addresses.flatMap(({ consents }) => Object.keys(consents).filter(key => consents[key]![0] === 'given'))
  if (given.length === 0) return []
  const preferences = effectivePreferences(addresses.map(it => it.preferences))
  const channels = [...new Set(given.map(key => key.slice(0, key.indexOf('/'))))]
  return channels
    .flatMap(channel => [...purposes, ...topics.map(topic => topic.id)].map(purpose => ({ channel, purpose })))
    .filter(asked => {
      const answers = addresses.map(({ consents }) => answerOf(consents, asked, topics))
      return answers.includes('given') && !answers.includes('withdrawn') && !isOff(asked, preferences)
    })
    .map(({ channel, purpose }) => stateKey(channel, purpose))
    .sort()
}
