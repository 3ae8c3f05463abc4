import type { Key } from '../../sdk/index.ts'
import { defineCommand, jsonOption, UsageError, urlOption } from '../command.ts'
import { connect } from '../connect.ts'
import { notOneOf } from '../parse.ts'
import { formatTable } from '../table.ts'

const scopes = ['secret', 'publishable', 'till'] as const
type Scope = (typeof scopes)[number]

const scopeOf = (text: string | undefined): Scope => {
  const found = scopes.find(scope => scope === text)
  if (!found) throw new UsageError(`--scope takes ${scopes.join(', ')}${text === undefined ? '' : `, not "${text}"`}.`)
  return found
}

const keyTable = (keys: readonly Key[]): string =>
  formatTable(
    ['id', 'name', 'scope', 'channel', 'location', 'state'].map(head => ({ head })),
    keys.map(key => [
      key.id,
      key.name,
      key.scope,
      key.channel ?? '',
      key.location ?? '',
      key.revokedAt === null ? 'valid' : `revoked ${key.revokedAt}`,
    ]),
  )

export const keys = defineCommand({
  name: 'keys',
  summary: 'Make, list and revoke keys',
  usage: [
    'create --name <name> --scope secret|publishable|till [--channel <name>] [--location <name>]',
    'list',
    'revoke <id>',
  ],
  words: 2,
  options: {
    name: { type: 'string', value: 'name', says: 'what the key is for' },
    scope: {
      type: 'string',
      value: 'scope',
      says: 'secret for servers, publishable for browsers, till for one location',
    },
    channel: { type: 'string', value: 'name', says: 'the channel of what this key sends, where the call names none' },
    location: { type: 'string', value: 'name', says: 'the location of a till' },
    json: jsonOption,
    url: urlOption,
  },
  examples: [
    'tessera keys create --name "Web shop" --scope secret --channel web',
    'tessera keys list',
    'tessera keys revoke key_01kjm6jm000000000000000000',
  ],
  run: async ({ values, positionals: [action, id], terminal: { out, err } }) => {
    const { json, url } = values
    const show = (value: unknown, text: string): void =>
      void out.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`)
    switch (action) {
      case 'create': {
        if (values.name === undefined) throw new UsageError('Name the key: --name "Web shop".')
        const { name, channel, location } = values
        const body = { name, scope: scopeOf(values.scope), channel, location }
        const { tessera } = await connect(url)
        const made = await tessera.createKey(body)
        err.write('Keep this key: it is shown only now.\n')
        show(made, made.key)
        return 0
      }
      case 'list': {
        const { tessera } = await connect(url)
        const all: Key[] = []
        for await (const key of tessera.listKeys({ limit: 1000 })) all.push(key)
        show(all, all.length === 0 ? 'There are no keys beside the admin key.' : keyTable(all))
        return 0
      }
      case 'revoke': {
        if (id === undefined) throw new UsageError('Name the key to revoke by its id, as tessera keys list shows it.')
        const { tessera } = await connect(url)
        const revoked = await tessera.revokeKey(id)
        show(revoked, `${revoked.name} (${revoked.id}) is revoked; every server refuses it within 5 seconds.`)
        return 0
      }
      default:
        throw new UsageError(notOneOf(action, ['create', 'list', 'revoke']))
    }
  },
})
