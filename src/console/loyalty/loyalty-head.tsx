import type { ReactNode } from 'react'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { PageHead } from '../parts/page-head.tsx'
import { SubAreas } from '../parts/sub-areas.tsx'
import { useHasPage } from '../parts/use-has-page.ts'

/** The screens of the area, and the call without which there is nothing to see on each. */
const screens = [
  { name: 'programmes', to: '/loyalty', call: 'listProgrammes' },
  { name: 'ledger', to: '/loyalty/ledger', call: 'listAccounts' },
  { name: 'giftCards', to: '/loyalty/gift-cards', call: 'listGiftCards' },
  { name: 'adjustments', to: '/loyalty/adjustments', call: 'listAdjustments' },
  { name: 'liability', to: '/loyalty/liability', call: 'getLiability' },
  { name: 'closing', to: '/loyalty/closing', call: 'listClosings' },
  { name: 'audits', to: '/loyalty/audits', call: 'listAudits' },
] as const

type Props = {
  readonly screen: (typeof screens)[number]['name']
  /** Buttons. */
  readonly children?: ReactNode
}

/** The top of the screens of the area, with the way to the others. */
export const LoyaltyHead = ({ screen, children }: Props) => {
  const { t } = useWords()
  const may = useMay()
  const hasPage = useHasPage()
  const items = screens.filter(({ call, to }) => may(call) && hasPage(to))
  return (
    <>
      <SubAreas
        label={t('shell.areas.loyalty')}
        items={items.map(({ name, to }) => ({ to, label: t(`loyalty.${name}.title`) }))}
      />
      <PageHead title={t(`loyalty.${screen}.title`)} text={t(`loyalty.${screen}.text`)}>
        {children}
      </PageHead>
    </>
  )
}
