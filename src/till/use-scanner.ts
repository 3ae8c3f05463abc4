import { useEffect, useRef } from 'react'

/** A scanner types a character every few milliseconds; nobody types three in a row that fast. */
const mostGapMs = 50
const leastCharacters = 3

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null

/**
 * Hands over what a keyboard wedge scanner types anywhere on the page and ends with Enter. What has the focus keeps it: a field takes the
 * characters itself, and of a button the Enter of a scan is taken away.
 */
export const useScanner = (onScan: (text: string) => void): void => {
  const latest = useRef(onScan)
  latest.current = onScan
  useEffect(() => {
    let text = ''
    let lastAt = Number.NEGATIVE_INFINITY
    const listen = (event: KeyboardEvent): void => {
      if (isField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
      const isFast = event.timeStamp - lastAt <= mostGapMs
      if (event.key === 'Enter') {
        const scanned = isFast && text.length >= leastCharacters ? text : undefined
        text = ''
        if (scanned === undefined) return
        event.preventDefault()
        latest.current(scanned)
      } else if (event.key.length === 1) {
        text = isFast ? text + event.key : event.key
        lastAt = event.timeStamp
        // A space would press the button that has the focus.
        if (isFast && event.key === ' ') event.preventDefault()
      }
    }
    document.addEventListener('keydown', listen, true)
    return () => document.removeEventListener('keydown', listen, true)
  }, [])
}
