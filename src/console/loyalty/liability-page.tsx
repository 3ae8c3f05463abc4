import { Liability } from './liability.tsx'
import { LoyaltyHead } from './loyalty-head.tsx'

export const Page = () => (
  <>
    <LoyaltyHead screen="liability" />
    <Liability />
  </>
)
