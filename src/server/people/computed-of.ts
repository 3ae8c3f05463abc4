import { localDay } from '../../core/kernel/time.ts'
import { personFacts } from '../../core/loop/buyer.ts'
import { behavioursOf, holdersOfPerson } from '../../core/loop/world.ts'
import { computeTraits } from '../../core/people/computed-traits.ts'
import { holderIdOf } from '../../core/people/union.ts'
import { withPast } from '../../core/rules/history.ts'
import type { Services } from '../services.ts'

/** All computed traits of a person as they are now, also those that no condition asks for. */
export const computedOf = (
  { writer }: Pick<Services, 'writer'>,
  workspaceId: string,
  person: string,
): Promise<Record<string, unknown>> => {
  const id = holderIdOf(person)
  return writer.look(workspaceId, { holders: [id] }, world => {
    const { now, workspace, catalogue } = world
    const holder = world.holders.get(id)!
    const { personId } = holder
    const holders = holdersOfPerson(world, id)
    const buyer = { holder, identifier: undefined, personId }
    const facts = personFacts(world, buyer, holders, workspace.currency, undefined)
    const history = {
      currency: workspace.currency,
      of: holders.map(it => it.statistics),
      behaviour: behavioursOf(world, personId).map(it => it.statistics),
    }
    const past = withPast(facts, history, localDay(now, workspace.timeZone))
    const names = catalogue.traits.all.map(trait => trait.name)
    return computeTraits(catalogue.traits, names, past, now, workspace.timeZone)
  })
}
