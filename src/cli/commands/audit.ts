import type { Tessera } from '../../sdk/index.ts'
import { createTessera } from '../../sdk/index.ts'
import { CommandFailed, defineCommand, jsonOption, urlOption } from '../command.ts'
import { connect } from '../connect.ts'
import { grouped } from '../table.ts'
import { untilDone } from '../until-done.ts'

type Audit = Awaited<ReturnType<Tessera['listAudits']>>['data'][number]

/** What each check looked at, and what is off, a sentence a line. */
export const describeAudit = ({ found, checks, findings }: Pick<Audit, 'found' | 'checks' | 'findings'>): string =>
  [
    ...checks.map(it => `${it.found === 0 ? 'ok  ' : 'OFF '} ${it.holds} (${grouped(it.rows)} looked at).`),
    ...findings.map(it => it.says),
    ...(found > findings.length ? [`… and ${grouped(found - findings.length)} more.`] : []),
    found === 0 ? 'Nothing is off.' : `${grouped(found)} off.`,
  ].join('\n')

export const audit = defineCommand({
  name: 'audit',
  summary: 'Add up the stored rows of value again',
  usage: ['[--workspace <id>] [--json] [--url <address>]'],
  words: 0,
  options: {
    workspace: { type: 'string', value: 'id', says: 'with the admin key: the workspace; default where left out' },
    json: jsonOption,
    url: urlOption,
  },
  examples: ['tessera audit', 'tessera audit --json | jq .findings'],
  run: async ({ values: { workspace, json, url: given }, terminal }) => {
    const { url, key } = await connect(given)
    const tessera = createTessera({ url, key, ...(workspace !== undefined && { workspace }) })
    const started = await tessera.startAudit()
    await untilDone(tessera, started, terminal, { what: 'rows' })
    const { data } = await tessera.listAudits({ limit: 100 })
    const done = data.find(it => it.job === started.id)
    if (!done) throw new CommandFailed(`The audit ${started.id} is not among the last hundred.`)
    terminal.out.write(`${json ? JSON.stringify(done) : describeAudit(done)}\n`)
    return done.found === 0 ? 0 : 1
  },
})
