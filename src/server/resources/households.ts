import type { z } from 'zod'
import type * as contract from '../../contract/households.ts'
import { no, ok, type Result, refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { pointsOf } from '../../core/ledger/account.ts'
import { type Invited, setHousehold } from '../../core/loop/households.ts'
import { membersOf } from '../../core/loop/owners.ts'
import { sumOf } from '../../core/loop/standing.ts'
import type { World } from '../../core/loop/world.ts'
import { type Household, type householdInput, householdRefusals } from '../../core/loyalty/household.ts'
import { type ChangeCall, idempotencyHashes } from '../change.ts'
import type { Needs, Outcome } from '../commit/item.ts'
import type { Answer, Handler } from '../http/call.ts'
import { knownHolder, needsOfRefs } from '../people/needs-of-refs.ts'
import type { Services } from '../services.ts'
import { answerOf } from './orders.ts'

type MemberInput = z.output<typeof householdInput>['members'][number]

const householdAnswer = (world: World, household: Household) => {
  const { id, programmeId, name, createdAt, updatedAt } = household
  const members = membersOf(world, household).map(person => {
    const holders = world.persons.get(person)!
    // Two members who turned out to be one person are one.
    const hers = household.members.filter(it => holders.includes(it.holderId))
    return {
      person,
      mayBurn: hers.some(it => it.mayBurn),
      since: formatInstant(Math.min(...hers.map(it => it.since))),
      balance: sumOf(world, holders, pointsOf(programmeId), ['main']),
    }
  })
  return {
    id,
    programme: programmeId,
    name,
    members,
    balance: members.reduce((sum, it) => sum + it.balance, 0),
    createdAt: formatInstant(createdAt),
    updatedAt: formatInstant(updatedAt),
  }
}

const noHousehold = (id: string) => refuse(householdRefusals.household_not_found, { id })

export const householdsHandlers = ({ workspaces, writer }: Services) => {
  /** Whom members and those who are in it already need; and whatever is due of theirs. */
  const needsOf = (country: string | undefined, members: readonly MemberInput[], id?: string): Needs => ({
    ...needsOfRefs(
      members.map(it => it.person),
      country,
    ),
    ...(id !== undefined && { households: [id] }),
  })

  const invited = (world: World, members: readonly MemberInput[]): Result<readonly Invited[]> => {
    const all: Invited[] = []
    for (const [index, { person, mayBurn }] of members.entries()) {
      const holder = knownHolder(world, person, `/members/${index}/person`)
      if (!holder.ok) return holder
      all.push({ holder: holder.value, mayBurn })
    }
    return ok(all)
  }

  const submit = async (
    call: ChangeCall & { readonly bodyText: string },
    action: string,
    status: number,
    needs: Needs,
    decide: (world: World) => Result<Household>,
  ): Promise<Answer> => {
    const { workspaceId } = call.auth
    const { idempotencyKey } = call
    const { secret } = workspaces.known(workspaceId)
    const outcome = await writer.submit({
      workspaceId,
      needs,
      fromBrowser: false,
      weight: 30,
      bytes: 2_000 + call.bodyText.length * 3,
      ...(idempotencyKey !== undefined && {
        idempotency: idempotencyHashes(secret, action, { ...call, idempotencyKey }),
      }),
      decide: (world): Outcome => {
        const decided = decide(world)
        return decided.ok
          ? { text: JSON.stringify(householdAnswer(world, decided.value)), status }
          : { refusal: decided.refusal }
      },
    })
    return answerOf(outcome)
  }

  const create: Handler<typeof contract.createHousehold> = call => {
    const { programme, name, members } = call.body
    const { country } = workspaces.known(call.auth.workspaceId).workspace
    // Asking for the points brings the households that they are in already.
    const needs = { ...needsOf(country, members), value: [{ asset: pointsOf(programme), amount: 0 }] }
    return submit(call, 'createHousehold', 201, needs, world => {
      const all = invited(world, members)
      return all.ok ? setHousehold(world, undefined, { programme, name, invited: all.value }) : all
    })
  }

  const update: Handler<typeof contract.updateHousehold> = call => {
    const { id } = call.params
    const { name, members } = call.body
    const { country } = workspaces.known(call.auth.workspaceId).workspace
    return submit(call, 'updateHousehold', 200, needsOf(country, members ?? [], id), world => {
      const household = world.households.get(id)
      if (!household) return no(noHousehold(id))
      const still = membersOf(world, household)
      const stay = household.members
        .map(({ holderId, mayBurn }) => ({ holder: world.holders.get(holderId)!, mayBurn }))
        .filter(it => still.includes(it.holder.personId))
      const all = members ? invited(world, members) : ok(stay)
      if (!all.ok) return all
      return setHousehold(world, household, {
        programme: household.programmeId,
        name: name ?? household.name,
        invited: all.value,
      })
    })
  }

  const get: Handler<typeof contract.getHousehold> = ({ params: { id }, auth: { workspaceId } }) =>
    writer.look(workspaceId, { households: [id] }, (world): Answer => {
      const household = world.households.get(id)
      return household ? { json: householdAnswer(world, household) } : { refusal: noHousehold(id) }
    })

  return { createHousehold: create, getHousehold: get, updateHousehold: update }
}
