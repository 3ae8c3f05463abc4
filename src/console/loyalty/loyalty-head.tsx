import type { ReactNode } from 'react'
import { useWords } from '../../faces/words.ts'
import { AreaHead } from '../parts/area-head.tsx'

/** The screens of the area, and the call without which there is nothing to see on each. */
const screens = [
  { name: 'programmes', to: '/loyalty', needs: 'listProgrammes' },
  { name: 'ledger', to: '/loyalty/ledger', needs: 'listAccounts' },
  { name: 'giftCards', to: '/loyalty/gift-cards', needs: 'listGiftCards' },
  { name: 'adjustments', to: '/loyalty/adjustments', needs: 'listAdjustments' },
  { name: 'liability', to: '/loyalty/liability', needs: 'getLiability' },
  { name: 'closing', to: '/loyalty/closing', needs: 'listClosings' },
  { name: 'audits', to: '/loyalty/audits', needs: 'listAudits' },
] as const

type Props = {
  readonly screen: (typeof screens)[number]['name']
  /** Buttons. */
  readonly children?: ReactNode
}

/** The top of the screens of the area. */
export const LoyaltyHead = ({ screen, children }: Props) => {
  const { t } = useWords()
  return (
    <AreaHead
      area={t('shell.areas.loyalty')}
      screens={screens.map(({ name, to, needs }) => ({ to, needs, label: t(`loyalty.${name}.title`) }))}
      title={t(`loyalty.${screen}.title`)}
      text={t(`loyalty.${screen}.text`)}
    >
      {children}
    </AreaHead>
  )
}
