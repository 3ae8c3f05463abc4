import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useNotices } from '../parts/notices.tsx'
import { nameOf } from '../parts/person-name.ts'
import { Problem } from '../parts/problem.tsx'
import type { DialogProps } from './dialog-props.ts'
import { Identifier } from './identifier.tsx'
import { identityReads } from './identity-reads.ts'

const sides = ['first', 'second'] as const
type Side = (typeof sides)[number]

/** Says which identifiers belong to somebody else. */
const SplitDialog = ({ person, onClose }: DialogProps) => {
  const { t } = useWords()
  const notices = useNotices()
  const [of, setOf] = useState<Readonly<Record<string, Side>>>({})
  const [reason, setReason] = useState('')
  const split = useChange('splitPerson', identityReads)
  const undo = useChange('undoSplit', identityReads)
  const sideOf = (holder: string): Side => of[holder] ?? 'first'
  const groups = sides.map(side =>
    person.identifiers.filter(({ holder }) => sideOf(holder) === side).map(({ type, value }) => `${type}:${value}`),
  )
  const isReady = groups.every(group => group.length > 0) && reason.trim() !== ''
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!isReady) return
    try {
      const { id } = await split.mutateAsync([{ person: person.id, groups, reason: reason.trim() }])
      onClose()
      notices.doneWithUndo(t('people.split.done'), () =>
        id === null ? undefined : undo.mutateAsync([id]).catch(notices.failed),
      )
    } catch {
      // It stands in the dialog.
    }
  }
  return (
    <Dialog onClose={onClose} size="lg" title={t('people.split.title', { name: nameOf(person, t) })}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{t('people.split.text')}</Text>
          {person.identifiers.map(({ holder, type, given }) => (
            <Group key={holder} justify="space-between" gap="xs">
              <Identifier type={type} value={given} />
              <SegmentedControl
                size="xs"
                aria-label={given}
                value={sideOf(holder)}
                onChange={side => setOf({ ...of, [holder]: side as Side })}
                data={sides.map(value => ({ value, label: t(`people.split.${value}`) }))}
              />
            </Group>
          ))}
          <TextInput
            label={t('people.split.reason')}
            description={t('people.split.reasonHint')}
            value={reason}
            onChange={event => setReason(event.currentTarget.value)}
            maxLength={500}
            required
          />
          {split.error !== null && <Problem error={split.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" disabled={!isReady} loading={split.isPending}>
              {t('people.split.action')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

export default SplitDialog
