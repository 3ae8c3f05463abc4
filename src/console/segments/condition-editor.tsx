import { Progress, Stack, Text, Textarea } from '@mantine/core'
import { formatNumber, formatShare } from '../../faces/format.ts'
import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { TesseraRefusal } from '../../sdk/index.ts'
import { ConditionBuilder } from '../parts/condition-builder.tsx'
import { PersonRef } from '../parts/named.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { reasonWords } from '../parts/reason-words.ts'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Count } from '../parts/values.tsx'
import classes from './segments.module.css'
import { type Preview, usePreview } from './use-preview.ts'
import { useSegmentFields } from './use-segment-fields.ts'

type Props = {
  readonly when: string
  readonly onChange: (when: string) => void
  /** The segment whose condition it is: that it overlaps with itself tells nobody anything. */
  readonly segment?: string
}

const shownSample = 6

const Counted = ({ preview, segment }: { readonly preview: Preview; readonly segment: string | undefined }) => {
  const { t, language } = useWords()
  const segments = useCall('listSegments', [{ limit: 1000 }], { staleMs: 60_000 })
  const nameOf = (id: string): string => segments.data?.data.find(it => it.id === id)?.name ?? id
  const overlap = Object.entries(preview.overlap)
    .filter(([id, count]) => count > 0 && id !== segment)
    .sort(([, left], [, right]) => right - left)
    .slice(0, 5)
  return (
    <Stack gap="md">
      <div>
        <Text fz={28} fw={650} lh={1.2}>
          {t('segments.preview.people', { count: preview.count, value: formatNumber(preview.count, language) })}
        </Text>
        <Text size="sm" c="dimmed">
          {t('segments.preview.of', {
            share: formatShare(preview.of === 0 ? 0 : preview.count / preview.of, language),
            value: formatNumber(preview.of, language),
          })}
        </Text>
      </div>
      {preview.sample.length > 0 && (
        <div>
          <Text size="sm" fw={600} mb={4}>
            {t('segments.preview.sample')}
          </Text>
          <Stack gap={0}>
            {preview.sample.slice(0, shownSample).map(({ person }) => (
              <Text key={person} size="sm" lh="24px">
                <PersonRef id={person} />
              </Text>
            ))}
          </Stack>
        </div>
      )}
      {overlap.length > 0 && (
        <div>
          <Text size="sm" fw={600} mb={4}>
            {t('segments.preview.overlap')}
          </Text>
          <Stack gap={6}>
            {overlap.map(([id, count]) => (
              <div key={id}>
                <Text size="sm" display="flex" style={{ justifyContent: 'space-between' }} component="div">
                  <bdi>{nameOf(id)}</bdi>
                  <Count value={count} />
                </Text>
                <div className={classes.bar}>
                  <div className={classes.filled} style={{ inlineSize: `${(100 * count) / preview.count}%` }} />
                </div>
              </div>
            ))}
          </Stack>
        </div>
      )}
    </Stack>
  )
}

/** A mistake in the text stands under the text; anything else is a problem. */
const mistakeOf = (error: unknown, words: ReturnType<typeof useWords>): string | undefined =>
  error instanceof TesseraRefusal && error.code === 'condition_invalid' ? reasonWords(error, words) : undefined

/** A condition as rules and as text, side by side, with whom it is true of right now. */
export const ConditionEditor = ({ when, onChange, segment }: Props) => {
  const words = useWords()
  const { t } = words
  const { preview, progress, error } = usePreview(when)
  const mistake = mistakeOf(error, words)
  const fields = useSegmentFields()
  const currency = useWorkspace()?.currency ?? 'EUR'
  return (
    <div className={classes.sides}>
      <Panel>
        <ConditionBuilder
          label={t('segments.builder.title')}
          {...(when.trim() === '' && { description: t('segments.builder.begin') })}
          value={when}
          onChange={cel => onChange(cel ?? '')}
          fields={fields}
          currency={currency}
          hasTextBeside
        />
      </Panel>
      <Stack gap="md">
        <Panel title="CEL">
          <Textarea
            aria-label={t('segments.builder.cel')}
            description={t('segments.builder.celHint')}
            dir="ltr"
            styles={{ input: { fontFamily: 'var(--font-mono)', fontSize: 13 } }}
            autosize
            minRows={3}
            maxLength={2000}
            spellCheck={false}
            value={when}
            onChange={event => onChange(event.currentTarget.value)}
            error={mistake}
          />
        </Panel>
        <Panel title={t('segments.preview.title')}>
          <div aria-live="polite">
            {when.trim() === '' && (
              <Text size="sm" c="dimmed">
                {t('segments.preview.nothing')}
              </Text>
            )}
            {error !== null && mistake === undefined && <Problem error={error} />}
            {mistake !== undefined && (
              <Text size="sm" c="dimmed">
                {t('segments.preview.mistake')}
              </Text>
            )}
            {progress !== undefined && (
              <Progress value={100 * progress} animated aria-label={t('segments.preview.counting')} />
            )}
            {preview !== undefined && <Counted preview={preview} segment={segment} />}
          </div>
        </Panel>
      </Stack>
    </div>
  )
}
