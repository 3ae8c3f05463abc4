import { Switch, Text } from '@mantine/core'
import { useState } from 'react'
import { formatNumber } from '../../faces/format.ts'
import { useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { useNotices } from '../parts/notices.tsx'
import { PeopleChoice, type PeopleChosen } from '../parts/people-choice.tsx'

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
  const [chosen, setChosen] = useState<PeopleChosen>()
  const [withCode, setWithCode] = useState(false)
  const create = useChange('createGrants', ['listGrants', 'listCodeSets'])
  const counted = (count: number) => ({ count, value: formatNumber(count, language) })
  const issue = async (to: PeopleChosen): Promise<void> => {
    const answer = await create.mutateAsync([offer, { ...to, withCode }])
    if ('data' in answer) notices.done(t('grants.issue.done', counted(answer.data.length)))
    onStarted('id' in answer ? answer.id : undefined)
  }
  return (
    <FormDialog
      title={t('grants.issue.title')}
      action={t('grants.issue.submit')}
      onClose={onClose}
      onSubmit={async () => chosen && issue(chosen)}
      isReady={chosen !== undefined}
    >
      <PeopleChoice onChange={setChosen} />
      <Switch
        label={t('grants.issue.withCode')}
        checked={withCode}
        onChange={event => setWithCode(event.currentTarget.checked)}
      />
      {chosen && 'people' in chosen && (
        <Text size="sm" c="dimmed">
          {t('grants.issue.count', counted(chosen.people.length))}
        </Text>
      )}
    </FormDialog>
  )
}
