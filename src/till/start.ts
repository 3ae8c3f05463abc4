import { fetchBusiness } from './business.ts'
import { fetchClerks } from './clerks.ts'
import { settleAndRenew, startPacks } from './packs.ts'
import { newSale } from './selling.ts'
import { isOnline, isReachable, wentOffline } from './till-api.ts'
import * as db from './till-db.ts'
import { setTill, till } from './till-state.ts'

const everyMs = 60_000
const probedEveryMs = 5000

const refresh = async (): Promise<void> => {
  if (till().pairing === undefined || !isOnline()) return
  await Promise.all([fetchClerks(), fetchBusiness(), settleAndRenew()])
}

const probe = async (): Promise<void> => {
  if (isOnline() || !(await isReachable())) return
  setTill({ offlineSince: undefined })
  await refresh()
}

/** Two tabs would write one journal: the second says so, and takes over when the first is closed. */
const alone = (): Promise<void> =>
  new Promise(begin => {
    const hold = (): Promise<never> => {
      begin()
      return new Promise(() => {})
    }
    void navigator.locks.request('tessera-till', { ifAvailable: true }, lock => {
      if (lock) return hold()
      setTill({ stage: 'elsewhere' })
      void navigator.locks.request('tessera-till', hold)
      return undefined
    })
  })

/** After pairing, or when the page is opened: everything as it was left. */
export const begin = async (): Promise<void> => {
  const sale = await db.read('sale')
  if (sale) setTill({ sale })
  else await newSale()
  // Just paired: nobody sells before it is known who may.
  if ((await db.read('clerks')) === undefined) await fetchClerks()
  setTill({ stage: 'ready' })
  await refresh()
}

/** Starts the till: reads what it kept, watches the network, and keeps its pack fresh. */
export const start = async (): Promise<void> => {
  await alone()
  const [pairing, business, clerks, tries, articles, leased, aside, hasSounds] = await Promise.all([
    db.read('pairing'),
    db.read('business'),
    db.read('clerks'),
    db.read('tries'),
    db.read('articles'),
    db.read('leased'),
    db.read('aside'),
    db.read('hasSounds'),
  ])
  setTill({
    pairing,
    business,
    clerks: clerks ?? [],
    tries: tries ?? {},
    articles: articles ?? [],
    leased: leased ?? { codes: [], people: [] },
    aside: aside ?? [],
    hasSounds: hasSounds ?? false,
  })
  if (!navigator.onLine) wentOffline()
  addEventListener('offline', wentOffline)
  addEventListener('online', probe)
  setInterval(refresh, everyMs)
  setInterval(probe, probedEveryMs)
  void navigator.storage?.persist?.()
  if (!pairing) return setTill({ stage: 'unpaired' })
  await startPacks()
  await begin()
}
