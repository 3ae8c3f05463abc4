import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServices, testServices } from '../../../test/calls.ts'
import { at, club, commands, compare, Model, owners, Real } from '../../../test/ledger-model.ts'
import {
  type Account,
  type Book,
  emptyBook,
  type Ledger,
  type Lot,
  seeAccount,
  seeLot,
} from '../../core/ledger/book.ts'
import { ledgerOf } from '../../core/loop/world.ts'
import { type AuditState, auditStore, freshAudit } from '../audit/audit-store.ts'
import { makeCatalogues } from '../catalogue.ts'
import { accountColumns, lotColumns, selectList } from './tables.ts'
import { makeWriter, type Writer } from './writer.ts'

/** A workspace of a store, through the group commit; every call is a millisecond later than the one before. */
class InStore extends Real {
  readonly services: TestServices
  readonly writer: Writer
  readonly workspaceId: string

  constructor(services: TestServices, writer: Writer, workspaceId: string) {
    super()
    this.services = services
    this.writer = writer
    this.workspaceId = workspaceId
  }

  override async act(
    who: readonly string[],
    transactions: readonly string[],
    run: (ledger: Ledger) => void,
  ): Promise<void> {
    if (who.length === 0) {
      run(undefined as never)
      return
    }
    const { time } = this.services
    time.now = Math.max(time.now + 1, at(this.day))
    // More than there is, so that all that can be spent is at hand; what the clock changes must come by itself.
    const value = who.map(ownerId => ({ asset: club, amount: 1_000_000, ownerId }))
    await this.writer.submit({
      workspaceId: this.workspaceId,
      needs: { value, transactions },
      weight: 10,
      bytes: 100,
      fromBrowser: false,
      decide: world => {
        run(ledgerOf(world))
        return { text: '', status: 200 }
      },
    })
  }

  override async look(who: readonly string[]): Promise<Book> {
    const book = emptyBook()
    const { database } = this.services
    const accounts = await database.query<Account>(
      `select ${selectList(accountColumns, 'a')} from accounts a where workspace_id = $1 and owner_id = any($2)`,
      [this.workspaceId, who],
    )
    const lots = await database.query<Lot>(
      `select ${selectList(lotColumns, 'l')} from lots l where workspace_id = $1 and owner_id = any($2)`,
      [this.workspaceId, who],
    )
    for (const account of accounts.rows) seeAccount(book, account)
    for (const lot of lots.rows) seeLot(book, lot)
    return book
  }

  override findings(): Promise<readonly string[]> {
    return auditNow(this.services, this.workspaceId)
  }
}

/** The whole audit at once, a piece after the other; what it found, in sentences. */
const auditNow = async (services: TestServices, workspaceId: string): Promise<readonly string[]> => {
  const step = auditStore(services)
  const job = { workspaceId, id: '', kind: 'audit', done: 0, total: null }
  for (let state = freshAudit; ; ) {
    const { params, result } = await step({ ...job, params: state })
    state = params as AuditState
    if (result) return state.findings.map(it => it.says)
  }
}

describe.each(['postgres', 'pglite'] as const)('the ledger on %s', store => {
  let services: TestServices
  let writer: Writer
  let workspace = 0
  beforeAll(async () => {
    services = await testServices(store)
    const { database, workspaces, clock } = services
    writer = makeWriter({ database, workspaces, catalogues: makeCatalogues(), clock, random: randomBytes })
  })
  afterAll(async () => {
    await writer.close()
    await services.database.close()
  })

  const freshWorkspace = async (): Promise<string> => {
    workspace += 1
    const id = `shop-${workspace}`
    await services.database.query(
      `insert into workspaces (id, name, currency, time_zone, language, tax_included, secret, settings, created_at)
       values ($1, $1, 'EUR', 'UTC', 'en', true, 'c2VjcmV0', '{}', now())`,
      [id],
    )
    await services.workspaces.get(id)
    return id
  }

  it('says the same as heaps that somebody looks through every morning, whatever happens', async () => {
    let booked = 0
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 40, size: 'max' }), async all => {
        const workspaceId = await freshWorkspace()
        services.time.now = at(0)
        const model = new Model()
        const real = new InStore(services, writer, workspaceId)
        await fc.asyncModelRun(() => ({ model, real }), all)
        await real.act(owners, [], () => undefined)
        compare(model, await real.look(owners), owners)
        expect(await real.findings()).toEqual([])
        const { rows } = await services.database.query<{ n: number }>(
          'select count(*) as n from transactions where workspace_id = $1',
          [workspaceId],
        )
        booked += rows[0]!.n
      }),
      { numRuns: store === 'postgres' ? 25 : 12, endOnFailure: true },
    )
    expect(booked).toBeGreaterThan(25)
  })
})
