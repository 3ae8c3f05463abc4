import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pino, { type Logger } from 'pino'
import { Counter, Gauge, Histogram } from 'prom-client'
import { openStore } from '../adapters/storage/open.ts'
import { browserLibraryEndpoints } from '../contract/browser-library.ts'
import { endpoints } from '../contract/index.ts'
import { noop } from '../contract/noop.ts'
import { adminKeyOf } from './admin-key.ts'
import { auditMetrics } from './audit/metrics.ts'
import { auditNightly } from './audit/nightly.ts'
import { makeAuthenticate } from './authenticate.ts'
import { makeCatalogues } from './catalogue.ts'
import { makeWriter } from './commit/writer.ts'
import type { Config } from './config.ts'
import { consentPages } from './consents/pages.ts'
import { createApp } from './http/app.ts'
import { createRegistry } from './http/metrics.ts'
import { loggable } from './http/problem.ts'
import { sweepValue } from './loyalty/sweep-value.ts'
import { openJournal } from './people/erasure-journal.ts'
import { eraseAgain, journalErasures } from './people/keep-erasures.ts'
import { makeRandom } from './random.ts'
import { makeRequestLog } from './requests/request-log.ts'
import { accountsHandlers } from './resources/accounts.ts'
import { activityHandlers } from './resources/activity.ts'
import { adjustmentsHandlers } from './resources/adjustments.ts'
import { auditLogHandlers } from './resources/audit-log.ts'
import { auditsHandlers } from './resources/audits.ts'
import { backupHandlers } from './resources/backup.ts'
import { browserLibraryHandlers } from './resources/browser-library.ts'
import { campaignsHandlers } from './resources/campaigns.ts'
import { clerksHandlers } from './resources/clerks.ts'
import { codesHandlers } from './resources/codes.ts'
import { collectionsHandlers } from './resources/collections.ts'
import { consentsHandlers } from './resources/consents.ts'
import { decisionsHandlers } from './resources/decisions.ts'
import { drawsHandlers } from './resources/draws.ts'
import { eventsHandlers } from './resources/events.ts'
import { exportsHandlers } from './resources/exports.ts'
import { financeHandlers } from './resources/finance.ts'
import { grantsHandlers } from './resources/grants.ts'
import { homeHandlers } from './resources/home.ts'
import { householdsHandlers } from './resources/households.ts'
import { identityHandlers } from './resources/identity.ts'
import { insightsHandlers } from './resources/insights.ts'
import { jobsHandlers } from './resources/jobs.ts'
import { keysHandlers } from './resources/keys.ts'
import { nounsHandlers } from './resources/nouns.ts'
import { offerDraftsHandlers } from './resources/offer-drafts.ts'
import { offersHandlers } from './resources/offers.ts'
import { orderHistoryHandlers } from './resources/order-history.ts'
import { ordersHandlers } from './resources/orders.ts'
import { outboxHandlers } from './resources/outbox.ts'
import { packsHandlers } from './resources/packs.ts'
import { peopleHandlers } from './resources/people.ts'
import { programmesHandlers } from './resources/programmes.ts'
import { reportsHandlers } from './resources/reports.ts'
import { requestsHandlers } from './resources/requests.ts'
import { returnsHandlers } from './resources/returns.ts'
import { rightsHandlers } from './resources/rights.ts'
import { segmentsHandlers } from './resources/segments.ts'
import { sessionHandlers } from './resources/session.ts'
import { simulationsHandlers } from './resources/simulations.ts'
import { sourcesHandlers } from './resources/sources.ts'
import { storedMoneyHandlers } from './resources/stored-money.ts'
import { teamHandlers } from './resources/team.ts'
import { traitsHandlers } from './resources/traits.ts'
import { transfersHandlers } from './resources/transfers.ts'
import { walletSelfHandlers } from './resources/wallet-self.ts'
import { walletSessionHandlers } from './resources/wallet-session.ts'
import { walletTokensHandlers } from './resources/wallet-tokens.ts'
import { workspacesHandlers } from './resources/workspaces.ts'
import { sweepDue } from './segments/sweep-due.ts'
import type { Services } from './services.ts'
import { compactMinutes } from './sources/compact-minutes.ts'
import { makeSourceLog } from './sources/source-log.ts'
import { sweepHolds } from './sweep-holds.ts'
import type { PasswordCost } from './team/hash-password.ts'
import { makeFirstLink } from './team/links.ts'
import { makeSessions } from './team/sessions.ts'
import { makeWalletSessions } from './wallet/wallet-sessions.ts'
import { startWorker } from './worker/worker.ts'
import { makeWorkspaces } from './workspaces.ts'

