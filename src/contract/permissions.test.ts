import { describe, expect, it, test } from 'vitest'
import { type Role, roles } from '../core/team/roles.ts'
import type { AnyEndpoint } from './endpoint.ts'
import { endpoints } from './index.ts'
import { exceptions, mayCall, placedTags, whoMayCall } from './permissions.ts'
import { replayable } from './requests.ts'

const all: readonly AnyEndpoint[] = endpoints
const named = (name: string): AnyEndpoint => all.find(it => it.name === name)!
const may = (role: Role, name: string): boolean => mayCall({ role, operator: false }, named(name))

describe('the table of permissions', () => {
  it('has a place for every call', () => {
    expect(
      all.filter(it => it.scopes !== 'public' && !placedTags.includes(it.tag)).map(it => `${it.tag}: ${it.name}`),
    ).toEqual([])
  })

  it('has no exception for a call that is not there', () => {
    expect(exceptions.filter(([tag, name]) => named(name)?.tag !== tag)).toEqual([])
  })

  it('keeps a call under no tag of the table for admins', () => {
    const unplaced = { ...named('createOffer'), tag: 'Tomorrow' }
    expect(roles.filter(role => mayCall({ role, operator: false }, unplaced))).toEqual(['admin'])
  })

  it('lets an operator do everything, and an admin what is not the installation’s', () => {
    const refused = all.filter(it => it.scopes !== 'public' && !mayCall({ role: 'admin', operator: false }, it))
    expect(refused.map(it => it.name).toSorted()).toEqual(
      expect.arrayContaining(['createWorkspace', 'dump', 'listWorkspaces']),
    )
    expect(refused.every(it => it.scopes !== 'session' && it.scopes.length === 1)).toBe(true)
    expect(all.filter(it => !mayCall({ role: 'clerk', operator: true }, it))).toEqual([])
  })
})

/** As the head of a shop would sign it. */
test.each<[Role, string[], string[]]>([
  [
    'marketer',
    ['createOffer', 'createCodes', 'putSegment', 'getCampaignReport'],
    ['createAdjustment', 'erasePerson', 'createKey', 'createTeamMember'],
  ],
  [
    'analyst',
    ['getCampaignReport', 'createSimulation', 'exportOrders', 'getPerson'],
    ['createOffer', 'putOrder', 'createCredit', 'linkPeople'],
  ],
  [
    'clerk',
    ['putOrder', 'createReturn', 'joinProgramme', 'lookupCode', 'getWallet'],
    ['createOffer', 'createCredit', 'issueGiftCards', 'exportPeople'],
  ],
  [
    'finance',
    ['createClosing', 'approveAdjustment', 'getLiability', 'listAuditLog'],
    ['createOffer', 'erasePerson', 'updateWorkspace', 'putOrder'],
  ],
  [
    'support',
    ['erasePerson', 'linkPeople', 'createCredit', 'createAdjustment'],
    ['approveAdjustment', 'createClosing', 'createOffer', 'createKey'],
  ],
  ['admin', ['createKey', 'createTeamMember', 'updateWorkspace', 'replayRequest'], ['createWorkspace', 'dump']],
])('%s', (role, does, doesNot) => {
  expect(does.filter(name => !may(role, name))).toEqual([])
  expect(doesNot.filter(name => may(role, name))).toEqual([])
})

test('who may is told in words', () => {
  expect(['createOffer', 'listOffers', 'createKey', 'dump'].map(name => whoMayCall(named(name)))).toEqual([
    'admin or marketer',
    'every role',
    'admin',
    'an operator of the installation',
  ])
})

test('what is kept for a replay is a call that there is, and comes as JSON', () => {
  expect([...replayable].filter(name => named(name) === undefined)).toEqual([])
  expect([...replayable].filter(name => named(name).streamBody !== undefined)).toEqual([])
})
