import { type ComponentProps, useSyncExternalStore } from 'react'

const base = '/wallet'

const subscribe = (listener: () => void): (() => void) => {
  addEventListener('popstate', listener)
  return () => removeEventListener('popstate', listener)
}

/** Where the reader is within the wallet: '/', '/you/devices'. */
export const useRoute = (): string =>
  useSyncExternalStore(subscribe, () => location.pathname.slice(base.length).replace(/\/+$/, '') || '/')

export const addressOf = (route: string): string => base + (route === '/' ? '' : route)

/** Goes there; `replace` where going back to here makes no sense. */
export const go = (route: string, { replace = false }: { readonly replace?: boolean } = {}): void => {
  history[replace ? 'replaceState' : 'pushState'](null, '', addressOf(route))
  dispatchEvent(new PopStateEvent('popstate'))
  scrollTo(0, 0)
}

/** A link within the wallet, which a new tab can open as well. */
export const Link = ({ to, ...rest }: ComponentProps<'a'> & { readonly to: string }) => (
  <a
    {...rest}
    href={addressOf(to)}
    onClick={event => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
      event.preventDefault()
      go(to)
    }}
  />
)
