import {
  Button,
  Checkbox,
  Code as CodeText,
  FileButton,
  Group,
  List,
  NumberInput,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { formatNumber } from '../../faces/format.ts'
import { useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { readCodes } from './read-codes.ts'

const changed = ['listCodeSets', 'lookupCode'] as const
const mostAtOnce = 10_000
const mistakesShown = 8
/** How many characters a place of a pattern may become. */
const alphabet = 29
const sample = '7KQ29XWM4HTR'

/** What a pattern's codes look like; the check character comes after it. */
const exampleOf = (pattern: string): string => {
  let place = 0
  return `${pattern.replaceAll('#', () => sample[place++ % sample.length]!)}C`
}

type GenerateProps = {
  readonly offer: string
  readonly onClose: () => void
  readonly onStarted: (job: string) => void
}

/** Has unique codes made, by a job. */
export const GenerateCodes = ({ offer, onClose, onStarted }: GenerateProps) => {
  const { t, language } = useWords()
  const [count, setCount] = useState<number | ''>(1000)
  const [pattern, setPattern] = useState('####-####')
  const create = useChange('createCodes', changed)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (count === '') return
    try {
      const answer = await create.mutateAsync([offer, { count, pattern }])
      if ('id' in answer) onStarted(answer.id)
    } catch {
      // It is shown below.
    }
  }
  const possible = alphabet ** (pattern.split('#').length - 1)
  return (
    <Dialog title={t('codes.generate.title')} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <NumberInput
            label={t('codes.generate.count')}
            min={1}
            max={1_000_000}
            allowDecimal={false}
            value={count}
            onChange={value => setCount(typeof value === 'number' ? value : '')}
            data-autofocus
          />
          <TextInput
            label={t('codes.generate.pattern')}
            description={t('codes.generate.patternText')}
            value={pattern}
            onChange={event => setPattern(event.currentTarget.value)}
            dir="ltr"
          />
          <Text size="sm" c="dimmed">
            {t('codes.generate.looksLike')} <CodeText dir="ltr">{exampleOf(pattern)}</CodeText>
            <br />
            {t('codes.generate.possible', { value: formatNumber(possible, language, { notation: 'compact' }) })}
          </Text>
          {create.error && <Problem error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={count === '' || !pattern.includes('#')}>
              {t('codes.generate.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

/** Takes codes in that were made elsewhere: what cannot come in is told first. */
export const ImportCodes = ({ offer, onClose }: { readonly offer: string; readonly onClose: () => void }) => {
  const { t, language } = useWords()
  const notices = useNotices()
  const [given, setGiven] = useState('')
  const [shared, setShared] = useState(false)
  const create = useChange('createCodes', changed)
  const { codes, mistakes } = readCodes(given)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    try {
      for (let start = 0; start < codes.length; start += mostAtOnce)
        await create.mutateAsync([offer, { codes: codes.slice(start, start + mostAtOnce), shared }])
      notices.done(t('codes.import.done', { count: codes.length, value: formatNumber(codes.length, language) }))
      onClose()
    } catch {
      // It is shown below.
    }
  }
  return (
    <Dialog title={t('codes.import.title')} onClose={onClose} size="lg">
      <form onSubmit={submit}>
        <Stack>
          <Textarea
            label={t('codes.import.codes')}
            description={t('codes.import.codesText')}
            rows={8}
            value={given}
            onChange={event => setGiven(event.currentTarget.value)}
            styles={{ input: { fontFamily: 'var(--font-mono)' } }}
            dir="ltr"
            data-autofocus
          />
          <Group justify="space-between">
            <FileButton
              accept=".csv,.txt,text/csv,text/plain"
              onChange={async file => setGiven((await file?.text()) ?? '')}
            >
              {props => (
                <Button {...props} size="xs" variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
                  {t('codes.import.file')}
                </Button>
              )}
            </FileButton>
            <Text size="sm" aria-live="polite">
              {t('codes.import.ready', { count: codes.length, value: formatNumber(codes.length, language) })}
            </Text>
          </Group>
          {mistakes.length > 0 && (
            <div>
              <Text size="sm" fw={600} c="var(--bad)">
                {t('codes.import.leftOut', { count: mistakes.length, value: formatNumber(mistakes.length, language) })}
              </Text>
              <List size="sm">
                {mistakes.slice(0, mistakesShown).map(({ line, text, mistake }) => (
                  <List.Item key={line}>
                    {t('codes.import.line', { line })} <CodeText dir="ltr">{text.slice(0, 40)}</CodeText>{' '}
                    {t(`codes.import.mistake.${mistake}`)}
                  </List.Item>
                ))}
              </List>
            </div>
          )}
          <Checkbox
            label={t('codes.import.shared')}
            description={t('codes.import.sharedText')}
            checked={shared}
            onChange={event => setShared(event.currentTarget.checked)}
          />
          {create.error && <Problem error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={codes.length === 0}>
              {t('codes.import.submit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
