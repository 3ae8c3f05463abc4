import { useWords } from '../../faces/words.ts'
import { useAssets } from '../parts/asset-words.ts'

type AccountParts = { readonly owner: string; readonly asset: string; readonly kind: string }

/** `partsOf('hol_1/points:club/main')` is `{ owner: 'hol_1', asset: 'points:club', kind: 'main' }`. */
export const partsOf = (account: string): AccountParts => {
  const [owner = '', asset = '', kind = ''] = account.split('/')
  return { owner, asset, kind }
}

/** Where an account opens to its postings. */
export const accountPath = (account: string): string =>
  `/loyalty/ledger/${account.split('/').map(encodeURIComponent).join('/')}`

export const transactionPath = (id: string): string => `/loyalty/transactions/${id}`

/** What is said of an account goes by its kind; but qualifying points lie in `main` and are never spent. */
export const kindWord = (asset: string, kind: string): string =>
  kind === 'main' && asset.startsWith('qualifying:') ? 'qualifying' : kind

/**
 * What accounts are called.
 *
 *     const name = useAccountName()
 *     name('hol_1/points:club/main')   // 'Coffee Club · Can be spent'
 */
export const useAccountName = (): ((account: string) => string) => {
  const { t } = useWords()
  const assets = useAssets()
  return account => {
    const { asset, kind } = partsOf(account)
    return `${assets.name(asset)} · ${t(`loyalty.ledger.kind.${kindWord(asset, kind)}`)}`
  }
}
