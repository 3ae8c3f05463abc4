import { TesseraRefusal } from '../sdk/errors.ts'
import { isUnreachable, reach } from './till-api.ts'
import { keep } from './till-db.ts'
import { setTill, till } from './till-state.ts'

/** Learns what the business is called, for its receipts. Without an answer the till goes on with what it knows. */
export const fetchBusiness = async (): Promise<void> => {
  const { pairing, business } = till()
  if (!pairing) return
  try {
    const { workspace } = await reach(api => api.getWalletSettings({ workspace: pairing.workspace }))
    if (workspace.name === business) return
    await keep('business', workspace.name)
    setTill({ business: workspace.name })
  } catch (error) {
    // A key that is not valid any more is told where the pack is renewed.
    if (!isUnreachable(error) && !(error instanceof TesseraRefusal)) throw error
  }
}
