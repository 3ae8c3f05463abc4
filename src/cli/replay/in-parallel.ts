/**
 * Runs `work` on every item, so many at a time, in the order of the list; stops taking new ones at the first error and
 * throws it when those under way are done.
 *
 *     await inParallel(campaigns, 4, campaign => tessera.createCampaign(…))
 */
export const inParallel = async <T>(
  items: readonly T[],
  atATime: number,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  let next = 0
  let failed = false
  const lane = async (): Promise<void> => {
    while (next < items.length && !failed) {
      try {
        await work(items[next++]!)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(atATime, items.length) }, lane))
  const broken = lanes.find(result => result.status === 'rejected')
  if (broken) throw broken.reason
}
