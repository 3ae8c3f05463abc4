import { useEffect, useRef } from 'react'

/** A row whose current part is scrolled into sight: `selector` finds it, `current` tells when it is another. */
export const useShown = <Row extends HTMLElement>(selector: string, current: string | undefined) => {
  const row = useRef<Row>(null)
  useEffect(() => {
    row.current?.querySelector(selector)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [selector, current])
  return row
}
