import { generate } from 'lean-qr/nano'
import { barsOf } from './code-128.ts'

/** Light modules that a scanner needs around a QR code (ISO/IEC 18004) and beside a Code 128 (ISO/IEC 15417). */
const qrQuiet = 4
const barQuiet = 10

/** Every dark module as a square of one path. */
const qrPath = (text: string): { readonly size: number; readonly path: string } => {
  const code = generate(text)
  const squares: string[] = []
  for (let y = 0; y < code.size; y++)
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) squares.push(`M${x} ${y}h1v1h-1z`)
  return { size: code.size, path: squares.join('') }
}

export const QrCode = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const { size, path } = qrPath(text)
  const all = size + 2 * qrQuiet
  return (
    <svg
      className="qr"
      viewBox={`${-qrQuiet} ${-qrQuiet} ${all} ${all}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
      data-token={text}
    >
      <path d={path} fill="#000" />
    </svg>
  )
}

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
