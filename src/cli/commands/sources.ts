import type { Source, SourceTailRow, Tessera } from '../../sdk/index.ts'
import { CommandFailed, defineCommand, jsonOption, UsageError, urlOption } from '../command.ts'
import { connect } from '../connect.ts'
import { notOneOf } from '../parse.ts'
import { formatTable, grouped, share } from '../table.ts'

const heads = [
  'name',
  'kind',
  'channel',
  'location',
  'last event',
  'a minute',
  'an hour',
  'a day',
  'errors',
  'last error',
]

const rate = (perMinute: number, minutes: number): string => grouped(Math.round(perMinute * minutes))

/** The sources as a table: what they sent in the last minute, hour and day, and how much of it was refused. */
export const describeSources = (sources: readonly Source[]): string =>
  sources.length === 0
    ? 'There are no sources yet: tessera sources create --name "Web shop" --kind web makes one.'
    : formatTable(
        heads.map((head, index) => ({ head, isNumber: index > 4 && index < 9 })),
        sources.map(({ name, kind, channel, location, revokedAt, health }) => {
          const { lastEventAt, perMinute, errorRate, lastErrors } = health
          const [error] = lastErrors
          return [
            name,
            revokedAt === null ? kind : `${kind}, revoked`,
            channel ?? '',
            location ?? '',
            lastEventAt ?? 'never',
            rate(perMinute.now, 1),
            rate(perMinute.hour, 60),
            rate(perMinute.day, 1440),
            share(errorRate),
            error ? `${error.at} ${error.code}${error.pointer ? ` ${error.pointer}` : ''}` : '',
          ]
        }),
      )

/** `09:00:00.000 stored track Product Viewed, userId, 3 ms`; what is wrong with it stands below. */
export const describeLine = (line: SourceTailRow): string => {
  const { at, outcome, kind, name, subject, code, issues, latencyMs } = line
  const what = name === null || name === kind ? kind : `${kind} ${name}`
  const about = [what, ...(subject ? [subject] : []), ...(code ? [code] : []), `${latencyMs} ms`].join(', ')
  return [
    `${at.slice(11, 23)} ${outcome} ${about}`,
    ...issues.map(({ pointer, message }) => `    ${pointer} ${message}`.trimEnd()),
  ].join('\n')
}

const kinds = ['web', 'app', 'till', 'server', 'file'] as const

export const sources = defineCommand({
  name: 'sources',
  summary: 'See what comes from where, and whether it is well',
  usage: [
    '[list]',
    'create --name <name> --kind web|app|till|server|file [--channel <name>] [--location <name>]',
    'tail <name or id> [--once]',
  ],
  words: 2,
  options: {
    name: { type: 'string', value: 'name', says: 'what the source is called' },
    kind: { type: 'string', value: 'kind', says: 'what it is: its key may do what that needs' },
    channel: { type: 'string', value: 'name', says: 'the channel of what it sends, where the call names none' },
    location: { type: 'string', value: 'name', says: 'where a till stands' },
    once: { type: 'boolean', says: 'show the last lines and end' },
    json: jsonOption,
    url: urlOption,
  },
  examples: [
    'tessera sources',
    'tessera sources create --name "Web shop" --kind web --channel web',
    'tessera sources tail "Web shop"',
    'tessera sources --json | jq ".[] | select(.health.errorRate > 0.01) | .name"',
  ],
  run: async ({ values, positionals: [action = 'list', named], terminal }) => {
    const { out, err } = terminal
    const { json, url } = values
    const show = (value: unknown, text: string): void =>
      void out.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`)
    switch (action) {
      case 'list': {
        const { tessera } = await connect(url)
        const all = await collect(tessera.listSources({ limit: 1000 }))
        show(all, describeSources(all))
        return 0
      }
      case 'create': {
        const { name, channel, location } = values
        const kind = kinds.find(it => it === values.kind)
        if (name === undefined) throw new UsageError('Name the source: --name "Web shop".')
        if (!kind) throw new UsageError(`--kind takes ${kinds.join(', ')}.`)
        const { tessera } = await connect(url)
        const made = await tessera.createSource({ name, kind, channel, location })
        err.write('Keep this key: it is shown only now.\n')
        show(made, made.key)
        return 0
      }
      case 'tail': {
        if (named === undefined) throw new UsageError('Name the source, as tessera sources shows it.')
        const { tessera } = await connect(url)
        const source = findSource(await collect(tessera.listSources({ limit: 1000 })), named)
        const lines = values.once ? lastLines(tessera, source.id) : follow(tessera, source.id, terminal.stop)
        for await (const line of lines) show(line, describeLine(line))
        return 0
      }
      default:
        throw new UsageError(notOneOf(action, ['list', 'create', 'tail']))
    }
  },
})

async function* lastLines(tessera: Tessera, id: string): AsyncGenerator<SourceTailRow> {
  yield* (await tessera.tailSource(id)).data
}

/** The last lines and every one that comes, until somebody has seen enough: that is how it ends, and no failure. */
async function* follow(tessera: Tessera, id: string, stop: AbortSignal): AsyncGenerator<SourceTailRow> {
  let after: string | undefined
  while (!stop.aborted) {
    const wait = after === undefined ? 0 : 25
    try {
      const { data, cursor } = await tessera.tailSource(id, { after, wait }, { signal: stop })
      after = cursor
      yield* data
    } catch (error) {
      if (stop.aborted) return
      throw error
    }
  }
}

const collect = async (list: AsyncIterable<Source>): Promise<Source[]> => {
  const all: Source[] = []
  for await (const source of list) all.push(source)
  return all
}

const findSource = (all: readonly Source[], named: string): Source => {
  const found = all.filter(({ id, name }) => id === named || name === named)
  const alive = found.filter(source => source.revokedAt === null)
  const candidates = alive.length > 0 ? alive : found
  if (candidates.length === 1) return candidates[0]!
  throw new CommandFailed(
    candidates.length === 0
      ? `There is no source "${named}"; tessera sources lists them.`
      : `${candidates.length} sources are called "${named}": name one by its id, ${candidates.map(it => it.id).join(' or ')}.`,
  )
}