export type RunningServer = {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string
  /** Lets the first team member in, once and for a day; undefined when there is one. */
  readonly signInLink: string | undefined
  readonly adminKey: string
  /** Where the admin key is kept; undefined when the environment gave it. */
  readonly adminKeyFile: string | undefined
  readonly store: 'pglite' | 'postgres'
  /** Answers what was taken up, finishes the batch in flight, closes the store. */
  close(): Promise<void>
}

export type ServerOptions = {
  readonly logger?: Logger
  readonly clock?: () => number
  /** Tests: an answer that breaks the contract becomes a 500. */
  readonly strict?: boolean
  /** Benches: hears how long each group commit took. */
  readonly onBatch?: (batch: { readonly items: number; readonly ms: number }) => void
  /** Tests: with `false` nothing is done by the clock unless somebody asks for something. */
  readonly sweeps?: boolean
  /** Tests: how much work it is to hash a password. */
  readonly passwordCost?: PasswordCost
}

const version = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version

/** Puts the parts together and serves. The only file that knows everyone. */
export const startServer = async (config: Config, options: ServerOptions = {}): Promise<RunningServer> => {
  const realClock = options.clock ?? Date.now
  const logger = options.logger ?? pino({ level: config.logLevel }, pino.destination(2))
  const random = makeRandom()
  const admin = await adminKeyOf(config.folder, config.adminKey, random)
  const database = await openStore({
    databaseUrl: config.databaseUrl,
    folder: config.folder,
    url: `http://${config.host}:${config.port}`,
  })
  try {
    const workspaces = makeWorkspaces({ database, clock: realClock, random })
    const { clock } = workspaces
    await workspaces.ensureDefault()
    const registry = createRegistry()
    const batches = new Histogram({
      name: 'tessera_commit_batch_items',
      help: 'Items a group commit took together',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      registers: [registry],
    })
    const seconds = new Histogram({
      name: 'tessera_commit_duration_seconds',
      help: 'Time of a group commit from reading to durable',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
      registers: [registry],
    })
    const redone = new Counter({
      name: 'tessera_commit_redone_total',
      help: 'Batches decided again because another process changed what they read',
      registers: [registry],
    })
    const catalogues = makeCatalogues()
    workspaces.onEnded(catalogues.forget)
    const writer = makeWriter({
      database,
      workspaces,
      catalogues,
      clock,
      random,
      onBatch: batch => {
        batches.observe(batch.items)
        seconds.observe(batch.ms / 1000)
        if (batch.redone > 0) redone.inc(batch.redone)
        options.onBatch?.(batch)
      },
      onFailure: error => logger.error({ error: loggable(error) }, 'group commit failed'),
    })
    new Gauge({
      name: 'tessera_commit_queue_items',
      help: 'Hot writes that wait for their commit',
      registers: [registry],
      collect() {
        this.set(writer.depth())
      },
    })
    auditMetrics(database, registry)
    const clockLag = new Gauge({
      name: 'tessera_value_clock_lag_seconds',
      help: 'How long the oldest work of the clock on points, stored money and tiers has been due; 0: all of it is done',
      registers: [registry],
    })
    const clockDue = new Gauge({
      name: 'tessera_value_clock_due_items',
      help: 'Accounts and memberships on which the clock has work to do, as its last round found them; 10,000 of either are counted of a workspace',
      registers: [registry],
    })
    const clockDone = new Counter({
      name: 'tessera_value_clock_done_total',
      help: 'People and cards on which this process did all of the clock’s work that was due',
      registers: [registry],
    })
    const sources = makeSourceLog({ database, clock, random })
    const requests = makeRequestLog({ database, clock, random })
    const services: Services = {
      database,
      clock,
      random,
      workspaces,
      catalogues,
      writer,
      sources,
      adminKey: admin.key,
    }
    const journal = openJournal(config.folder)
    await eraseAgain(services, await journal.read())
    await journalErasures(database, journal)
    const events = eventsHandlers(services)
    const rights = rightsHandlers(services, journal)
    const sessions = makeSessions(services)
    const walletSessions = makeWalletSessions(services)
    const byKey = makeAuthenticate(services)
    const app = createApp({
      endpoints: [...endpoints, ...browserLibraryEndpoints, ...(config.bench ? [noop] : [])],
      handlers: {
        ...workspacesHandlers(services),
        ...sessionHandlers({
          ...services,
          sessions,
          ...(options.passwordCost === undefined ? {} : { passwordCost: options.passwordCost }),
        }),
        ...teamHandlers({ ...services, sessions }),
        ...auditLogHandlers(services),
        ...requestsHandlers({ database, requests }),
        ...keysHandlers(services),
        ...sourcesHandlers(services),
        ...events,
        ...browserLibraryHandlers(events),
        ...peopleHandlers(services),
        ...identityHandlers(services),
        ...consentsHandlers(services),
        ...rights,
        ...segmentsHandlers(services),
        ...traitsHandlers(services),
        ...campaignsHandlers(services),
        ...offersHandlers(services),
        ...offerDraftsHandlers(services),
        ...programmesHandlers(services),
        ...transfersHandlers(services),
        ...householdsHandlers(services),
        ...drawsHandlers(services),
        ...collectionsHandlers(services),
        ...codesHandlers(services),
        ...grantsHandlers(services),
        ...ordersHandlers(services),
        ...orderHistoryHandlers(services),
        ...returnsHandlers(services),
        ...packsHandlers(services),
        ...walletSessionHandlers({ ...services, walletSessions }),
        ...walletSelfHandlers(services, { events, rights, walletSessions }),
        ...walletTokensHandlers(services),
        ...outboxHandlers(services),
        ...storedMoneyHandlers(services),
        ...decisionsHandlers(services),
        ...reportsHandlers(services),
        ...activityHandlers(services),
        ...homeHandlers(services),
        ...insightsHandlers(services),
        ...nounsHandlers(services),
        ...clerksHandlers(services),
        ...adjustmentsHandlers(services),
        ...financeHandlers(services),
        ...accountsHandlers(services),
        ...auditsHandlers(services),
        ...exportsHandlers(services),
        ...simulationsHandlers(services),
        ...jobsHandlers(services),
        ...backupHandlers(services),
        noop: () => ({ text: '{"done":true}' }),
      },
      pages: consentPages(services),
      facesFolder: fileURLToPath(new URL('../../dist/faces', import.meta.url)),
      authenticate: shown => {
        if ('wallet' in shown) return walletSessions.authenticate(shown)
        return 'session' in shown ? sessions.authenticate(shown) : byKey(shown)
      },
      onRefused: sources.refused,
      onAnswered: requests.answered,
      logger,
      registry,
      now: clock,
      health: async () => {
        const ok = await database.query('select 1').then(
          () => true,
          () => false,
        )
        return {
          ok,
          version: version(),
          checks: { store: ok ? `${database.kind}: ok` : `${database.kind}: does not answer` },
        }
      },
      ...(options.strict === undefined ? {} : { strict: options.strict }),
      ...(config.trustProxy === undefined ? {} : { trustProxy: config.trustProxy }),
    })
    const worker = startWorker(services, logger)
    if (options.sweeps !== false) {
      worker.every(1000, 'expired holds', signal => sweepHolds(services, signal))
      worker.every(5000, 'segments by the clock', signal => sweepDue(services, signal))
      worker.every(10_000, 'points and tiers by the clock', signal =>
        sweepValue(services, signal, {
          onDue: due => clockDue.set(due),
          onProgress: ({ lagSeconds, done }) => {
            clockLag.set(lagSeconds)
            clockDone.inc(done)
          },
        }),
      )
    }
    worker.every(1000, 'demos', workspaces.refresh)
    worker.every(1000, 'sources', sources.flush)
    worker.every(1000, 'request log', requests.flush)
    worker.every(600_000, 'nightly audit', signal => auditNightly(services, signal))
    // What other processes erased.
    worker.every(300_000, 'journal of erasures', () => journalErasures(database, journal))
    worker.every(300_000, 'hours of sources', signal => compactMinutes(database, clock(), signal))
    const url = await app.listen({ host: config.host, port: config.port }).catch(async (error: unknown) => {
      await worker.stop()
      throw error
    })
    return {
      url,
      signInLink: await makeFirstLink(database, { now: clock(), random, origin: url }),
      adminKey: admin.key,
      adminKeyFile: admin.file,
      store: database.kind,
      close: async () => {
        sources.close()
        await app.close()
        await worker.stop()
        await sources.flush().catch(error => logger.error({ error: loggable(error) }, 'counts of sources lost'))
        await writer.close()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
