let linked: string | undefined

/**
 * `/till#key=…&location=…`: behind the #, so that it is in no server's log. It is taken from the address before anything else happens, also where
 * the till is paired already and has no use for it.
 */
const take = (): void => {
  const key = new URLSearchParams(location.hash.slice(1)).get('key')
  if (key === null) return
  history.replaceState(history.state, '', location.pathname + location.search)
  linked = key
  dispatchEvent(new Event('tessera-linked-key'))
}

export const watchLinkedKey = (): void => {
  take()
  addEventListener('hashchange', take)
}

/** Hands over the key of the link that opened the page, and of one that is opened later. */
export const onLinkedKey = (use: (key: string) => void): (() => void) => {
  const tell = (): void => {
    if (linked === undefined) return
    const key = linked
    linked = undefined
    use(key)
  }
  tell()
  addEventListener('tessera-linked-key', tell)
  return () => removeEventListener('tessera-linked-key', tell)
}
