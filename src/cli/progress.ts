import type { Terminal } from './command.ts'
import { grouped } from './table.ts'

/** How far long work is; told on stderr. */
export type Progress = {
  /** Redeeming 512 of 2,102 */
  step(what: string, done: number, total?: number, more?: string): void
  /** A line that stays. */
  say(line: string): void
  /** Clears the line that is rewritten. */
  end(): void
}

const perRewriteMs = 100
/** Into a file or a CI log: a line now and then. */
const perLineMs = 3_000

/**
 * One line that is rewritten on a terminal; elsewhere a line every few seconds.
 *
 *     const progress = makeProgress(terminal.err, Date.now)
 *     progress.step('baskets', 4_700, 47_243)   // baskets 4,700 of 47,243
 */
export const makeProgress = (err: Terminal['err'], now: () => number): Progress => {
  const rewrites = err.isTTY === true
  let last = Number.NEGATIVE_INFINITY
  let lastWhat = ''
  let shown = false
  const clear = () => {
    if (shown) err.write('\r\x1b[2K')
    shown = false
  }
  return {
    step: (what, done, total, more = '') => {
      const at = now()
      const isDue = at - last >= (rewrites ? perRewriteMs : perLineMs) || (rewrites && what !== lastWhat)
      if (!isDue) return
      last = at
      lastWhat = what
      const text = `${what} ${grouped(done)}${total === undefined ? '' : ` of ${grouped(total)}`}${more}`
      if (!rewrites) return void err.write(`${text}\n`)
      clear()
      err.write(text.slice(0, (err.columns ?? 80) - 1))
      shown = true
    },
    say: line => {
      clear()
      err.write(`${line}\n`)
    },
    end: clear,
  }
}
