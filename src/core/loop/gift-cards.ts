import type { GiftCard } from '../loyalty/gift-card.ts'
import type { CardTender } from '../loyalty/tender.ts'
import { normalizeCode } from '../offers/code.ts'
import type { World } from './world.ts'

/** Puts a loaded card into the world; seeing it twice changes nothing. */
export const seeGiftCard = (world: World, card: GiftCard): void => {
  if (!world.giftCards.has(card.code)) world.giftCards.set(card.code, card)
}

/** The card that a tender names, by its code or its id, whoever may spend it. */
export const cardOfTender = (world: World, named: CardTender): GiftCard | undefined =>
  'code' in named
    ? world.giftCards.get(normalizeCode(named.code))
    : [...world.giftCards.values()].find(it => it.id === named.card)

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
