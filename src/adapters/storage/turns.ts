/**
 * Lets one piece of work run at a time, first come first served.
 *
 *     const turn = turns()
 *     await Promise.all([turn.take(() => save(a)), turn.take(() => save(b))])   // b starts when a has ended
 */
export const turns = () => {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    /** True while nobody has a turn or waits for one. */
    idle: () => waiting === 0,
    take: async <T>(work: () => Promise<T>): Promise<T> => {
      waiting++
      const turn = last.then(work)
      last = turn.then(
        () => {
          waiting--
        },
        () => {
          waiting--
        },
      )
      return turn
    },
  }
}
