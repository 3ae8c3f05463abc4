import { commonRefusals } from '../../contract/common-refusals.ts'
import type { decideMoment, returnClaim } from '../../contract/decisions.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { decideMoment as decide } from '../../core/loop/moment.ts'
import { giveClaimBack } from '../../core/loop/reward.ts'
import type { MomentAnswer } from '../../core/loop/schema.ts'
import { offerRefusals } from '../../core/offers/refusals.ts'
import { parseRef } from '../../core/people/ref.ts'
import { holderIdOf } from '../../core/people/union.ts'
import { idempotencyHashes } from '../change.ts'
import type { Outcome } from '../commit/item.ts'
import type { Auth, Handler } from '../http/call.ts'
import type { Services } from '../services.ts'
import { answerOf } from './orders.ts'

/** A browser that speaks for nobody but itself. */
const isAnonymous = ({ scope, person }: Auth): boolean => scope === 'publishable' && person === undefined

/** Why a key may not ask this, in the words of `forbidden`. */
const forbidden = (auth: Auth, { person, location, claim }: Parameters<Handler<typeof decideMoment>>[0]['body']) => {
  // Anybody may think up any number of anonymous ids: what they could claim has no end.
  if (isAnonymous(auth) && (claim.length > 0 || (person !== undefined && !person.startsWith('anonymousId:'))))
    return 'publishable with a person token'
  if (auth.scope === 'till' && location !== undefined && location !== auth.location)
    return 'till of that location, or secret'
  return undefined
}

export const decisionsHandlers = ({ workspaces, writer }: Services) => {
  const ask: Handler<typeof decideMoment> = async call => {
    const { auth, body } = call
    const allowed = forbidden(auth, body)
    if (allowed !== undefined) return { refusal: refuse(commonRefusals.forbidden, { scope: auth.scope, allowed }) }
    const { workspace, secret } = workspaces.known(auth.workspaceId)
    const person = auth.person ?? body.person
    const ref = person === undefined ? undefined : parseRef(person, { country: workspace.country })
    // A reference that cannot be read needs nothing: the decision refuses it.
    const who = ref?.ok ? ref.value : undefined
    const { idempotencyKey } = call
    const isStored = body.record || body.claim.length > 0
    const outcome = await writer.submit({
      workspaceId: auth.workspaceId,
      needs: {
        ...(who && 'personId' in who ? { holders: [holderIdOf(who.personId)] } : {}),
        ...(who && 'type' in who ? { identifiers: [who] } : {}),
        request: {
          channel: body.channel ?? auth.channel ?? '',
          location: body.location ?? auth.location ?? null,
          claims: body.claim,
        },
      },
      fromBrowser: auth.scope === 'publishable',
      // Every offer of any basket is looked at.
      weight: 32 + body.claim.length * 3,
      bytes: 2_000 + call.bodyText.length * 3,
      looks: !isStored,
      ...(isStored &&
        idempotencyKey !== undefined && {
          idempotency: idempotencyHashes(secret, 'decideMoment', { ...call, idempotencyKey }),
        }),
      decide: world => {
        const result = decide(world, {
          // A browser must not learn what it could have.
          input: auth.scope === 'publishable' ? { ...body, explain: false } : body,
          channel: auth.channel,
          location: auth.location,
          actor: auth.keyId,
          person: auth.person,
          hidesGrants: isAnonymous(auth),
        })
        return result.ok ? { text: result.value, status: 200 } : { refusal: result.refusal }
      },
    })
    return answerOf(auth.scope === 'secret' || auth.scope === 'admin' ? outcome : withoutHoldout(outcome))
  }
  const giveBack: Handler<typeof returnClaim> = async call => {
    const { auth, params, body, idempotencyKey } = call
    const { secret } = workspaces.known(auth.workspaceId)
    const { keyId, channel, location } = auth
    return answerOf(
      await writer.submit({
        workspaceId: auth.workspaceId,
        needs: { claimed: [params.id] },
        fromBrowser: false,
        weight: 16,
        bytes: 1_000,
        ...(idempotencyKey !== undefined && {
          idempotency: idempotencyHashes(secret, 'returnClaim', { ...call, idempotencyKey }),
        }),
        decide: world => {
          const result = giveClaimBack(world, params.id, body.offer, { actor: keyId, channel, location })
          return result.ok ? { text: JSON.stringify(result.value), status: 200 } : { refusal: result.refusal }
        },
      }),
    )
  }

  return { decideMoment: ask, returnClaim: giveBack }
}

/** Whoever is held out must not learn it, nor the clerk: it would change what they do. */
const withoutHoldout = (outcome: Outcome): Outcome => {
  if (!('text' in outcome)) return outcome
  const { withheld: _withheld, ...shown } = JSON.parse(outcome.text) as MomentAnswer
  const refused = shown.refused.filter(it => it.reason.code !== offerRefusals.held_out.code)
  return { ...outcome, text: JSON.stringify({ ...shown, refused }) }
}
