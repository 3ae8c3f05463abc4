import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { curlOf } from '../../faces/api.ts'
import { useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { CodeBlock } from '../parts/code-block.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Panel } from '../parts/panel.tsx'
import { DevelopersHead } from './developers-head.tsx'
import { useMadeKey } from './made-key.ts'
import { Tail } from './tail.tsx'

const ways = ['curl', 'node', 'browser'] as const
type Way = (typeof ways)[number]

const viewed = { userId: 'u-1', event: 'Product Viewed', properties: { sku: 'LATTE', category: 'coffee' } } as const

/** What to run, with the key in its place; each works as it stands. */
const snippetOf = (way: Way, key: string): string => {
  const { origin } = location
  switch (way) {
    case 'curl':
      return `export TESSERA_KEY=${key}\n${curlOf({ method: 'POST', path: '/v1/track', body: viewed }, origin)}`
    case 'node':
      return `import { createTessera } from 'tessera/sdk'

const tessera = createTessera({ url: '${origin}', key: '${key}' })

await tessera.track(${JSON.stringify(viewed, null, 2)})`
    case 'browser':
      return `import { AnalyticsBrowser } from '@segment/analytics-next'

const analytics = AnalyticsBrowser.load({
  writeKey: '${key}',
  cdnURL: '${origin}',
})

analytics.track('Product Viewed', { sku: 'LATTE', category: 'coffee' })`
  }
}

/** From nothing to the first event, with a key that was just made. */
export const Page = () => {
  const { t } = useWords()
  const notices = useNotices()
  const [made, remember] = useMadeKey()
  const [chosen, setWay] = useState<Way>()
  const create = useChange('createSource', ['listSources', 'listKeys', 'getSetup'])
  const way = chosen ?? (made?.isPublic ? 'browser' : 'curl')
  const isPublic = way === 'browser'
  // A secret key has no business in a page, and a public one speaks for nobody.
  const fitting = made?.isPublic === isPublic ? made : undefined
  const make = async (): Promise<void> => {
    try {
      const kind = isPublic ? 'web' : 'server'
      const name = t(`developers.start.name.${kind}`)
      const { id, key } = await create.mutateAsync([{ name, kind, ...(isPublic && { channel: 'web' }) }])
      remember({ id, name, key, isPublic })
    } catch (error) {
      notices.failed(error)
    }
  }
  return (
    <Stack gap="lg">
      <div>
        <DevelopersHead screen="start">
          <Button variant="default" component="a" href="/docs" target="_blank" rel="noreferrer">
            {t('developers.reference')}
          </Button>
        </DevelopersHead>
        <Panel title={t('developers.start.first')}>
          <Stack align="flex-start">
            <SegmentedControl
              aria-label={t('developers.start.way')}
              value={way}
              onChange={value => setWay(ways.find(it => it === value))}
              data={ways.map(value => ({ value, label: t(`developers.start.ways.${value}`) }))}
            />
            <Text size="sm" c="dimmed">
              {t(isPublic ? 'developers.scopeText.publishable' : 'developers.scopeText.secret')}
            </Text>
            {fitting ? (
              <Text size="sm">{t('developers.start.filled', { name: fitting.name })}</Text>
            ) : (
              <Button onClick={make} loading={create.isPending}>
                {t('developers.start.make')}
              </Button>
            )}
          </Stack>
        </Panel>
      </div>
      <Panel title={t('developers.start.second')}>
        <Stack>
          <Text size="sm">{t(`developers.start.run.${way}`)}</Text>
          <CodeBlock
            text={snippetOf(way, fitting?.key ?? (isPublic ? 'ts_p_…' : 'ts_s_…'))}
            label={t('developers.start.second')}
          />
        </Stack>
      </Panel>
      <Panel title={t('developers.start.third')}>
        {fitting ? (
          <Tail
            key={fitting.id}
            source={fitting.id}
            isRunning
            none={{ title: t('developers.start.waiting'), text: t('developers.start.waitingText') }}
          />
        ) : (
          <Group>
            <Text size="sm" c="dimmed">
              {t('developers.start.thirdText')}
            </Text>
          </Group>
        )}
      </Panel>
    </Stack>
  )
}
