import { Accordion, Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { Person } from '../../sdk/index.ts'
import { Panel } from '../parts/panel.tsx'
import { Ref, When } from '../parts/values.tsx'
import { Why } from '../segments/why.tsx'

/** The segments somebody is in, with why; and why not of any other. */
const Segments = ({ person }: { readonly person: Person }) => {
  const { t } = useWords()
  const [asked, setAsked] = useState<string | null>(null)
  const [opened, setOpened] = useState<string | null>(null)
  const all = useCall('listSegments', [{ limit: 1000 }], { staleMs: 60_000 })
  const own = person.segments ?? []
  const others = (all.data?.data ?? []).filter(({ id }) => !own.some(({ segment }) => segment === id))
  return (
    <Stack gap="md">
      <Panel title={t('people.segments.in')}>
        {own.length === 0 && <Text c="dimmed">{t('people.segments.none')}</Text>}
        <Accordion variant="separated" order={3} value={opened} onChange={setOpened}>
          {own.map(({ segment, name, enteredAt }) => (
            <Accordion.Item key={segment} value={segment}>
              <Accordion.Control>
                <Text fw={600} span c="var(--text)">
                  <bdi>{name}</bdi>
                </Text>{' '}
                <Text size="sm" c="dimmed" span>
                  {t('people.segments.since')} <When at={enteredAt} as="date" />
                </Text>
              </Accordion.Control>
              <Accordion.Panel>
                <Stack gap="sm">
                  {opened === segment && <Why of={{ segment, person: person.id }} />}
                  <Text size="sm">
                    <Ref id={segment} kind="segment" name={t('people.segments.open')} />
                  </Text>
                </Stack>
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      </Panel>
      {others.length > 0 && (
        <Panel title={t('people.segments.whyNot')}>
          <Stack gap="md">
            <Select
              maw={360}
              aria-label={t('people.segments.whyNot')}
              placeholder={t('people.segments.choose')}
              searchable
              data={others.map(({ id, name }) => ({ value: id, label: name }))}
              value={asked}
              onChange={setAsked}
            />
            {asked !== null && <Why of={{ segment: asked, person: person.id }} />}
          </Stack>
        </Panel>
      )}
    </Stack>
  )
}

export default Segments
