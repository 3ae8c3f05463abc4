import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestServices, testServices } from '../../../test/calls.ts'
import { holdersFor } from './holders.ts'

describe.each(['postgres', 'pglite'] as const)('holdersFor on %s', store => {
  let services: TestServices
  beforeAll(async () => {
    services = await testServices(store)
  })
  afterAll(() => services.database.close())

  const find = async (refs: string[], create: boolean) =>
    services.database.transaction(tx =>
      holdersFor(tx, { ...services.workspaces.known('default').workspace, country: 'IT' }, refs, services.time.now, {
        create,
      }),
    )
  const found = async (refs: string[], create = false) => {
    const result = await find(refs, create)
    if (!result.ok) throw new Error(result.refusal.message)
    return result.value
  }

  it('makes a holder for each new identifier and answers in the order asked', async () => {
    const made = await found(['userId:b', 'phone:333 123 4567', 'userId:a', 'userId:b'], true)
    expect(made.map(({ type, value }) => `${type}:${value}`)).toEqual([
      'userId:b',
      'phone:+393331234567',
      'userId:a',
      'userId:b',
    ])
    expect(made[3]).toEqual(made[0])
    expect(made[0]!.personId).toBe(made[0]!.id.replace('hol_', 'per_'))
    expect(await found(['userId:a', 'userId:b'])).toEqual([made[2], made[0]])
  })

  it('finds by an old person id who that holder belongs to now', async () => {
    const [old, older] = await found(['userId:old', 'userId:older'], true)
    await services.database.query('update holders set person_id = $1 where id = $2', [older!.personId, old!.id])
    expect(await found([old!.personId])).toEqual([{ ...old, personId: older!.personId }])
  })

  it('makes nobody when it may not, and says who is missing', async () => {
    expect(await find(['userId:a', 'userId:nobody', `per_${'0'.repeat(26)}`], false)).toMatchObject({
      ok: false,
      refusal: {
        code: 'person_not_found',
        details: { type: 'userId' },
        errors: [{ pointer: '/people/1' }, { pointer: '/people/2' }],
      },
    })
  })

  it('gives two callers at once the same holders', async () => {
    const refs = Array.from({ length: 50 }, (_, index) => `loyaltyCard:${index}`)
    const [left, right] = await Promise.all([found(refs, true), found(refs.toReversed(), true)])
    expect(right.toReversed()).toEqual(left)
    expect(new Set(left.map(({ id }) => id)).size).toBe(50)
  })
})
