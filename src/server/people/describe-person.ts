import { localDay } from '../../core/kernel/time.ts'
import { personFacts } from '../../core/loop/buyer.ts'
import { holdersOfPerson } from '../../core/loop/world.ts'
import { holderIdOf } from '../../core/people/union.ts'
import { summaryOf } from '../../core/rules/history.ts'
import type { Workspace } from '../../core/workspaces/schema.ts'
import type { Services } from '../services.ts'

export type Described = {
  readonly computed: Readonly<Record<string, unknown>>
  readonly statistics: ReturnType<typeof summaryOf>
}

/** What a person is like, as conditions would read it now. `personId` is the one she has now. */
export const describePerson = (
  { writer }: Pick<Services, 'writer'>,
  { id: workspaceId, currency, timeZone }: Workspace,
  personId: string,
  now: number,
): Promise<Described> => {
  const rootId = holderIdOf(personId)
  return writer.look(workspaceId, { holders: [rootId], pools: true }, world => {
    // Everything that computed traits may read, whether or not any condition does.
    const asks = { ...world.catalogue.asks, history: true, points: true, tiers: true, computed: ['*'] }
    const holders = holdersOfPerson(world, rootId)
    const buyer = { holder: world.holders.get(rootId)!, identifier: undefined, personId }
    const seen = { ...world, catalogue: { ...world.catalogue, asks } }
    const { computed = {} } = personFacts(seen, buyer, holders, currency, undefined)
    const all = holders.map(({ statistics }) => statistics)
    return { computed, statistics: summaryOf(all, localDay(now, timeZone)) }
  })
}
