import { TesseraRefusal } from '../sdk/errors.ts'
import type { Clerk } from './pin.ts'
import { afterWrong, isPinOf } from './pin.ts'
import { isUnreachable, reach } from './till-api.ts'
import { keep } from './till-db.ts'
import { setTill, till } from './till-state.ts'

/** Of the till itself, said as a refusal is, so that screens show it the same way. */
const refusal = (code: string, details: Readonly<Record<string, unknown>> = {}): TesseraRefusal =>
  new TesseraRefusal(403, { code, details })

/** Answers where the PIN is this clerk's; throws `pin_wrong`, or `pin_wait` after too many wrong ones. */
export const checkPin = async (clerk: Clerk | undefined, pin: string): Promise<void> => {
  if (!clerk) throw refusal('no_supervisor')
  const tries = till().tries[clerk.id] ?? { wrong: 0, until: 0 }
  const now = Date.now()
  if (tries.until > now) throw refusal('pin_wait', { seconds: Math.ceil((tries.until - now) / 1000) })
  const isRight = await isPinOf(clerk, pin)
  // A right one begins anew, whatever was wrong before; a reload does not.
  const all = { ...till().tries, [clerk.id]: isRight ? { wrong: 0, until: 0 } : afterWrong(tries, now) }
  await keep('tries', all)
  setTill({ tries: all })
  if (!isRight) throw refusal('pin_wrong')
}

export const signInClerk = async (clerk: Clerk, pin: string): Promise<void> => {
  await checkPin(clerk, pin)
  setTill({ clerk })
}

/** Learns who serves here now; whoever does not any more has to leave. Without an answer the till goes on with those it knows. */
export const fetchClerks = async (): Promise<void> => {
  try {
    const clerks = await reach(async api => {
      const all: Clerk[] = []
      for await (const { id, name, supervisor, pinCheck } of api.listClerks({ limit: 200 }))
        all.push({ id, name, supervisor, ...(pinCheck && { pinCheck }) })
      return all
    })
    await keep('clerks', clerks)
    setTill({ clerks })
    const { clerk } = till()
    if (clerk && !clerks.some(it => it.id === clerk.id)) lockTill()
  } catch (error) {
    // A key that is not valid any more is told where the pack is renewed.
    if (!isUnreachable(error) && !(error instanceof TesseraRefusal)) throw error
  }
}

export const lockTill = (): void => setTill({ clerk: undefined, receipt: undefined, view: { name: 'sale' } })
