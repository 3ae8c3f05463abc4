import type { Refusal } from '../../core/kernel/refusal.ts'
import {
  confirmConsent,
  type PageChanges,
  type Said,
  savePage,
  withdrawConsent,
  withdrawEverything,
} from '../../core/loop/consents.ts'
import type { Origin } from '../../core/loop/ingest.ts'
import { join, membershipOf, openProgramme } from '../../core/loop/join.ts'
import type { World } from '../../core/loop/world.ts'
import type { ProgrammeInput } from '../../core/loyalty/schema.ts'
import type { ContactChannel } from '../../core/workspaces/contact.ts'
import type { Needs } from '../commit/item.ts'
import type { PageAnswer, PageCall, PublicPage } from '../http/public-pages.ts'
import type { Services } from '../services.ts'
import { makeThrottle } from '../throttle.ts'
import { type StoredSettings, settingsOf } from '../workspaces.ts'
import { html, ltr, pagePolicy, sentence, shortPage } from './html.ts'
import { type LinkKind, type Links, readLink, workspaceOfLink } from './link-token.ts'
import { eventsOfConsents } from './needs.ts'
import { type PageFacts, preferencePage, purposeName, readForm, shownAddress } from './preference-form.ts'
import { type Address, personOfHolder, readAddresses, wishesOf } from './read-consents.ts'
import { languageOf, languages } from './texts.ts'

const origin: Origin = { channel: 'web', location: undefined }

type AnyLink = Links[LinkKind]

/** What a token opens: the person of its address as she stands now. */
type Opened<L> = {
  readonly link: L
  readonly workspaceId: string
  readonly facts: PageFacts
  /** The address that the link was made for. */
  readonly address: Address
}

/**
 * The pages that people open from a message, without a login: `/c/…` confirms a request, `/p/…` shows and changes what she permits, `/u/…`
 * unsubscribes (RFC 8058), `/j/…` joins a programme. A GET changes nothing; a POST changes what the link is for.
 */
