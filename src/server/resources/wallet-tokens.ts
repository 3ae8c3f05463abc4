import { commonRefusals } from '../../contract/common-refusals.ts'
import type { certifyWallet, readWalletToken } from '../../contract/wallet-tokens.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { formatInstant } from '../../core/kernel/time.ts'
import { holdersOfPerson } from '../../core/loop/world.ts'
import {
  certificateOf,
  certificateText,
  readWalletToken as judge,
  walletTokenSeconds,
} from '../../core/packs/wallet-token.ts'
import type { Handler } from '../http/call.ts'
import { knownHolder, needsOfRefs } from '../people/needs-of-refs.ts'
import { speaksFor } from '../people/speaks-for.ts'
import { makeRecent } from '../recent.ts'
import type { Services } from '../services.ts'
import { isSignedBy, makeSigners } from '../signer.ts'

const tokensRemembered = 100_000

export const walletTokensHandlers = ({ database, clock, writer, workspaces }: Services) => {
  const signerOf = makeSigners({ database, workspaces })
  /** By till and token. This process's own: a token lives for a minute and a half, and a till talks to one process mostly. */
  const seen = makeRecent<string, number>(tokensRemembered)

  const certify: Handler<typeof certifyWallet> = async ({ auth, body }) => {
    const ref = body.person ?? auth.person
    if (ref === undefined)
      return {
        refusal: refuse(commonRefusals.forbidden, { scope: auth.scope, allowed: 'publishable with a person token' }),
      }
    const { country } = workspaces.known(auth.workspaceId).workspace
    const found = await writer.look(auth.workspaceId, needsOfRefs([ref, auth.person], country), world => {
      const may = speaksFor(world, auth, ref)
      if (!may.ok) return may
      const holder = knownHolder(world, ref, '/person')
      if (!holder.ok) return holder
      const holders = holdersOfPerson(world, holder.value.id)
      return {
        ok: true as const,
        value: { person: holder.value.personId, card: holders.find(it => it.type === 'loyaltyCard')?.given },
      }
    })
    if (!found.ok) return { refusal: found.refusal }
    const { publicKey, sign } = await signerOf(auth.workspaceId)
    const { person, card } = found.value
    // By the real time, as the devices that show it and the tills that look at it.
    const expiresAt = clock() + body.days * 86_400_000
    const certificate = {
      workspace: auth.workspaceId,
      person,
      device: body.device,
      expiresAt,
      ...(card !== undefined && { card }),
    }
    const signed = certificateOf(certificate, sign(certificateText(certificate)))
    return { status: 201, json: { certificate: signed, publicKey, expiresAt: formatInstant(expiresAt) } }
  }

  const read: Handler<typeof readWalletToken> = async ({ auth, body: { token } }) => {
    const now = clock()
    const { publicKey } = await signerOf(auth.workspaceId)
    const key = `${auth.keyId} ${token}`
    const shown = judge(token, {
      workspace: auth.workspaceId,
      publicKey,
      now,
      verify: isSignedBy,
      wasSeen: () => (seen.get(key) ?? 0) > now - 2 * walletTokenSeconds * 1000,
    })
    if (!shown.ok) return { refusal: shown.refusal }
    seen.set(key, now)
    return { json: { person: shown.value.person, card: shown.value.card ?? null } }
  }

  return { certifyWallet: certify, readWalletToken: read }
}
