import type { ReactNode } from 'react'
import { useWords } from '../../faces/words.ts'
import { AreaHead } from '../parts/area-head.tsx'

/** The screens of the area, and the call without which there is nothing to see on each. */
const screens = [
  { to: '/offers', short: 'offers.short', needs: 'listOffers' },
  { to: '/campaigns', short: 'campaigns.short', needs: 'listCampaigns' },
  { to: '/simulate', short: 'simulate.short', needs: 'createSimulation' },
] as const

type Props = {
  readonly title: string
  readonly text: string
  /** Buttons. */
  readonly children?: ReactNode
}

/** The top of the screens of the area. */
export const OffersHead = ({ children, ...told }: Props) => {
  const { t } = useWords()
  return (
    <AreaHead
      area={t('shell.areas.offers')}
      screens={screens.map(({ short, ...screen }) => ({ ...screen, label: t(short) }))}
      {...told}
    >
      {children}
    </AreaHead>
  )
}
