import type * as contract from '../../contract/wallet-self.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { walletRefusals } from '../../core/people/wallet-refusals.ts'
import type { Handler } from '../http/call.ts'
import type { Services } from '../services.ts'
import { useCode } from '../wallet/codes.ts'
import type { WalletSessions } from '../wallet/wallet-sessions.ts'
import type { eventsHandlers } from './events.ts'
import type { rightsHandlers } from './rights.ts'

type Others = {
  readonly events: Pick<ReturnType<typeof eventsHandlers>, 'identify'>
  readonly rights: Pick<ReturnType<typeof rightsHandlers>, 'exportPerson' | 'erasePerson'>
  readonly walletSessions: WalletSessions
}

/** What a customer does about herself: as the business's server would do it for her, once it is proven who she is. */
export const walletSelfHandlers = (
  { database, workspaces, clock }: Pick<Services, 'database' | 'workspaces' | 'clock'>,
  { events, rights, walletSessions }: Others,
) => {
  /** The address that she signed in with. */
  const addressOf = async (workspaceId: string, holder: string) => {
    const { rows } = await database.query<{ type: string; value: string }>(
      'select type, value from holders where workspace_id = $1 and id = $2',
      [workspaceId, holder],
    )
    return rows[0]!
  }

  const profile: Handler<typeof contract.putWalletProfile> = async call => {
    const { auth, body } = call
    const { workspaceId, wallet } = auth
    const { type, value } = await addressOf(workspaceId, wallet.holder)
    const said = { traits: body, context: { channel: 'app', externalIds: [{ type, id: value }] } }
    // Her own word on her name, which a browser's key alone would not be taken for.
    const stored = await events.identify({
      ...call,
      body: said,
      bodyText: JSON.stringify(said),
      auth: { workspaceId, keyId: 'wallet', scope: 'secret' },
    })
    return 'refusal' in stored ? stored : { json: body }
  }

  const exports: Handler<typeof contract.exportMyself> = call =>
    rights.exportPerson({ ...call, params: { ref: call.auth.person }, body: undefined })

  const erase: Handler<typeof contract.eraseMyself> = async call => {
    const { workspaceId, wallet, person } = call.auth
    const address = await addressOf(workspaceId, wallet.holder)
    const asked = { of: workspaces.known(workspaceId), address, purpose: 'erase' as const }
    if (!(await useCode(database, asked, call.body.code, clock())))
      return { refusal: refuse(walletRefusals.wallet_code_wrong) }
    const erased = await rights.erasePerson({
      ...call,
      params: { ref: person },
      query: { dryRun: false },
      body: { reason: 'requested' },
    })
    walletSessions.forget()
    return erased
  }

  return { putWalletProfile: profile, exportMyself: exports, eraseMyself: erase }
}
