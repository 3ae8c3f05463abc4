/**
 * What value is counted in: points of a programme and money of a purpose are different assets, so that nothing of one is ever spent as
 * the other.
 *
 *     points:club   qualifying:club   credit:EUR   cashback:EUR   giftCard:EUR
 */
export type Asset = `${AssetKind}:${string}`
export const assetKinds = ['points', 'qualifying', 'credit', 'cashback', 'giftCard'] as const
export type AssetKind = (typeof assetKinds)[number]

export const pointsOf = (programmeId: string): Asset => `points:${programmeId}`
export const qualifyingOf = (programmeId: string): Asset => `qualifying:${programmeId}`
/** `moneyOf('credit', 'EUR')` → 'credit:EUR' */
export const moneyOf = (kind: 'credit' | 'cashback' | 'giftCard', currency: string): Asset => `${kind}:${currency}`

/** `assetParts('points:club')` → { kind: 'points', of: 'club' } */
export const assetParts = (asset: Asset): { readonly kind: AssetKind; readonly of: string } => {
  const cut = asset.indexOf(':')
  return { kind: asset.slice(0, cut) as AssetKind, of: asset.slice(cut + 1) }
}

/**
 * What an owner has of an asset, in four accounts: `main` can be spent, `pending` not yet, `held` is set aside by a hold, and `debt`
 * (never above zero) is what had to be taken back and was spent already; what is earned next pays it off first.
 */
export const accountKinds = ['main', 'pending', 'held', 'debt'] as const
export type AccountKind = (typeof accountKinds)[number]

/**
 * The house's side: where value comes from and where it goes. Nothing bounds these accounts and they have no row, only postings; what
 * moved in one in a month is a line of the roll-forward of what the business owes.
 */
export const houseAccounts = ['issued', 'earned', 'burned', 'expired', 'returned', 'adjusted', 'fees'] as const
export type HouseAccount = (typeof houseAccounts)[number]

const house = 'house'

/** `accountId('hol_1', 'points:club', 'main')` → 'hol_1/points:club/main' */
export const accountId = (ownerId: string, asset: Asset, kind: AccountKind): string => `${ownerId}/${asset}/${kind}`
/** `houseId('points:club', 'earned')` → 'house/points:club/earned' */
export const houseId = (asset: Asset, account: HouseAccount): string => `${house}/${asset}/${account}`
export const isHouse = (id: string): boolean => id.startsWith(`${house}/`)

/** `ownerOf('hol_1/points:club/main')` → 'hol_1'; of an account of the house 'house' */
export const ownerOf = (id: string): string => id.slice(0, id.indexOf('/'))

/** Below it no balance falls. */
export const floorOf = (kind: AccountKind): number => (kind === 'debt' ? Number.MIN_SAFE_INTEGER : 0)
/** Above it no balance rises. */
export const ceilingOf = (kind: AccountKind): number => (kind === 'debt' ? 0 : Number.MAX_SAFE_INTEGER)
