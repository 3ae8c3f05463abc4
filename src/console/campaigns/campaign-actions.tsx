import { Button } from '@mantine/core'
import { IconPencil, IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Campaign } from '../../sdk/index.ts'
import { LifeButtons } from '../parts/life-buttons.tsx'
import { CampaignDialog } from './campaign-dialog.tsx'

/** What can be done to a campaign. */
export const CampaignActions = ({ campaign }: { readonly campaign: Campaign }) => {
  const { t } = useWords()
  const may = useMay()
  const { name } = campaign
  const update = useChange('updateCampaign', ['getCampaign', 'listCampaigns', 'getCampaignReport'])
  const [isEditing, setEditing] = useState(false)
  if (!may('updateCampaign') || campaign.state === 'ended') return null
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setEditing(true)}>
        {t('offers.edit')}
      </Button>
      <LifeButtons
        state={campaign.state}
        change={state => update.mutateAsync([campaign.id, { state }])}
        isPending={update.isPending}
        done={{
          live: t('offers.liveNow', { name }),
          paused: t('offers.pausedNow', { name }),
          ended: t('offers.endedNow', { name }),
        }}
        question={{
          title: t('offers.end.title', { name }),
          text: t('campaigns.endText'),
          action: t('offers.end.action'),
        }}
      />
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
