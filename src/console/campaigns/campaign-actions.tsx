import { Button } from '@mantine/core'
import { IconPencil, IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Campaign } from '../../sdk/index.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { useNotices } from '../parts/notices.tsx'
import { CampaignDialog } from './campaign-dialog.tsx'

/** Pauses and resumes a campaign at once, with a way back; asks before it ends what cannot begin again. */
const useCampaignState = () => {
  const { t } = useWords()
  const notices = useNotices()
  const confirm = useConfirm()
  const update = useChange('updateCampaign', ['getCampaign', 'listCampaigns', 'getCampaignReport'])
  const set = async ({ id }: Campaign, state: Campaign['state'], done: () => void): Promise<void> => {
    try {
      await update.mutateAsync([id, { state }])
      done()
    } catch (error) {
      notices.failed(error)
    }
  }
  const back = (campaign: Campaign) => () => set(campaign, campaign.state, () => notices.done(t('offers.undone')))
  return {
    isPending: update.isPending,
    turn: (campaign: Campaign) => {
      const isLive = campaign.state === 'live'
      const words = t(isLive ? 'offers.pausedNow' : 'offers.liveNow', { name: campaign.name })
      return set(campaign, isLive ? 'paused' : 'live', () => notices.doneWithUndo(words, back(campaign)))
    },
    end: async (campaign: Campaign) => {
      const yes = await confirm({
        title: t('offers.end.title', { name: campaign.name }),
        text: t('campaigns.endText'),
        action: t('offers.end.action'),
        isFinal: true,
      })
      if (yes) await set(campaign, 'ended', () => notices.done(t('offers.endedNow', { name: campaign.name })))
    },
  }
}

/** What can be done to a campaign. */
export const CampaignActions = ({ campaign }: { readonly campaign: Campaign }) => {
  const { t } = useWords()
  const may = useMay()
  const { isPending, turn, end } = useCampaignState()
  const [isEditing, setEditing] = useState(false)
  if (!may('updateCampaign') || campaign.state === 'ended') return null
  const isLive = campaign.state === 'live'
  const Turn = isLive ? IconPlayerPause : IconPlayerPlay
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setEditing(true)}>
        {t('offers.edit')}
      </Button>
      <Button
        variant="default"
        leftSection={<Turn size={16} aria-hidden />}
        loading={isPending}
        onClick={() => turn(campaign)}
      >
        {t(isLive ? 'offers.pause' : 'offers.resume')}
      </Button>
      <Button
        variant="default"
        c="var(--bad)"
        leftSection={<IconPlayerStop size={16} aria-hidden />}
        disabled={isPending}
        onClick={() => end(campaign)}
      >
        {t('offers.end.action')}
      </Button>
      <Button
        component={Link}
        to="/offers/new"
        search={{ campaign: campaign.id } as never}
        leftSection={<IconPlus size={16} aria-hidden />}
      >
        {t('offerForm.newOffer')}
      </Button>
      {isEditing && <CampaignDialog campaign={campaign} onClose={() => setEditing(false)} />}
    </>
  )
}
