import { z } from 'zod'
import { answerOf } from '../../core/consent/permission.ts'
import type { Preferences } from '../../core/consent/preferences.ts'
import { type PreferencesInput, preferencesInput } from '../../core/consent/schema.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { channelsInPlay, type PageChanges } from '../../core/loop/consents.ts'
import { masked } from '../../core/people/masked.ts'
import { own } from '../../core/rules/history.ts'
import { type ContactChannel, contactChannels, purposes, type Topic } from '../../core/workspaces/contact.ts'
import { document, html, ltr, sentence } from './html.ts'
import { type Address, wishesOf } from './read-consents.ts'
import { fill, type Language, languages, type Texts } from './texts.ts'

/** What the page is made of. */
export type PageFacts = {
  readonly language: Language
  /** The business's name. */
  readonly name: string
  readonly timeZone: string
  readonly topics: readonly Topic[]
  readonly addresses: readonly Address[]
  readonly now: number
}

/** So many addresses and channels are shown: a page of more is no page any more. */
const mostGroups = 30
const pauses = [7, 30, 90] as const
const rates = ['7/7', '3/7', '1/7', '2/30', '1/30'] as const
const dayMs = 86_400_000

/** Enough of an address to know it again, for whom it belongs to; the link may have been passed on. */
export const shownAddress = (address: Pick<Address, 'type' | 'given'>): string => masked(address) ?? address.type

type Box = { readonly key: string; readonly checked: boolean }

const typesInOrder = ['email', 'phone', 'whatsapp', 'device']
/** Where an address stands on the page; those of other types last. */
const placeOf = ({ type }: Address): number => {
  const place = typesInOrder.indexOf(type)
  return place < 0 ? typesInOrder.length : place
}

/** Tick boxes by address and channel: every purpose, and the topics that something of their own was said about. */
const boxesOf = ({ addresses, topics }: PageFacts) =>
  addresses
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .flatMap(address => channelsInPlay(address).map(channel => ({ address, channel })))
    .slice(0, mostGroups)
    .map(({ address, channel }) => ({
      address,
      channel: channel as ContactChannel,
      boxes: [...purposes, ...topics.map(it => it.id).filter(id => address.consents[`${channel}/${id}`])].map(
        purpose => ({
          key: `${address.id}/${channel}/${purpose}`,
          purpose,
          checked: answerOf(address.consents, { channel, purpose }, topics) === 'given',
        }),
      ),
    }))

/** What she saw: only what differs from it is a change of hers, whatever happened meanwhile. */
const shownState = z.strictObject({
  boxes: z.record(z.string().max(120), z.boolean()),
  often: z.string().max(20),
  pause: z.string().max(20),
  language: z.string().max(35),
  quiet: z
    .array(z.strictObject({ from: z.string().max(5), to: z.string().max(5), timeZone: z.string().max(64).optional() }))
    .max(21),
})
type Shown = z.output<typeof shownState>

const noHours: Shown['quiet'][number] = { from: '', to: '' }

const shownOf = (facts: PageFacts): Shown => {
  const wishes = wishesOf(facts.addresses)
  const { channelsOff = [], topicsOff = [], quietHours = [], atMost, language = '', pausedUntil = 0 } = wishes
  const groups = boxesOf(facts)
  const channels = contactChannels.filter(channel => groups.some(group => group.channel === channel))
  const all: readonly Box[] = [
    ...groups.flatMap(group => group.boxes),
    ...channels.map(channel => ({ key: `channel/${channel}`, checked: !channelsOff.includes(channel) })),
    ...facts.topics.map(({ id }) => ({ key: `topic/${id}`, checked: !topicsOff.includes(id) })),
  ]
  return {
    boxes: Object.fromEntries(all.map(({ key, checked }) => [key, checked])),
    often: atMost ? `${atMost.messages}/${atMost.days}` : '',
    pause: pausedUntil > facts.now ? 'keep' : '',
    language,
    quiet: [...quietHours.map(it => ({ ...it })), noHours],
  }
}

const box = (key: string, label: string, checked: boolean): string =>
  `<label class="box"><input type="checkbox" name="box" value="${html(key)}"${checked ? ' checked' : ''}><span>${html(label)}</span></label>`

const select = (id: string, label: string, options: readonly (readonly [string, string])[], chosen: string): string =>
  `<div class="field"><label for="${id}">${html(label)}</label><select id="${id}" name="${id}">${options
    .map(
      ([value, text]) => `<option value="${html(value)}"${value === chosen ? ' selected' : ''}>${html(text)}</option>`,
    )
    .join('')}</select></div>`

const group = (legend: string, content: readonly string[]): string =>
  `<fieldset><legend>${legend}</legend>\n${content.join('\n')}\n</fieldset>`

const boxGroup = (legend: string, boxes: readonly string[]): string =>
  group(legend, [`<div class="boxes">${boxes.join('')}</div>`])

