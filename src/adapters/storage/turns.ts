/**
 * Lets one piece of work run at a time, first come first served.
 *
 *     const turn = turns()
 *     await Promise.all([turn.take(() => save(a)), turn.take(() => save(b))])   // b starts when a has ended
 */
export const turns = () => {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  let taken = 0
  return {
    /** How many turns were asked for so far, and how many of them have not ended. */
    count: () => ({ taken, waiting }),
    take: async <T>(work: () => Promise<T>): Promise<T> => {
      taken++
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
