/**
 * Registers the service worker of a face that is served at `path`. `onUpdate` is told when a new build is waiting, with what to call to
 * use it; the page then loads again.
 *
 *     startOffline('/wallet', use => setUpdate(() => use))
 */
export const startOffline = async (path: '/wallet' | '/till', onUpdate: (use: () => void) => void): Promise<void> => {
  if (!('serviceWorker' in navigator)) return
  const { serviceWorker } = navigator
  const registration = await serviceWorker.register(`${path}/service-worker.js`, { scope: path, type: 'module' })
  const offer = (worker: ServiceWorker | null): void => {
    if (worker === null || serviceWorker.controller === null) return // the first visit: nothing older is in use
    onUpdate(() => {
      serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
      worker.postMessage('use the new version')
    })
  }
  offer(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed') offer(worker)
    })
  })
}
