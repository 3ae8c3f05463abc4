import { useSyncExternalStore } from 'react'

export const colourChoices = ['auto', 'light', 'dark'] as const
export type Colours = (typeof colourChoices)[number]

const remembered = 'tessera.colours'
const dark = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

const isColours = (text: string | null): text is Colours => colourChoices.some(choice => choice === text)

const readColours = (): Colours => {
  try {
    const kept = localStorage.getItem(remembered)
    return isColours(kept) ? kept : 'auto'
  } catch {
    return 'auto' // a browser that keeps nothing
  }
}

let chosen = readColours()

const shown = (): 'light' | 'dark' => (chosen === 'auto' ? (dark.matches ? 'dark' : 'light') : chosen)

const show = (): void => {
  document.documentElement.dataset.colours = shown()
  for (const listener of listeners) listener()
}

/** Sets `data-colours` on the page, by which theme.css chooses, and follows the device. Called once, before anything is shown. */
export const startColours = (): void => {
  dark.addEventListener('change', show)
  show()
}

export const chooseColours = (colours: Colours): void => {
  chosen = colours
  try {
    localStorage.setItem(remembered, colours)
  } catch {
    // As it is for this visit.
  }
  show()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What was chosen, and what is shown because of it. */
export const useColours = (): { readonly chosen: Colours; readonly shown: 'light' | 'dark' } => ({
  chosen: useSyncExternalStore(subscribe, () => chosen),
  shown: useSyncExternalStore(subscribe, shown),
})
