import { Badge, Code, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { useCall } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import type { LimitUsed, MomentDecision, Person } from '../../sdk/index.ts'
import { offerGives } from '../offers/benefit-words.ts'
import { useConditionWords } from '../offers/use-condition-words.ts'
import { useOfferWords } from '../offers/use-offer-words.ts'
import { missingWords } from '../orders/order-words.ts'
import { type Column, DataTable, rowsOfCall } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { text, useFilters } from '../parts/filters.ts'
import { OfferRef } from '../parts/named.tsx'
import { Panel, Section } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { Reasons } from '../parts/reasons.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Count, Money, Ref, When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'

type Shown = MomentDecision['offers'][number]

const useShownColumns = (currency: string): Column<Shown>[] => {
  const words = useOfferWords()
  const { t } = words
  return [
    {
      title: t('people.now.offer'),
      cell: it => (
        <>
          <Ref id={it.offer} name={it.name} />
          <Text size="sm" c="dimmed" fw={400}>
            <bdi>{offerGives(it, words)}</bdi>
          </Text>
        </>
      ),
      csv: it => it.name,
    },
    {
      title: t('people.now.how'),
      cell: it => (
        <>
          {t(`people.now.by.${it.how}`)} {it.code !== undefined && <Code dir="ltr">{it.code}</Code>}
          {it.missing !== undefined && (
            <Text size="sm" c="var(--warn)">
              {t('people.now.missing')} <bdi>{missingWords(it.missing, currency, words)}</bdi>
            </Text>
          )}
        </>
      ),
      csv: it => it.how,
    },
    {
      title: t('people.now.worth'),
      cell: it => (it.worth === undefined ? '–' : <Money minor={it.worth.amount} currency={it.worth.currency} />),
      csv: it => it.worth && csvMoney(it.worth.amount, it.worth.currency),
      align: 'end',
    },
    {
      title: t('people.wallet.ends'),
      cell: it => (it.expiresAt === null ? '–' : <When at={it.expiresAt} as="date" />),
      csv: it => it.expiresAt,
      align: 'end',
    },
  ]
}

/** What would be shown to somebody on a channel now, and why everything else would not. */
const Possible = ({ person }: { readonly person: Person }) => {
  const { t } = useWords()
  const described = useCall('listChannels', [{ limit: 100 }], { staleMs: 60_000 })
  const seen = person.statistics?.channels.map(({ channel }) => channel) ?? []
  const channels = [...new Set([...(described.data?.data.map(({ id }) => id) ?? []), ...seen, 'web', 'app', 'store'])]
  const [{ channel = seen[0] ?? 'web', moment }, setFilters] = useFilters({ channel: text, moment: text })
  const [typed, setTyped] = useState(moment ?? '')
  const [asked] = useDebouncedValue(typed.trim(), 400)
  const body = { person: person.id, channel, moment: asked || 'any', explain: true, limit: 50 } as const
  const query = useCall('decideMoment', [body])
  const currency = useWorkspace()?.currency ?? 'EUR'
  const columns = useShownColumns(currency)
  const sayCondition = useConditionWords(currency)
  const decision = query.data
  const picker = (
    <>
      <Select
        w={200}
        label={t('people.now.channel')}
        data={channels}
        value={channel}
        onChange={chosen => setFilters({ channel: chosen ?? undefined }, { replace: true })}
        allowDeselect={false}
      />
      <TextInput
        w={240}
        label={t('people.now.moment')}
        placeholder={t('people.now.momentHint')}
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
      />
    </>
  )
  return (
    <Stack gap="md">
      <Section title={t('people.now.wins')}>
        <DataTable
          caption={t('people.now.wins')}
          columns={columns}
          keyOf={it => it.offer + (it.grant ?? '')}
          rows={rowsOfCall(query, ({ offers }) => offers)}
          csv="offers-now"
          sent={requestOf('decideMoment', [body])}
          empty={<Empty title={t('people.now.nothing')} text={t('people.now.nothingText')} />}
        >
          {picker}
        </DataTable>
      </Section>
      {decision !== undefined && (decision.withheld ?? []).length > 0 && (
        <Panel title={t('people.now.withheld')}>
          <Text size="sm" c="dimmed" mb="xs">
            {t('people.now.withheldText')}
          </Text>
          {decision.withheld?.map(({ offer, name }) => (
            <div key={offer}>
              <Ref id={offer} name={name} />
            </div>
          ))}
        </Panel>
      )}
      {decision !== undefined && decision.refused.length > 0 && (
        <Panel title={t('people.now.loses')}>
          <Reasons
            currency={currency}
            sayCondition={sayCondition}
            items={decision.refused.map(({ offer, grant, reason }) => ({
              key: offer + (grant ?? ''),
              title: <OfferRef id={offer} />,
              reason,
            }))}
          />
        </Panel>
      )}
    </Stack>
  )
}

const Limits = ({ id }: { readonly id: string }) => {
  const { t } = useWords()
  const query = useCall('getPersonLimits', [id])
  const columns: Column<LimitUsed>[] = [
    { title: t('people.now.offer'), cell: it => <Ref id={it.offer} name={it.name} />, csv: it => it.name },
    {
      title: t('people.limit.used'),
      cell: it => (
        <>
          <Count value={it.used} /> / <Count value={it.allowed} />{' '}
          {it.left === 0 && (
            <Badge variant="light" color="red" tt="none" fw={500} size="sm">
              {t('people.limit.usedUp')}
            </Badge>
          )}
        </>
      ),
      csv: it => it.used,
    },
    {
      title: t('people.limit.period'),
      cell: it => t(`people.limit.in.${it.period ?? 'ever'}`),
      csv: it => it.period ?? 'ever',
    },
    {
      title: t('people.limit.until'),
      cell: it => (it.endsAt === null ? '–' : <When at={it.endsAt} />),
      csv: it => it.endsAt,
      align: 'end',
    },
  ]
  if (query.error) return <Problem error={query.error} onRetry={query.refetch} />
  if (!query.data) return <Waiting />
  return (
    <Section title={t('people.limit.title')}>
      <DataTable
        caption={t('people.limit.title')}
        columns={columns}
        keyOf={it => it.offer + it.limit + (it.period ?? '')}
        rows={rowsOfCall(query, ({ data }) => data)}
        csv="limits"
        sent={requestOf('getPersonLimits', [id])}
        empty={<Text p="md">{t('people.limit.none')}</Text>}
      />
    </Section>
  )
}

/** What somebody could get here and now, and how much of it is used up. */
const Now = ({ person }: { readonly person: Person }) => {
  const may = useMay()
  return (
    <Stack gap="md">
      {may('decideMoment') && <Possible person={person} />}
      <Limits id={person.id} />
    </Stack>
  )
}

export default Now
