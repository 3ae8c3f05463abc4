import type { ReactNode } from 'react'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { PageHead } from '../parts/page-head.tsx'
import { SubAreas } from '../parts/sub-areas.tsx'

/** The screens of the area, and the call without which there is nothing to see on each. */
const screens = [
  { to: '/offers', short: 'offers.short', call: 'listOffers' },
  { to: '/campaigns', short: 'campaigns.short', call: 'listCampaigns' },
  { to: '/simulate', short: 'simulate.short', call: 'createSimulation' },
] as const

type Props = {
  readonly title: string
  readonly text: string
  /** Buttons. */
  readonly children?: ReactNode
}

/** The top of the screens of the area, with the way to the others. */
export const OffersHead = ({ title, text, children }: Props) => {
  const { t } = useWords()
  const may = useMay()
  return (
    <>
      <SubAreas
        label={t('shell.areas.offers')}
        items={screens.filter(({ call }) => may(call)).map(({ to, short }) => ({ to, label: t(short) }))}
      />
      <PageHead title={title} text={text}>
        {children}
      </PageHead>
    </>
  )
}
