/** What the wallet keeps on this device: what was last seen, and the device's key. One table of the browser's own database. */
const open = (): Promise<IDBDatabase> =>
  new Promise((done, failed) => {
    const request = indexedDB.open('tessera-wallet', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('kept')
    request.onsuccess = () => done(request.result)
    request.onerror = () => failed(request.error)
  })

let opened: Promise<IDBDatabase> | undefined

const run = async <T>(mode: IDBTransactionMode, ask: (kept: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
  opened ??= open()
  const database = await opened
  return new Promise((done, failed) => {
    const request = ask(database.transaction('kept', mode).objectStore('kept'))
    request.onsuccess = () => done(request.result)
    request.onerror = () => failed(request.error)
  })
}

/** undefined: nothing is kept under this name, or the browser keeps nothing (a private window). */
export const readKept = async <T>(name: string): Promise<T | undefined> => {
  try {
    return (await run('readonly', kept => kept.get(name))) as T | undefined
  } catch {
    return undefined
  }
}

export const keep = async (name: string, value: unknown): Promise<void> => {
  try {
    await run('readwrite', kept => kept.put(value, name))
  } catch {
    // The wallet works without; offline it then has nothing to show.
  }
}

/** What one customer has seen is not for whoever signs in next. */
export const forgetAll = async (): Promise<void> => {
  try {
    await run('readwrite', kept => kept.clear())
  } catch {
    // There is nothing.
  }
}
