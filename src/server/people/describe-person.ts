import type { Queryable } from '../../adapters/storage/database.ts'
import { localDay } from '../../core/kernel/time.ts'
import { personFacts } from '../../core/loop/buyer.ts'
import { emptyWorld, type Holder, holdersOfPerson, seeHolder } from '../../core/loop/world.ts'
import { holderIdOf } from '../../core/people/union.ts'
import { summaryOf } from '../../core/rules/history.ts'
import type { Workspace } from '../../core/workspaces/schema.ts'
import { reader } from '../commit/statements.ts'
import type { Services } from '../services.ts'

export type Described = {
  readonly computed: Readonly<Record<string, unknown>>
  readonly statistics: ReturnType<typeof summaryOf>
}

/** What a person is like, as conditions would read it now. `personId` is the one she has now. */
export const describePerson = async (
  { catalogues }: Pick<Services, 'catalogues'>,
  source: Queryable,
  workspace: Workspace,
  personId: string,
  now: number,
): Promise<Described> => {
  const read = reader(source, workspace.id)
  const own = await read<Holder>('holders', [[], [], [holderIdOf(personId)]])
  const joined = await read<Holder>('behaviours', [own.map(({ id }) => id)])
  const [row] = await read<{ version: number }>('version', [])
  const catalogue = await catalogues.atLeast(source, workspace.id, row!.version)
  const asks = { ...catalogue.asks, history: true, computed: ['*'] }
  const world = emptyWorld({
    workspace,
    now,
    catalogue: { ...catalogue, asks },
    newId: prefix => prefix,
    dice: () => new Uint8Array(),
  })
  for (const holder of [...own, ...joined]) seeHolder(world, holder)
  const root = world.holders.get(holderIdOf(personId))!
  const holders = holdersOfPerson(world, root.id)
  const buyer = { holder: root, identifier: undefined, personId }
  const { computed = {} } = personFacts(world, buyer, holders, workspace.currency, undefined)
  const all = holders.map(({ statistics }) => statistics)
  return { computed, statistics: summaryOf(all, localDay(now, workspace.timeZone)) }
}
