import { Button, Group, SegmentedControl, Select, Stack, Switch, Text, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { formatNumber } from '../../faces/format.ts'
import { useCall, useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'

const mostAtOnce = 1000
/** How people may be named, the same in every language. */
const example = 'email:ana@example.com\nphone:+393331234567\nloyaltyCard:4711'

type Props = {
  readonly offer: string
  readonly onClose: () => void
  /** With the id of the job where it takes long. */
  readonly onStarted: (job: string | undefined) => void
}

/** Issues an offer to people that are named, or to everybody in a segment. */
export const IssueGrants = ({ offer, onClose, onStarted }: Props) => {
  const { t, language } = useWords()
  const notices = useNotices()
  const [to, setTo] = useState<'people' | 'segment'>('people')
  const [named, setNamed] = useState('')
  const [segment, setSegment] = useState<string | null>(null)
  const [withCode, setWithCode] = useState(false)
  const segments = useCall('listSegments', [{ limit: 100 }], { enabled: to === 'segment' })
  const create = useChange('createGrants', ['listGrants', 'listCodeSets'])
  const people = named
    .split(/[\r\n]+/)
    .map(it => it.trim())
    .filter(it => it !== '')
  const isReady = to === 'people' ? people.length > 0 && people.length <= mostAtOnce : segment !== null
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const body = to === 'people' ? { people, withCode } : { segment: segment ?? '', withCode }
    try {
      const answer = await create.mutateAsync([offer, body])
      if ('data' in answer)
        notices.done(
          t('grants.issue.done', { count: answer.data.length, value: formatNumber(answer.data.length, language) }),
        )
      onStarted('id' in answer ? answer.id : undefined)
    } catch {
      // It stands in the dialog.
    }
  }
  return (
    <Dialog title={t('grants.issue.title')} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <SegmentedControl
            aria-label={t('grants.issue.to')}
            value={to}
            onChange={chosen => setTo(chosen === 'segment' ? 'segment' : 'people')}
            data={[
              { value: 'people', label: t('grants.issue.people') },
              { value: 'segment', label: t('grants.issue.segment') },
            ]}
          />
          {to === 'people' ? (
            <Textarea
              label={t('grants.issue.named')}
              description={t('grants.issue.namedText', { most: formatNumber(mostAtOnce, language) })}
              placeholder={example}
              rows={6}
              dir="ltr"
              value={named}
              onChange={event => setNamed(event.currentTarget.value)}
            />
          ) : (
            <Select
              label={t('grants.issue.segment')}
              searchable
              data={segments.data?.data.map(({ id, name }) => ({ value: id, label: name })) ?? []}
              value={segment}
              onChange={setSegment}
              nothingFoundMessage={t('grants.issue.noSegment')}
            />
          )}
          <Switch
            label={t('grants.issue.withCode')}
            checked={withCode}
            onChange={event => setWithCode(event.currentTarget.checked)}
          />
          {to === 'people' && people.length > 0 && (
            <Text size="sm" c="dimmed">
              {t('grants.issue.count', { count: people.length, value: formatNumber(people.length, language) })}
            </Text>
          )}
          {create.error && <Problem error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={!isReady}>
              {t('grants.issue.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
