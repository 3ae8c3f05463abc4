import { useState } from 'react'

export type Action<A extends readonly unknown[]> = {
  readonly run: (...args: A) => Promise<void>
  readonly isBusy: boolean
  readonly error: unknown
}

/** Something that is done once at a time: `error` is why it was not. */
export const useAction = <A extends readonly unknown[]>(act: (...args: A) => Promise<unknown>): Action<A> => {
  const [state, setState] = useState<{ readonly isBusy: boolean; readonly error?: unknown }>({ isBusy: false })
  const run = async (...args: A): Promise<void> => {
    if (state.isBusy) return
    setState({ isBusy: true })
    try {
      await act(...args)
      setState({ isBusy: false })
    } catch (error) {
      setState({ isBusy: false, error })
    }
  }
  return { run, isBusy: state.isBusy, error: state.error }
}
