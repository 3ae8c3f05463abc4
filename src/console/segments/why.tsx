import { Code, Stack, Text } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { ExplainedPart, SegmentExplain } from '../../sdk/index.ts'
import { Problem } from '../parts/problem.tsx'
import { Waiting } from '../parts/waiting.tsx'

const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const Part = ({ part: { part, depth, is, value, error, reads = [] } }: { readonly part: ExplainedPart }) => {
  const { t } = useWords()
  const Mark = value ? IconCheck : IconX
  const read = reads.filter(({ what }) => what !== part)
  return (
    <div style={{ display: 'flex', gap: 8, paddingInlineStart: depth * 20 }}>
      <Mark
        size={18}
        color={value ? 'var(--good)' : 'var(--bad)'}
        aria-label={t(value ? 'segments.why.true' : 'segments.why.false')}
        role="img"
        style={{ flex: 'none', marginBlockStart: 2 }}
      />
      <div style={{ minWidth: 0 }}>
        {is === 'part' ? (
          <Code dir="ltr" bg="transparent" px={0} fz="sm" style={{ overflowWrap: 'anywhere' }}>
            {part}
          </Code>
        ) : (
          <Text size="sm" fw={600}>
            {t(`segments.why.${is}`)}
          </Text>
        )}
        {read.map(({ what, value: found }) => (
          <Text key={what} size="sm" c="dimmed">
            {t('segments.why.read')}{' '}
            <bdi dir="ltr">
              {what} = {written(found)}
            </bdi>
          </Text>
        ))}
        {error !== undefined && (
          <Text size="sm" c="var(--bad)">
            <bdi>{error}</bdi>
          </Text>
        )}
      </div>
    </div>
  )
}

/** Why somebody is in a segment or not, condition by condition. */
export const Why = ({ of }: { readonly of: SegmentExplain }) => {
  const { t } = useWords()
  const { data, error, refetch } = useCall('explainSegment', [of])
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!data) return <Waiting />
  return (
    <Stack gap="xs">
      <Text fw={600} c={data.in ? 'var(--good)' : 'var(--bad)'}>
        {t(data.in ? 'segments.why.in' : 'segments.why.out')}
      </Text>
      {data.parts.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('segments.why.list')}
        </Text>
      ) : (
        data.parts.map((part, place) => <Part key={`${place} ${part.part}`} part={part} />)
      )}
    </Stack>
  )
}
