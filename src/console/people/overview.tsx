import { Anchor, SimpleGrid, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { formatNumber } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'
import type { Person } from '../../sdk/index.ts'
import { Fact, Facts } from '../parts/facts.tsx'
import { Panel } from '../parts/panel.tsx'
import { Stat, Stats } from '../parts/stat.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Count, Money, When } from '../parts/values.tsx'
import { Known } from './known.tsx'

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Amounts of several currencies, the largest first. */
const Amounts = ({ of }: { readonly of: Readonly<Record<string, number>> }) =>
  Object.entries(of)
    .sort(([, left], [, right]) => right - left)
    .map(([currency, minor]) => (
      <div key={currency}>
        <Money minor={minor} currency={currency} />
      </div>
    ))

const spent = (of: Readonly<Record<string, number>>, currency: string | undefined) =>
  Object.keys(of).length > 0 || currency === undefined ? of : { [currency]: 0 }

const Figures = ({ person }: { readonly person: Person }) => {
  const { t, language } = useWords()
  // To write zero in, where nothing was spent yet.
  const currency = useWorkspace()?.currency
  const { statistics } = person
  const lately = statistics?.windows.last90Days
  return (
    <Stats>
      <Stat
        label={t('people.figure.orders')}
        value={
          person.orders === 0 ? (
            <Count value={0} />
          ) : (
            <Anchor component={Link} to={`/orders?person=${person.id}`} inherit>
              <Count value={person.orders} />
            </Anchor>
          )
        }
        note={lately && t('people.figure.lately', { value: formatNumber(lately.orders, language) })}
      />
      <Stat label={t('people.figure.spend')} value={<Amounts of={spent(person.spend, currency)} />} />
      <Stat
        label={t('people.figure.average')}
        value={statistics ? <Amounts of={spent(statistics.windows.ever.averageValue, currency)} /> : '–'}
      />
      <Stat
        label={t('people.figure.lastOrder')}
        value={person.lastOrderAt === null ? '–' : <When at={person.lastOrderAt} as="date" />}
        note={
          statistics?.preferredChannel == null
            ? undefined
            : t('people.figure.mostly', { channel: statistics.preferredChannel })
        }
      />
    </Stats>
  )
}

const Said = ({ person }: { readonly person: Person }) => {
  const { t } = useWords()
  const said = Object.entries({ ...person.traits, ...person.computed })
  return (
    <Panel title={t('people.said')}>
      {said.length === 0 ? (
        t('common.nothing')
      ) : (
        <Facts>
          {said.map(([name, value]) => (
            <Fact key={name} label={name}>
              <bdi>{written(value)}</bdi>
            </Fact>
          ))}
        </Facts>
      )}
    </Panel>
  )
}

const Habits = ({ person: { statistics } }: { readonly person: Person }) => {
  const { t, language } = useWords()
  if (!statistics || statistics.channels.length === 0) return null
  const orders = (count: number): string => t('people.ordersCount', { count, value: formatNumber(count, language) })
  return (
    <Panel title={t('people.habits')}>
      <Facts>
        {statistics.channels.map(({ channel, orders: count, spend }) => (
          <Fact key={channel} label={channel}>
            {orders(count)} · <AmountsInLine of={spend} />
          </Fact>
        ))}
        {statistics.categories.slice(0, 5).map(({ category, orders: count, spend }) => (
          <Fact key={category} label={category}>
            {orders(count)} · <AmountsInLine of={spend} />
          </Fact>
        ))}
      </Facts>
    </Panel>
  )
}

const AmountsInLine = ({ of }: { readonly of: Readonly<Record<string, number>> }) =>
  Object.entries(of).map(([currency, minor], place) => (
    <span key={currency}>
      {place > 0 && ' + '}
      <Money minor={minor} currency={currency} />
    </span>
  ))

/** Who somebody is, and what she is like. */
export const Overview = ({ person }: { readonly person: Person }) => (
  <Stack gap="md">
    <Figures person={person} />
    <Known person={person} />
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      <Said person={person} />
      <Habits person={person} />
    </SimpleGrid>
  </Stack>
)
