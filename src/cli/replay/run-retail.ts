import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { Tessera } from '../../sdk/index.ts'
import { CommandFailed, type Terminal } from '../command.ts'
import { makeProgress } from '../progress.ts'
import { ownServer } from './own-server.ts'
import { endOfDay, playRetail, type RetailSummary, retailProgramme, summarizeRetail } from './play-retail.ts'
import { type RetailSample, readRetail } from './retail.ts'

/** However long the clock's work and the audit take, on a slow machine too. */
const patienceMs = 600_000

const until = async (what: string, done: () => Promise<boolean>): Promise<void> => {
  const start = performance.now()
  while (!(await done())) {
    if (performance.now() - start > patienceMs) throw new CommandFailed(`Gave up waiting for ${what}.`)
    await wait(200)
  }
}

/** Everything that has become due is booked. */
const clockIsDone = async (tessera: Tessera): Promise<boolean> => {
  const { clock } = await tessera.getProgramme(retailProgramme)
  return clock.overdue === 0
}

/** How much the auditor finds wrong. */
const audited = async (tessera: Tessera): Promise<number> => {
  const { id } = await tessera.startAudit()
  let found = 0
  await until('the auditor', async () => {
    for await (const audit of tessera.listAudits({ limit: 10 })) {
      if (audit.job !== id || audit.state !== 'done') continue
      found = audit.found
      return true
    }
    return false
  })
  return found
}

/** Plays the year on a server of its own, and tells what came of it. */
export const runRetail = async ({
  folder,
  sample,
  data,
  terminal: { err, stop },
}: {
  readonly folder: string
  readonly sample: RetailSample
  /** Where the server keeps its data; left out, nowhere. */
  readonly data: string | undefined
  readonly terminal: Terminal
}): Promise<RetailSummary> => {
  const progress = makeProgress(err, performance.now.bind(performance))
  const start = performance.now()
  const retail = await readRetail(folder, sample)
  const [first] = retail.events
  if (!first) throw new CommandFailed('Nothing is left to play of these customers and days.')
  const time = { now: 0 }
  const setClock = (now: number): void => {
    time.now = now
  }
  setClock(endOfDay((first.kind === 'sale' ? first.sale.at : first.back.at).slice(0, 10)))
  const server = await ownServer({ folder: data, clock: () => time.now })
  try {
    await playRetail({ tessera: server.tessera, retail, setClock, progress, stop })
    setClock(endOfDay(retail.lastDay))
    const tessera = await server.restart()
    await until('the clock', () => clockIsDone(tessera))
    const audit = await audited(tessera)
    const seconds = Math.round(performance.now() - start) / 1000
    return await summarizeRetail(tessera, retail, { audit, seconds })
  } finally {
    progress.end()
    await server.close()
  }
}