export const consentPages = ({ database, workspaces, writer, clock }: Services): readonly PublicPage[] => {
  // Whoever tries tokens is slowed by his address. Good ones are not: mail providers post the one click of all their users from few.
  const wrongLinks = makeThrottle({ capacity: 30, refillPerSecond: 0.5, maxNames: 10_000, clock })
  const posts = makeThrottle({ capacity: 30, refillPerSecond: 0.5, maxNames: 100_000, clock })

  const invalid = ({ acceptLanguage }: PageCall): PageAnswer => {
    const language = languageOf(undefined, acceptLanguage, 'en')
    const { title, text } = languages[language].invalid
    return { status: 404, html: shortPage(language, title, [html(text)]) }
  }
  const busy = ({ acceptLanguage }: PageCall, status: 429 | 503, retryAfterSeconds: number): PageAnswer => {
    const language = languageOf(undefined, acceptLanguage, 'en')
    const { title, text } = languages[language].busy
    return { status, html: shortPage(language, title, [html(text)]), retryAfterSeconds }
  }

  /** The person behind a link, as she stands now; undefined: she was erased. */
  const look = async <L extends AnyLink>(link: L, call: PageCall): Promise<Opened<L> | undefined> => {
    const workspaceId = workspaceOfLink(call.token)!
    const { workspace } = workspaces.known(workspaceId)
    const person = await personOfHolder(database, workspaceId, link.holder)
    if (person === undefined) return undefined
    const [addresses, { rows }] = await Promise.all([
      readAddresses(database, workspaceId, person),
      database.query<{ name: string; settings: StoredSettings }>(
        'select name, settings from workspaces where id = $1',
        [workspaceId],
      ),
    ])
    const address = addresses.find(it => it.id === link.holder)
    if (!address) return undefined
    const { name, settings } = rows[0]!
    const language = languageOf(wishesOf(addresses).language, call.acceptLanguage, workspace.language)
    const { timeZone } = workspace
    const facts = { language, name, timeZone, topics: settingsOf(settings).topics, addresses, now: call.now }
    return { link, workspaceId, facts, address }
  }

  const read = async <K extends LinkKind>(kind: K, call: PageCall): Promise<Opened<Links[K]> | undefined> => {
    const workspaceId = workspaceOfLink(call.token)
    const known = workspaceId === undefined ? undefined : await workspaces.get(workspaceId)
    const now = clock(workspaceId)
    const link = known && readLink(known.secret, kind, call.token, now)
    return link && look(link, { ...call, now })
  }

  /** Runs `answer` for whom a token names; a wrong one is told so, and slowed. */
  const open = async <K extends LinkKind>(
    kind: K,
    call: PageCall,
    answer: (opened: Opened<Links[K]>) => PageAnswer | Promise<PageAnswer>,
  ): Promise<PageAnswer> => {
    const opened = await read(kind, call)
    if (opened) return answer(opened)
    const may = wrongLinks.take(call.remoteAddress)
    return may.ok ? invalid(call) : busy(call, 429, may.retryAfterSeconds)
  }

  const said = (how: Said['how'], { remoteAddress, userAgent }: PageCall, more: Said['personal'] = {}): Said => ({
    by: 'person',
    how,
    personal: { remoteAddress, userAgent, ...more },
  })

  /** Changes her consents with the next commit, or says that it could not. */
  const change = async (
    call: PageCall,
    { workspaceId, address }: Opened<AnyLink>,
    weight: number,
    decide: (world: World) => string,
    also: Needs = {},
  ): Promise<{ readonly text: string } | { readonly busy: PageAnswer }> => {
    const may = posts.take(call.token)
    if (!may.ok) return { busy: busy(call, 429, may.retryAfterSeconds) }
    const outcome = await writer.submit({
      workspaceId,
      needs: { holders: [address.id], ...eventsOfConsents([address], origin), ...also },
      fromBrowser: true,
      weight,
      bytes: 10_000,
      decide: world => ({ text: decide(world), status: 200 }),
    })
    return 'text' in outcome ? outcome : { busy: busy(call, 503, secondsIn(outcome.refusal)) }
  }

  const words = ({ facts, address }: Opened<AnyLink>, channel: string, purpose: string) => {
    const texts = languages[facts.language]
    return {
      name: html(facts.name),
      channel: html(texts.channels[channel as ContactChannel]),
      address: ltr(shownAddress(address)),
      purpose: html(purposeName(texts, facts.topics, purpose)),
    }
  }

  const confirm: PublicPage = {
    path: '/c/{token}',
    policy: pagePolicy,
    get: call =>
      open('confirm', call, opened => {
        const { language } = opened.facts
        const { title, question, notYou, button } = languages[language].confirm
        const asked = sentence(question, words(opened, opened.link.channel, opened.link.purpose))
        const yes = { label: button, name: 'action', value: 'confirm' }
        return { status: 200, html: shortPage(language, title, [asked, html(notYou)], yes) }
      }),
    post: call =>
      open('confirm', call, async opened => {
        const { holder: holderId, channel, purpose, request, requestedAt } = opened.link
        const done = await change(call, opened, 4, world =>
          confirmConsent(world, {
            holderId,
            channel,
            purpose,
            requestedAt,
            said: said('doubleOptIn', call, { request }),
            origin,
          }),
        )
        if ('busy' in done) return done.busy
        const { language } = opened.facts
        const texts = languages[language]
        const text = done.text === 'given' ? texts.confirm.done : texts.confirm.withdrawn
        return { status: 200, html: shortPage(language, texts.confirm.title, [html(text)]) }
      }),
  }

  const unsubscribe: PublicPage = {
    path: '/u/{token}',
    policy: pagePolicy,
    get: call => open('unsubscribe', call, opened => askToUnsubscribe(opened, 200)),
    post: call =>
      open('unsubscribe', call, async opened => {
        // Just this field, as RFC 8058 section 3.2 has it: whatever else posts to the address means something else.
        if (call.form.get('List-Unsubscribe') !== 'One-Click') return askToUnsubscribe(opened, 400)
        const { holder: holderId, channel } = opened.link
        const done = await change(call, opened, 4, world => {
          withdrawConsent(world, { holderId, channel, purpose: 'marketing', said: said('oneClick', call), origin })
          return 'withdrawn'
        })
        if ('busy' in done) return done.busy
        const { language } = opened.facts
        const texts = languages[language].unsubscribe
        return { status: 200, html: shortPage(language, texts.title, [html(texts.done)]) }
      }),
  }

  const askToUnsubscribe = (opened: Opened<Links['unsubscribe']>, status: 200 | 400): PageAnswer => {
    const { language } = opened.facts
    const { title, question, button } = languages[language].unsubscribe
    const asked = sentence(question, words(opened, opened.link.channel, 'marketing'))
    const yes = { label: button, name: 'List-Unsubscribe', value: 'One-Click' }
    return { status, html: shortPage(language, title, [asked], yes) }
  }

  /** The page as it stands after a change, with what was stored. */
  const again = async (
    call: PageCall,
    { link }: Opened<Links['preferences']>,
    tell: (facts: PageFacts) => string[],
  ) => {
    const opened = await look(link, call)
    if (!opened) return invalid(call)
    const { title } = languages[opened.facts.language].stored
    return { status: 200, html: preferencePage(opened.facts, { title, lines: tell(opened.facts) }) } as const
  }

  const preferences: PublicPage = {
    path: '/p/{token}',
    policy: pagePolicy,
    get: call => open('preferences', call, ({ facts }) => ({ status: 200, html: preferencePage(facts) })),
    post: call =>
      open('preferences', call, async opened => {
        const { facts, link } = opened
        if (call.form.get('action') === 'withdraw') {
          const done = await change(call, opened, 64, world =>
            String(withdrawEverything(world, link.holder, said('preferencePage', call), origin)),
          )
          return 'busy' in done
            ? done.busy
            : again(call, opened, ({ language }) => [html(languages[language].stored.everything)])
        }
        const form = call.form.get('action') === 'save' ? readForm(call.form, facts) : undefined
        if (!form) {
          const { title } = languages[facts.language].preferences
          const lines = [html(languages[facts.language].stored.mistaken)]
          return { status: 400, html: preferencePage(facts, { title, lines }) }
        }
        const changes: PageChanges = form
        const done = await change(call, opened, 8 + form.consents.length * 3, world => {
          savePage(world, link.holder, changes, said('preferencePage', call), origin)
          return ''
        })
        if ('busy' in done) return done.busy
        return again(call, opened, ({ language }) => {
          const { lines } = readForm(call.form, { ...facts, language }) ?? form
          return lines.length > 0 ? [...lines] : [html(languages[language].stored.nothing)]
        })
      }),
  }

  /** What the page says of the programme; nobody joins one that has ended, or was never there. */
  const programmeOf = async ({ workspaceId, link, facts, address }: Opened<Links['join']>) => {
    const { rows } = await database.query<{ state: string; body: ProgrammeInput }>(
      'select state, body from programmes where workspace_id = $1 and id = $2',
      [workspaceId, link.programme],
    )
    const [row] = rows
    const values = {
      programme: html(row?.body.name ?? link.programme),
      name: html(facts.name),
      address: ltr(shownAddress(address)),
      terms: html(row?.body.join.terms ?? ''),
    }
    return { isOpen: row !== undefined && row.state !== 'ended', terms: row?.body.join.terms, values }
  }

  const joining: PublicPage = {
    path: '/j/{token}',
    policy: pagePolicy,
    get: call =>
      open('join', call, async opened => {
        const { language } = opened.facts
        const texts = languages[language].join
        const { isOpen, terms, values } = await programmeOf(opened)
        if (!isOpen) return { status: 200, html: shortPage(language, texts.title, [sentence(texts.over, values)]) }
        const asked = [
          sentence(texts.question, values),
          ...(terms === undefined ? [] : [sentence(texts.terms, values)]),
        ]
        const yes = { label: texts.button, name: 'action', value: 'join' }
        return { status: 200, html: shortPage(language, texts.title, asked, yes) }
      }),
    post: call =>
      open('join', call, async opened => {
        const { link, facts } = opened
        const texts = languages[facts.language].join
        const { values } = await programmeOf(opened)
        const done = await change(call, opened, 8, world => joinByLink(world, link), { joins: true })
        if ('busy' in done) return done.busy
        const said = { joined: texts.done, member: texts.already, over: texts.over }[done.text as Joined]
        return { status: 200, html: shortPage(facts.language, texts.title, [sentence(said, values)]) }
      }),
  }

  return [confirm, preferences, unsubscribe, joining]
}

type Joined = 'joined' | 'member' | 'over'

const joinByLink = (world: World, { holder: id, programme: programmeId, source }: Links['join']): Joined => {
  const programme = openProgramme(world, programmeId)
  if (!programme.ok) return 'over'
  const holder = world.holders.get(id)!
  const isMember = membershipOf(world, holder, programmeId)?.leftAt === null
  join(world, holder, programme.value, { source })
  return isMember ? 'member' : 'joined'
}

const secondsIn = ({ details }: Refusal): number =>
  typeof details.retryAfterSeconds === 'number' ? details.retryAfterSeconds : 1