export const purposeName = (texts: Texts, topics: readonly Topic[], purpose: string): string =>
  own(texts.purposes, purpose) ?? topics.find(it => it.id === purpose)?.name ?? purpose

/** What stands in a form may be no channel at all. */
const channelName = (texts: Texts, channel: string): string => own(texts.channels, channel) ?? channel

const rateText = (texts: Texts, rate: string): string => {
  const [messages = '', days = ''] = rate.split('/')
  return fill(texts.preferences.rate, { messages, days })
}

const dateText = (ms: number, language: Language, timeZone: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone }).format(ms)

/** The preference page. `note` is what was stored, above the form. */
export const preferencePage = (
  facts: PageFacts,
  note?: { readonly title: string; readonly lines: readonly string[] },
): string => {
  const { language, name, topics, addresses, timeZone } = facts
  const texts = languages[language]
  const words = texts.preferences
  const shown = shownOf(facts)
  const { pausedUntil = 0 }: Preferences = wishesOf(addresses)
  const groups = boxesOf(facts)
  const channels = Object.keys(shown.boxes).flatMap(key => (key.startsWith('channel/') ? key.slice(8) : []))
  const chosenLanguage = Object.keys(languages).find(it => it === shown.language.split('-')[0]) ?? shown.language
  const options = {
    often: [
      ['', words.noLimit],
      ...[...new Set([...rates, ...(shown.often === '' ? [] : [shown.often])])].map(
        rate => [rate, rateText(texts, rate)] as const,
      ),
    ] as const,
    pause: [
      ['', words.noPause],
      ...(shown.pause === 'keep'
        ? [['keep', fill(words.keepPause, { date: dateText(pausedUntil, language, timeZone) })] as const]
        : []),
      ...pauses.map(days => [String(days), fill(words.pauseDays, { days })] as const),
    ] as const,
    language: [
      ['', words.noLanguage],
      ...Object.entries(languages).map(([tag, { self }]) => [tag, self] as const),
      ...(Object.hasOwn(languages, chosenLanguage) || chosenLanguage === ''
        ? []
        : [[chosenLanguage, chosenLanguage] as const]),
    ] as const,
  }
  const quiet = shown.quiet.map(
    (hours, index) =>
      `<div class="field" role="group" aria-label="${html(words.quiet)}">
<label for="from${index}">${html(words.from)}</label><input type="time" id="from${index}" name="from" value="${html(hours.from)}">
<label for="to${index}">${html(words.to)}</label><input type="time" id="to${index}" name="to" value="${html(hours.to)}">
</div>`,
  )
  const zones = [...new Set(shown.quiet.map(it => it.timeZone ?? timeZone))].join(', ')
  const title = note ? `${note.title} – ${words.title}` : words.title
  return document(
    language,
    title,
    [
      `<h1>${html(words.title)}</h1>`,
      ...(note
        ? [
            `<div class="note" role="status"><strong>${html(note.title)}</strong><ul>${note.lines.map(line => `<li>${line}</li>`).join('')}</ul></div>`,
          ]
        : []),
      `<p>${html(fill(words.intro, { name }))}</p>`,
      '<form method="post">',
      `<input type="hidden" name="shown" value="${html(JSON.stringify({ ...shown, language: chosenLanguage }))}">`,
      ...(groups.length === 0 ? [`<p>${html(words.noAddress)}</p>`] : []),
      ...groups.map(({ address, channel, boxes }) =>
        boxGroup(
          `${html(texts.channels[channel])} · ${ltr(shownAddress(address))}`,
          boxes.map(it => box(it.key, purposeName(texts, topics, it.purpose), it.checked)),
        ),
      ),
      ...(channels.length === 0
        ? []
        : [
            boxGroup(
              html(words.channels),
              channels.map(channel =>
                box(
                  `channel/${channel}`,
                  texts.channels[channel as ContactChannel],
                  shown.boxes[`channel/${channel}`]!,
                ),
              ),
            ),
          ]),
      ...(topics.length === 0
        ? []
        : [
            boxGroup(
              html(words.topics),
              topics.map(topic => box(`topic/${topic.id}`, topic.name, shown.boxes[`topic/${topic.id}`]!)),
            ),
          ]),
      group(html(words.other), [
        select('often', words.often, options.often, shown.often),
        select('pause', words.pause, options.pause, shown.pause),
        `<p id="quiet-hint">${html(words.quiet)}: ${sentence(words.quietHint, { zone: ltr(zones) })}</p>`,
        ...quiet,
        select('language', words.language, options.language, chosenLanguage),
      ]),
      `<button name="action" value="save">${html(words.save)}</button>`,
      '</form>',
      `<h2>${html(words.withdrawTitle)}</h2>`,
      `<p>${html(words.withdrawHint)}</p>`,
      `<form method="post"><button class="quiet" name="action" value="withdraw">${html(words.withdraw)}</button></form>`,
    ].join('\n'),
  )
}

/** What a form changes, and in words; undefined where it cannot be read. */
export type ReadForm = PageChanges & { readonly lines: readonly string[] }

