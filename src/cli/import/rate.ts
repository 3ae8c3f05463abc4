import { grouped } from '../table.ts'

export type Pace = { readonly perSecond: number; readonly secondsLeft: number | null }

/**
 * How fast rows are read and how long the rest will take, from when it began: the share of the file's bytes tells what is left,
 * because nobody knows how many rows there are.
 *
 *     const pace = paceFrom(0, 1_000_000)
 *     pace(10_000, 40_000, 250_000)   // { perSecond: 4000, secondsLeft: 30 }
 */
export const paceFrom =
  (startMs: number, bytes: number) =>
  (nowMs: number, rows: number, bytesRead: number): Pace => {
    const seconds = (nowMs - startMs) / 1000
    const perSecond = seconds > 0 ? Math.round(rows / seconds) : 0
    const secondsLeft =
      bytesRead > 0 && bytesRead <= bytes ? Math.round((seconds * (bytes - bytesRead)) / bytesRead) : null
    return { perSecond, secondsLeft }
  }

/** `tellPace({ perSecond: 4000, secondsLeft: 90 })` is ', 4,000/s, 1 min 30 s left'. */
export const tellPace = ({ perSecond, secondsLeft }: Pace): string => {
  const left =
    secondsLeft === null
      ? ''
      : `, ${secondsLeft >= 60 ? `${Math.floor(secondsLeft / 60)} min ` : ''}${secondsLeft % 60} s left`
  return `, ${grouped(perSecond)}/s${left}`
}
