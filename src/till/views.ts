import { setTill, till, type View } from './till-state.ts'

export const go = (view: View): void => {
  if (view.name === till().view.name && view.name === 'sale') return
  history.pushState(view, '')
  setTill({ view })
}

/** Follows the browser's "back" and "forward". */
export const followHistory = (): void => {
  history.replaceState({ name: 'sale' } satisfies View, '')
  addEventListener('popstate', ({ state }) => setTill({ view: (state as View | null) ?? { name: 'sale' } }))
}
