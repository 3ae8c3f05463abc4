import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { useCall, useChange, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { GrantOfOffer } from '../../sdk/index.ts'
import { offerGives } from '../offers/benefit-words.ts'
import { useOfferWords } from '../offers/use-offer-words.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { FilterSelect } from '../parts/filter-select.tsx'
import { oneOf, text, useFilters } from '../parts/filters.ts'
import { JobProgress } from '../parts/job-progress.tsx'
import { useNotices } from '../parts/notices.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { Ref, When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { IssueGrants } from './issue-grants.tsx'

const fulfilments = ['pending', 'fulfilled'] as const
const changed = ['listGrants'] as const

/** What may be done about one: taken back while nobody used it, and told handed over. */
const GrantActions = ({ grant }: { readonly grant: GrantOfOffer }) => {
  const { t } = useWords()
  const may = useMay()
  const confirm = useConfirm()
  const notices = useNotices()
  const revoke = useChange('revokeGrant', changed)
  const fulfil = useChange('fulfilGrant', changed)
  const takeBack = async (): Promise<void> => {
    const yes = await confirm({
      title: t('grants.revoke.title'),
      text: t('grants.revoke.text'),
      action: t('grants.revoke.action'),
      isFinal: true,
    })
    if (!yes) return
    try {
      await revoke.mutateAsync([grant.id])
      notices.done(t('grants.revoke.done'))
    } catch (error) {
      notices.failed(error)
    }
  }
  const hand = async (state: 'pending' | 'fulfilled'): Promise<void> => {
    try {
      await fulfil.mutateAsync([grant.id, { state }])
      if (state === 'pending') notices.done(t('grants.fulfil.undone'))
      else notices.doneWithUndo(t('grants.fulfil.done'), () => hand('pending'))
    } catch (error) {
      notices.failed(error)
    }
  }
  return (
    <Group gap="xs" justify="flex-end">
      {grant.state === 'issued' && grant.fulfilment === 'pending' && may('fulfilGrant') && (
        <Button size="xs" variant="default" loading={fulfil.isPending} onClick={() => hand('fulfilled')}>
          {t('grants.fulfil.action')}
        </Button>
      )}
      {grant.state === 'issued' && grant.fulfilment !== 'fulfilled' && may('revokeGrant') && (
        <Button size="xs" variant="default" c="var(--bad)" loading={revoke.isPending} onClick={takeBack}>
          {t('grants.revoke.action')}
        </Button>
      )}
    </Group>
  )
}

/** Whom an offer was issued to, and what became of it. */
export const Page = () => {
  const words = useOfferWords()
  const { t } = words
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const [{ fulfilment, job }, setFilters] = useFilters({ fulfilment: oneOf(fulfilments), job: text })
  const [isOpen, setOpen] = useState(false)
  const may = useMay()
  const offer = useCall('getOffer', [id])
  const query = { fulfilment, limit: 50 }
  const grants = useList('listGrants', [id, query])
  if (offer.error) return <Problem error={offer.error} onRetry={offer.refetch} />
  if (!offer.data) return <Waiting />
  const { name, trigger, benefit, state } = offer.data
  return (
    <Stack gap={0}>
      <PageHead
        title={t('grants.title', { name })}
        trail={[
          { title: t('offers.title'), to: '/offers' },
          { title: name, to: `/offers/${id}` },
        ]}
        text={<bdi>{offerGives(offer.data, words)}</bdi>}
      >
        {trigger.on === 'grant' && state !== 'ended' && may('createGrants') && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen(true)}>
            {t('grants.issue.action')}
          </Button>
        )}
      </PageHead>
      <Stack gap="lg">
        {job !== undefined && (
          <Panel title={t('grants.issue.running')}>
            <JobProgress
              id={job}
              onDone={() => {
                void grants.refetch()
              }}
            />
          </Panel>
        )}
        <DataTable<GrantOfOffer>
          caption={t('grants.title', { name })}
          keyOf={grant => grant.id}
          rows={rowsOfList(grants)}
          csv={`${id}-grants`}
          sent={requestOf('listGrants', [id, query])}
          empty={
            fulfilment === undefined ? (
              <Empty
                title={t('grants.none.title')}
                text={t('grants.none.text')}
                {...(trigger.on === 'grant'
                  ? {
                      example: {
                        method: 'POST',
                        path: `/v1/offers/${id}/grants`,
                        body: { people: ['email:ana@example.com'] },
                      },
                    }
                  : {})}
              />
            ) : (
              <Text p="md">{t('grants.noneSuch')}</Text>
            )
          }
          columns={[
            {
              title: t('grants.column.person'),
              cell: ({ person, personName }) => (
                <Ref id={person} {...(personName === null ? {} : { name: personName })} />
              ),
              csv: ({ person, personName }) => personName ?? person,
            },
            {
              title: t('grants.column.state'),
              cell: grant => (
                <Group gap={6}>
                  <StateBadge state={grant.state} />
                  {grant.fulfilment && (
                    <StateBadge
                      state={grant.fulfilment}
                      label={t(`grants.fulfilment.${grant.fulfilment}`)}
                      tone={grant.fulfilment === 'fulfilled' ? 'good' : 'warn'}
                    />
                  )}
                </Group>
              ),
              csv: grant => [grant.state, grant.fulfilment].filter(it => it !== undefined).join(' '),
            },
            {
              title: t('grants.column.code'),
              cell: ({ code }) => (code === null ? '–' : <Code dir="ltr">{code}</Code>),
              csv: ({ code }) => code,
            },
            {
              title: t('grants.column.issued'),
              cell: ({ issuedAt }) => <When at={issuedAt} as="dateTime" />,
              csv: ({ issuedAt }) => issuedAt,
            },
            {
              title: t('grants.column.until'),
              cell: ({ expiresAt }) => (expiresAt === null ? '–' : <When at={expiresAt} as="date" />),
              csv: ({ expiresAt }) => expiresAt,
            },
            { title: t('grants.column.actions'), cell: grant => <GrantActions grant={grant} />, align: 'end' },
          ]}
        >
          {benefit.kind === 'entitlement' && (
            <FilterSelect
              width={200}
              label={t('grants.fulfilment.title')}
              any={t('grants.fulfilment.any')}
              options={fulfilments.map(it => ({ value: it, label: t(`grants.fulfilment.${it}`) }))}
              value={fulfilment}
              onChoose={fulfilment => setFilters({ fulfilment })}
            />
          )}
        </DataTable>
      </Stack>
      {isOpen && (
        <IssueGrants
          offer={id}
          onClose={() => setOpen(false)}
          onStarted={started => {
            setOpen(false)
            setFilters({ job: started })
          }}
        />
      )}
    </Stack>
  )
}
