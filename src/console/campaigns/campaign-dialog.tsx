import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { Campaign } from '../../sdk/index.ts'
import { DayInput } from '../parts/day-input.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'

type Props = {
  /** Left out: a new one is made. */
  readonly campaign?: Campaign
  readonly onClose: () => void
}

/** Makes a campaign and goes to it, or changes one. */
export const CampaignDialog = ({ campaign, onClose }: Props) => {
  const { t } = useWords()
  const notices = useNotices()
  const navigate = useNavigate()
  const timeZone = useWorkspace()?.timeZone ?? 'UTC'
  const [name, setName] = useState(campaign?.name ?? '')
  const [goal, setGoal] = useState(campaign?.goal ?? '')
  const [from, setFrom] = useState(campaign?.from ?? undefined)
  const [to, setTo] = useState(campaign?.to ?? undefined)
  const [audience, setAudience] = useState(campaign?.audience ?? 'everyone')
  const [holdout, setHoldout] = useState<number | undefined>(campaign?.holdout)
  const reads = ['listCampaigns', 'getCampaign', 'getCampaignReport'] as const
  const create = useChange('createCampaign', reads)
  const update = useChange('updateCampaign', reads)
  const error = create.error ?? update.error

  const store = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    try {
      if (campaign) {
        const terms = { name, goal: goal || null, from: from ?? null, to: to ?? null, audience, holdout: holdout ?? 0 }
        await update.mutateAsync([campaign.id, terms])
      } else {
        const terms = { name, audience, ...(goal && { goal }), ...(from && { from }), ...(to && { to }) }
        const made = await create.mutateAsync([{ ...terms, ...(holdout !== undefined && { holdout }) }])
        await navigate({ to: `/campaigns/${made.id}` })
      }
      notices.done(t(campaign ? 'campaigns.changed' : 'campaigns.made', { name }))
      onClose()
    } catch {
      // It stands above the buttons.
    }
  }

  return (
    <Dialog title={t(campaign ? 'campaigns.edit' : 'campaigns.new')} size="lg" onClose={onClose}>
      <form onSubmit={store}>
        <Stack gap="md">
          <TextInput
            label={t('campaigns.name')}
            required
            data-autofocus
            value={name}
            onChange={event => setName(event.currentTarget.value)}
          />
          <Textarea
            label={t('campaigns.goal')}
            description={t('campaigns.goalText')}
            autosize
            minRows={2}
            value={goal}
            onChange={event => setGoal(event.currentTarget.value)}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
            <DayInput label={t('campaigns.begins')} value={from} onChange={setFrom} timeZone={timeZone} />
            <DayInput label={t('campaigns.ends')} value={to} onChange={setTo} timeZone={timeZone} />
            <Select
              label={t('campaigns.audience')}
              description={t('campaigns.audienceText')}
              allowDeselect={false}
              data={[
                { value: 'everyone', label: t('campaigns.audiences.everyone') },
                { value: 'members', label: t('campaigns.audiences.members') },
              ]}
              value={audience}
              onChange={chosen => setAudience(chosen === 'members' ? 'members' : 'everyone')}
            />
            <NumberInput
              label={t('campaigns.holdout')}
              description={t('campaigns.holdoutText')}
              suffix=" %"
              min={0}
              max={99}
              hideControls
              value={holdout ?? ''}
              onChange={typed => setHoldout(typed === '' ? undefined : Number(typed))}
            />
          </SimpleGrid>
          {error && <Problem error={error} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={create.isPending || update.isPending}>
              {t(campaign ? 'campaigns.save' : 'campaigns.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