const shownIn = (form: URLSearchParams): Shown | undefined => {
  const text = form.get('shown')
  if (text === null) return undefined
  try {
    return shownState.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** The windows of the form; undefined where one has only one end. */
const quietIn = (form: URLSearchParams, shown: Shown): Shown['quiet'] | undefined => {
  const [from, to] = [form.getAll('from'), form.getAll('to')]
  const rows = from.slice(0, 21).map((start, index) => {
    const { timeZone } = shown.quiet[index] ?? noHours
    return { from: start.slice(0, 5), to: (to[index] ?? '').slice(0, 5), ...(timeZone !== undefined && { timeZone }) }
  })
  const filled = rows.filter(row => row.from !== '' || row.to !== '')
  return filled.every(row => row.from !== '' && row.to !== '') ? filled : undefined
}

/**
 * Reads what she changed on the page: the difference between what she saw and what she sent. So a page that lay open while she withdrew
 * somewhere else gives nothing back that she did not tick on it.
 */
export const readForm = (form: URLSearchParams, facts: PageFacts): ReadForm | undefined => {
  const shown = shownIn(form)
  const quiet = shown && quietIn(form, shown)
  if (!shown || !quiet) return undefined
  const { language, topics, addresses, now, timeZone } = facts
  const texts = languages[language]
  const words = texts.preferences
  const ticked = new Set(form.getAll('box'))
  const changed = Object.entries(shown.boxes).filter(([key, was]) => ticked.has(key) !== was)
  const lines: string[] = []
  const consents = changed.flatMap(([key, was]) => {
    const [holderId = '', channel = '', purpose = ''] = key.split('/')
    const address = addresses.find(it => it.id === holderId)
    if (!address || purpose === '') return []
    const state = was ? ('withdrawn' as const) : ('given' as const)
    const where = `${html(channelName(texts, channel))} · ${ltr(shownAddress(address))}`
    lines.push(`${where}: ${html(purposeName(texts, topics, purpose))} – ${html(texts.stored[state])}`)
    return [{ holderId, channel, purpose, state }]
  })

  /** A list of what is off with the boxes of one kind that she changed. */
  const turned = (kind: 'channel' | 'topic', off: readonly string[] = []): string[] | undefined => {
    const mine = changed
      .filter(([key]) => key.startsWith(`${kind}/`))
      .map(([key, was]) => [key.slice(kind.length + 1), was] as const)
    if (mine.length === 0) return undefined
    for (const [id, was] of mine) {
      const name = kind === 'channel' ? channelName(texts, id) : purposeName(texts, topics, id)
      lines.push(`${html(name)} – ${html(was ? texts.stored.withdrawn : texts.stored.given)}`)
    }
    const on = mine.filter(([, was]) => !was).map(([id]) => id)
    return [...off.filter(id => !on.includes(id)), ...mine.filter(([, was]) => was).map(([id]) => id)]
  }
  const wishes = wishesOf(addresses)
  const input: Record<string, unknown> = {}
  const channelsOff = turned('channel', wishes.channelsOff)
  if (channelsOff) input.channelsOff = channelsOff
  const topicsOff = turned('topic', wishes.topicsOff)?.filter(id => topics.some(it => it.id === id))
  if (topicsOff) input.topicsOff = topicsOff
  const [often, pause, spoken] = ['often', 'pause', 'language'].map(field => form.get(field))
  if (typeof often === 'string' && often !== shown.often) {
    const [messages, days] = often.split('/').map(Number)
    input.atMost = often === '' ? null : { messages, days }
    lines.push(`${html(words.often)}: ${html(often === '' ? words.noLimit : rateText(texts, often))}`)
  }
  if (typeof pause === 'string' && pause !== shown.pause && pause !== 'keep') {
    const until = now + Number(pause) * dayMs
    if (pause !== '' && !pauses.some(days => String(days) === pause)) return undefined
    input.pausedUntil = pause === '' ? null : formatInstant(until)
    const date = () => fill(words.keepPause, { date: dateText(until, language, timeZone) })
    lines.push(`${html(words.pause)}: ${html(pause === '' ? words.noPause : date())}`)
  }
  if (typeof spoken === 'string' && spoken !== shown.language) {
    input.language = spoken === '' ? null : spoken
    const name = (languages as Readonly<Record<string, Texts>>)[spoken]?.self ?? spoken
    lines.push(`${html(words.language)}: ${html(spoken === '' ? words.noLanguage : name)}`)
  }
  if (JSON.stringify(quiet) !== JSON.stringify(shown.quiet.filter(row => row.from !== ''))) {
    input.quietHours = quiet
    lines.push(`${html(words.quiet)}: ${quiet.map(row => ltr(`${row.from}–${row.to}`)).join(', ') || '–'}`)
  }
  const preferences = preferencesInput.safeParse(input)
  return preferences.success ? { consents, preferences: preferences.data as PreferencesInput, lines } : undefined
}
