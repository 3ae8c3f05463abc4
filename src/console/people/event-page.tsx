import { Code, Stack } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { JsonBlock } from '../parts/code-block.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { Ref, When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'

/** One thing that happened, as it was sent: where the trail of a balance ends. */
export const Page = () => {
  const { t } = useWords()
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const { data: event, error, refetch } = useCall('getEvent', [id])
  const person = event?.person ?? undefined
  const trail = [
    { title: t('people.title'), to: '/people' },
    ...(person === undefined
      ? []
      : [{ title: event?.personName ?? person, to: `/people/${person}?tab=timeline&what=events` }]),
  ]
  if (error)
    return (
      <>
        <PageHead title={id} trail={trail} />
        <Problem error={error} onRetry={refetch} />
      </>
    )
  if (!event) return <Waiting />
  return (
    <>
      <PageHead
        title={event.kind === 'track' ? event.name : t(`people.timeline.kind.${event.kind}`)}
        trail={trail}
        text={t('people.event.text')}
      />
      <Stack gap="lg">
        <Panel>
          <Facts>
            <Fact label={t('people.column.person')}>
              {person === undefined ? '–' : <Ref id={person} name={event.personName ?? person} />}
            </Fact>
            <Fact label={t('people.event.at')}>
              <When at={event.occurredAt} as="dateTime" />
            </Fact>
            <Fact label={t('people.event.received')}>
              <When at={event.receivedAt} as="dateTime" />
            </Fact>
            {event.channel !== null && (
              <Fact label={t('people.event.channel')}>
                <bdi>{event.channel}</bdi>
              </Fact>
            )}
            {event.order !== null && (
              <Fact label={t('people.event.order')}>
                <Ref id={event.order} kind="order" />
              </Fact>
            )}
            <Fact label={t('people.event.id')}>
              <Code dir="ltr">{event.id}</Code>
            </Fact>
          </Facts>
        </Panel>
        <Panel title={t('people.event.properties')}>
          <JsonBlock value={event.properties} label={t('people.event.properties')} />
        </Panel>
      </Stack>
    </>
  )
}
