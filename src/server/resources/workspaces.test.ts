import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminKey, ask, secretKey, type TestServices, testServices } from '../../../test/calls.ts'
import { createWorkspace, getWorkspace, listWorkspaces, updateWorkspace } from '../../contract/workspaces.ts'
import { makeCatalogues } from '../catalogue.ts'
import { workspacesHandlers } from './workspaces.ts'

describe.each(['postgres', 'pglite'] as const)('the settings of a workspace on %s', store => {
  let services: TestServices
  let handlers: ReturnType<typeof workspacesHandlers>
  beforeAll(async () => {
    services = await testServices(store)
    handlers = workspacesHandlers(services)
  })
  afterAll(() => services.database.close())

  const patch = (body: object, more: object = {}) =>
    ask(services, updateWorkspace, handlers.updateWorkspace, { params: { id: 'default' }, body, ...more })
  const get = async (id = 'default') =>
    (await ask(services, getWorkspace, handlers.getWorkspace, { params: { id }, auth: adminKey })).json
  const version = async (): Promise<number> => {
    const { rows } = await services.database.query<{ v: number }>(
      `select catalogue_version as v from workspaces where id = 'default'`,
    )
    return rows[0]!.v
  }
  const plain = { combination: { policy: 'bestForCustomer', perGroup: {} }, holdout: 0 }

  it('are best for the customer and nobody held out, as long as nothing is said', async () => {
    expect(await get()).toMatchObject(plain)
    const made = await ask(services, createWorkspace, handlers.createWorkspace, {
      body: { id: 'second', name: 'Second' },
      auth: adminKey,
    })
    expect(made.json).toMatchObject(plain)
    expect(await get('second')).toEqual(made.json)
    const { json } = await ask(services, listWorkspaces, handlers.listWorkspaces, { auth: adminKey })
    expect(json.data).toMatchObject([plain, plain])
  })

  it('are replaced field by field, and the name too', async () => {
    const combination = { policy: 'priority', perOrder: 3, perGroup: { drinks: 1 } }
    expect((await patch({ combination })).json).toMatchObject({ name: 'Default', combination, holdout: 0 })
    expect((await patch({ holdout: 2.5 })).json).toMatchObject({ combination, holdout: 2.5 })
    expect((await patch({ name: 'Acme' })).json).toMatchObject({ name: 'Acme', combination, holdout: 2.5 })
    expect(await get()).toMatchObject({ name: 'Acme', combination, holdout: 2.5 })
  })

  it('bind in every process from the next batch on, which sees that the version was raised', async () => {
    await patch({ combination: { policy: 'bestForCustomer' }, holdout: 1 })
    const elsewhere = makeCatalogues()
    const before = await elsewhere.atLeast(services.database, 'default', await version())
    expect(before).toMatchObject({ combination: { policy: 'bestForCustomer' }, holdout: 1 })
    await patch({ holdout: 7 })
    expect(await version()).toBe(before.version + 1)
    const after = await elsewhere.atLeast(services.database, 'default', await version())
    expect(after.holdout).toBe(7)
  })

  it('are changed once for one Idempotency-Key, and the audit log tells who did', async () => {
    const first = await patch({ holdout: 3 }, { idempotencyKey: 'once' })
    await patch({ holdout: 4 })
    expect((await patch({ holdout: 3 }, { idempotencyKey: 'once' })).text).toBe(first.text)
    expect((await get()).holdout).toBe(4)
    const { rows } = await services.database.query(
      `select key_id, subject from audit_log where action = 'updateWorkspace' order by id desc limit 1`,
    )
    expect(rows).toEqual([{ key_id: 'key_test', subject: 'default' }])
  })

  it('of another workspace are out of reach for a secret key, and nothing changes', async () => {
    const before = await version()
    await services.workspaces.get('second')
    const { refusal } = await patch({ holdout: 9 }, { auth: { ...secretKey, workspaceId: 'second' } })
    expect(refusal).toMatchObject({ code: 'workspace_not_found', details: { workspace: 'default' } })
    expect(await version()).toBe(before)
    expect((await patch({ holdout: 9 }, { auth: { ...adminKey, workspaceId: 'second' } })).json.holdout).toBe(9)
  })
})
