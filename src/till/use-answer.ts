import { useEffect, useState } from 'react'
import type { Sale } from './basket.ts'
import { type Answer, decide, type PlainTender } from './decide.ts'
import { useTill } from './till-state.ts'

/** Whoever types or scans on does not ask for every step. */
const restMs = 80

type Result = {
  readonly answer?: Answer
  readonly error?: unknown
  readonly sale: Sale
  readonly tender?: PlainTender | undefined
}

/** What the basket comes to, decided anew with every change; `isFresh` is false while an older answer is shown. */
export const useAnswer = (
  sale: Sale,
  tender?: PlainTender,
): { readonly answer: Answer | undefined; readonly error: unknown; readonly isFresh: boolean } => {
  const { offlineSince, pack, isClosed } = useTill()
  const [result, setResult] = useState<Result>()
  useEffect(() => {
    if (sale.lines.length === 0) return setResult(undefined)
    const stop = new AbortController()
    const decideNow = (): void => {
      decide(sale, { tender, signal: stop.signal }).then(
        answer => stop.signal.aborted || setResult({ answer, sale, tender }),
        error => stop.signal.aborted || setResult(before => ({ answer: before?.answer, error, sale, tender })),
      )
    }
    const timer = setTimeout(decideNow, restMs)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [sale, tender, offlineSince, pack, isClosed])
  const isFresh = sale.lines.length === 0 || (result?.sale === sale && result.tender === tender)
  return { answer: result?.answer, error: isFresh ? result?.error : undefined, isFresh }
}
