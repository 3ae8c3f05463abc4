import { Anchor, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useCall } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Programme } from '../../sdk/index.ts'
import { Empty } from '../parts/empty.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { Count } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { Ladder } from './ladder.tsx'
import { LoyaltyHead } from './loyalty-head.tsx'
import { termsWords } from './programme-words.ts'

const firstProgramme = {
  method: 'PUT',
  path: '/v1/programmes/club',
  body: {
    name: 'Club',
    rate: { points: 100, worth: { amount: 100, currency: 'EUR' } },
    expiry: { kind: 'after', months: 12 },
    tiers: {
      by: 'points',
      period: { rolling: { days: 365 } },
      levels: [
        { id: 'silver', name: 'Silver', threshold: 500 },
        { id: 'gold', name: 'Gold', threshold: 2000 },
      ],
    },
  },
} as const

const inShort = ['worth', 'expiry', 'transfers']

const Card = ({ programme }: { readonly programme: Programme }) => {
  const words = useWords()
  const { t } = words
  const { data: population, error, refetch } = useCall('getTierPopulation', [programme.id])
  const sentences = termsWords(programme, words).filter(([about]) => inShort.includes(about))
  return (
    <Panel>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2} size="h4">
            <Anchor component={Link} to={`/loyalty/programmes/${programme.id}`} inherit>
              <bdi>{programme.name}</bdi>
            </Anchor>
          </Title>
          <StateBadge state={programme.state} />
        </Group>
        <Text size="sm" c="dimmed">
          {sentences.flatMap(([, its]) => its).join(' ')}
        </Text>
        {error && <Problem error={error} onRetry={refetch} />}
        {population && (
          <>
            <Text size="sm">
              {t('loyalty.programmes.members')} <Count value={population.people} />
            </Text>
            {population.tiers.length > 0 && <Ladder programme={programme} population={population} />}
          </>
        )}
      </Stack>
    </Panel>
  )
}

export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const { data, error, refetch } = useCall('listProgrammes', [{ limit: 100 }])
  return (
    <>
      <LoyaltyHead screen="programmes">
        {may('putProgramme') && (
          <Button component={Link} to="/loyalty/programmes/new" leftSection={<IconPlus size={16} aria-hidden />}>
            {t('loyalty.programmes.new')}
          </Button>
        )}
      </LoyaltyHead>
      {error && <Problem error={error} onRetry={refetch} />}
      {!data && !error && <Waiting />}
      {data?.data.length === 0 && (
        <Panel>
          <Empty
            title={t('loyalty.programmes.none.title')}
            text={t('loyalty.programmes.none.text')}
            example={firstProgramme}
          />
        </Panel>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        {data?.data.map(programme => (
          <Card key={programme.id} programme={programme} />
        ))}
      </SimpleGrid>
    </>
  )
}
