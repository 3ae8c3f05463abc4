import { useEffect, useRef } from 'react'

/** Does something at a key of its own, as tills have them: F9. */
export const useKey = (key: string, act: () => void): void => {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== key || event.repeat) return
      event.preventDefault()
      latest.current()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [key])
}
