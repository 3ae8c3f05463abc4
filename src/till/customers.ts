import { TesseraRefusal } from '../sdk/errors.ts'
import type { MomentDecision, Person, Wallet } from '../sdk/index.ts'
import type { Customer } from './basket.ts'
import { readTokenHere } from './packs.ts'
import { customerRefs } from './scan.ts'
import { isOnline, isUnreachable, reach } from './till-api.ts'
import { till } from './till-state.ts'

/** What a person is called, from what is known of her. */
const nameOf = ({ traits }: Person): string | undefined => {
  const { name, firstName, lastName } = traits as Record<string, unknown>
  const parts = [firstName, lastName].filter(it => typeof it === 'string' && it !== '')
  return typeof name === 'string' && name !== '' ? name : parts.length > 0 ? parts.join(' ') : undefined
}

const isUnknown = (error: unknown): boolean =>
  error instanceof TesseraRefusal && ['person_not_found', 'identifier_invalid'].includes(error.code)

const customerOf = (ref: string, person: Person): Customer => {
  const name = nameOf(person)
  return { ref, isKnown: true, ...(name !== undefined && { name }) }
}

/**
 * Who stands there, by what she shows or says: a card, a phone number, an e-mail address. Undefined: nobody is known by it. Without a network it is
 * taken as it was said, and looked at when the sale arrives.
 */
export const findCustomer = async (text: string): Promise<Customer | undefined> => {
  const refs = customerRefs(text)
  if (isOnline()) {
    try {
      for (const ref of refs) {
        const person = await reach(api => api.getPerson(ref)).catch(error => {
          if (isUnknown(error)) return undefined
          throw error
        })
        if (person) return customerOf(ref, person)
      }
      return undefined
    } catch (error) {
      if (!isUnreachable(error)) throw error
    }
  }
  return refs[0] === undefined ? undefined : { ref: refs[0], isKnown: false }
}

/** Who shows a code of her wallet; its signatures tell also without a network. */
export const readToken = async (token: string): Promise<Customer> => {
  if (isOnline()) {
    try {
      const { person: ref } = await reach(api => api.readWalletToken({ token }))
      return customerOf(ref, await reach(api => api.getPerson(ref)))
    } catch (error) {
      if (!isUnreachable(error)) throw error
    }
  }
  const { person, card } = await readTokenHere(token)
  // A pack names leased people by their identifiers.
  return { ref: card === undefined ? person : `loyaltyCard:${card}`, isKnown: false }
}

export type ProgrammeToJoin = { readonly id: string; readonly name: string }

/** Those of the pack, which may have been made before a programme began. */
export const packProgrammes = (): readonly ProgrammeToJoin[] =>
  (till().pack?.programmes ?? []).map(({ id, terms }) => ({ id, name: terms.name }))

/** The programmes that somebody may join now; without an answer those of the pack. */
export const readProgrammes = async (): Promise<readonly ProgrammeToJoin[]> => {
  const { workspace } = till().pairing!
  try {
    return (await reach(api => api.getWalletSettings({ workspace }))).programmes
  } catch {
    return packProgrammes()
  }
}

export type NewMember = {
  readonly name: string
  /** An e-mail address or a phone number. */
  readonly address: string
  readonly mayWrite: boolean
  readonly programme: string | undefined
}

/** A new member: who she is, what she permits, and the programme she joins. */
export const addMember = async ({ name, address, mayWrite, programme }: NewMember): Promise<Customer> => {
  const channel = address.includes('@') ? 'email' : 'sms'
  const type = channel === 'email' ? 'email' : 'phone'
  const ref = `${type}:${address.trim()}`
  const externalIds = [{ type, id: address.trim(), collection: 'users', encoding: 'none' }]
  await reach(api =>
    api.identify({ context: { externalIds }, traits: name.trim() === '' ? {} : { name: name.trim() } }),
  )
  if (mayWrite)
    await reach(api =>
      api.putConsents(ref, {
        consents: [{ channel, purpose: 'marketing', state: 'given', how: 'clerk', textVersion: 'till-1' }],
      }),
    )
  if (programme !== undefined) await reach(api => api.joinProgramme(programme, ref, { source: 'till' }))
  return customerOf(ref, await reach(api => api.getPerson(ref)))
}

/** What she has and what she could use here and now, with reasons for what she could not. */
export type Usable = { readonly wallet: Wallet; readonly moment: MomentDecision }

export const readUsable = async ({ ref }: Customer): Promise<Usable> => {
  const asked = { person: ref, moment: 'till', currency: till().pack!.currency, limit: 30, explain: true }
  const [wallet, moment] = await Promise.all([reach(api => api.getWallet(ref)), reach(api => api.decideMoment(asked))])
  return { wallet, moment }
}

/** Gives what she takes now; throws why not. */
export const claim = async ({ ref }: Customer, offer: string): Promise<void> => {
  const { refused } = await reach(api => api.decideMoment({ person: ref, moment: 'till', claim: [offer] }))
  const no = refused.find(it => it.offer === offer)?.reason
  if (no) throw new TesseraRefusal(409, { code: no.code, detail: no.message, details: no.details })
}
