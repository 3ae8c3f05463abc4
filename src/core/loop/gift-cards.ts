import type { GiftCard } from '../loyalty/gift-card.ts'
import type { World } from './world.ts'

/** Puts a loaded card into the world; seeing it twice changes nothing. */
export const seeGiftCard = (world: World, card: GiftCard): void => {
  if (!world.giftCards.has(card.code)) world.giftCards.set(card.code, card)
}

export const addGiftCard = (world: World, card: GiftCard): void => {
  seeGiftCard(world, card)
  world.changes.newGiftCards.add(card.code)
}

export const changeGiftCard = (
  world: World,
  card: GiftCard,
  to: Partial<Pick<GiftCard, 'state' | 'holderId' | 'activatedAt' | 'expiresAt' | 'blockedAt' | 'blockedFor'>>,
): void => {
  Object.assign(card, to)
  if (world.changes.newGiftCards.has(card.code)) return
  // Once a commit is enough: the number only tells other processes that something changed.
  if (!world.changes.giftCards.has(card.code)) card.revision += 1
  world.changes.giftCards.add(card.code)
}
