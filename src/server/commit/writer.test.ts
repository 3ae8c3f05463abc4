import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshPostgres } from '../../../test/stores.ts'
import type { Database } from '../../adapters/storage/database.ts'
import { openStore } from '../../adapters/storage/open.ts'
import { makeCatalogues } from '../catalogue.ts'
import { insertWorkspace, makeWorkspaces, type Workspaces } from '../workspaces.ts'
import type { Item, Outcome } from './item.ts'
import { makeWriter, type Writer } from './writer.ts'

let database: Database
let workspaces: Workspaces

beforeAll(async () => {
  database = await openStore({ databaseUrl: await freshPostgres(), folder: '.' })
  workspaces = makeWorkspaces({ database, clock: Date.now, random: randomBytes })
  await workspaces.ensureDefault()
  const { workspace } = (await workspaces.get('default'))!
  await insertWorkspace(database, { ...workspace, id: 'second', name: 'Second' }, randomBytes, Date.now())
  await workspaces.get('second')
})
afterAll(() => database.close())

/** A writer whose store stands still until `open` is called, and the order in which items were decided. */
const heldWriter = (): { writer: Writer; open: () => void; failures: unknown[] } => {
  let open = () => {}
  const gate = new Promise<void>(resolve => {
    open = resolve
  })
  const failures: unknown[] = []
  const slow: Database = { ...database, transaction: async work => gate.then(() => database.transaction(work)) }
  const options = { database: slow, workspaces, catalogues: makeCatalogues(), clock: Date.now, random: randomBytes }
  return { writer: makeWriter({ ...options, onFailure: error => failures.push(error) }), open, failures }
}

const item = (more: Partial<Item> = {}): Item => ({
  workspaceId: 'default',
  needs: {},
  fromBrowser: false,
  weight: 1,
  bytes: 100,
  decide: () => ({ text: '{}', status: 200 }),
  ...more,
})

const refusedAs = (outcome: Outcome) => ('refusal' in outcome ? outcome.refusal.code : outcome.text)
const count = (outcomes: readonly Outcome[], as: string) => outcomes.filter(outcome => refusedAs(outcome) === as).length

describe('the writer', () => {
  it('takes what fits its queue and refuses the rest at once; a flood from browsers leaves room for the shop', async () => {
    const { writer, open } = heldWriter()
    const browsers = Array.from({ length: 2000 }, () => writer.submit(item({ fromBrowser: true })))
    const shop = Array.from({ length: 4000 }, () => writer.submit(item()))
    expect(refusedAs(await browsers.at(-1)!)).toBe('overloaded')
    expect(refusedAs(await shop.at(-1)!)).toBe('overloaded')
    open()
    expect(count(await Promise.all(browsers), '{}')).toBe(1024)
    expect(count(await Promise.all(shop), '{}')).toBe(3072)
  })

  it('refuses by memory too, however few the items are', async () => {
    const { writer, open } = heldWriter()
    const outcomes = Array.from({ length: 10 }, () => writer.submit(item({ bytes: 10_000_000 })))
    expect(refusedAs(await outcomes[9]!)).toBe('overloaded')
    open()
    expect(count(await Promise.all(outcomes), '{}')).toBe(6)
  })

  it('lets workspaces take turns: one with a long line does not keep the other waiting', async () => {
    const { writer, open } = heldWriter()
    const order: string[] = []
    const note = (workspaceId: string) =>
      item({
        workspaceId,
        decide: () => {
          order.push(workspaceId)
          return { text: '{}', status: 200 }
        },
      })
    const waiting = [...Array.from({ length: 1000 }, () => note('default')), note('second')].map(it =>
      writer.submit(it),
    )
    open()
    await Promise.all(waiting)
    expect(order).toHaveLength(1001)
    expect(order.indexOf('second')).toBe(256)
  })

  it('answers the others when one item breaks, and tells who is to blame', async () => {
    const { writer, open, failures } = heldWriter()
    const broken = item({
      decide: () => {
        throw new Error('a bug')
      },
    })
    const waiting = [writer.submit(item()), writer.submit(broken), writer.submit(item())]
    open()
    const settled = await Promise.allSettled(waiting)
    expect(settled.map(it => it.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(failures.map(String)).toContain('Error: a bug')
  })

  it('gives ids that sort as they were made, though a batch has one millisecond', async () => {
    const { writer, open } = heldWriter()
    const made: string[] = []
    const decide: Item['decide'] = ({ newId }) => {
      for (let count = 0; count < 300; count += 1) made.push(newId('txn'))
      return { text: '{}', status: 200 }
    }
    const waiting = Promise.all([item({ decide }), item({ decide })].map(it => writer.submit(it)))
    open()
    await waiting
    expect(made).toHaveLength(600)
    expect(made.toSorted()).toEqual(made)
  })

  it('finishes what it took and takes nothing more once it closes', async () => {
    const { writer, open } = heldWriter()
    const taken = writer.submit(item())
    const closed = writer.close()
    expect(refusedAs(await writer.submit(item()))).toBe('overloaded')
    open()
    await closed
    expect(refusedAs(await taken)).toBe('{}')
  })
})
