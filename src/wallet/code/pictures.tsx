import { barsOf } from './code-128.ts'

/** Light modules that a scanner needs beside a Code 128 (ISO/IEC 15417). */
const barQuiet = 10

/** Nothing where the text has no bars. */
export const Bars = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const drawn = barsOf(text)
  if (drawn === undefined) return null
  const path = drawn.bars.map(([at, width]) => `M${at} 0h${width}v40h-${width}z`).join('')
  return (
    <svg
      className="bars"
      viewBox={`${-barQuiet} 0 ${drawn.modules + 2 * barQuiet} 40`}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path d={path} fill="#000" />
    </svg>
  )
}
