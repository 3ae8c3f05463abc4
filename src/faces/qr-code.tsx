import { generate } from 'lean-qr/nano'

/** Light modules that a scanner needs around it (ISO/IEC 18004). */
const quiet = 4

/** Every dark module as a square of one path. */
const pathOf = (text: string): { readonly size: number; readonly path: string } => {
  const code = generate(text)
  const squares: string[] = []
  for (let y = 0; y < code.size; y++)
    for (let x = 0; x < code.size; x++) if (code.get(x, y)) squares.push(`M${x} ${y}h1v1h-1z`)
  return { size: code.size, path: squares.join('') }
}

/** Dark on what lies behind it, which has to be light. */
export const QrCode = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const { size, path } = pathOf(text)
  const all = size + 2 * quiet
  return (
    <svg
      className="qr"
      viewBox={`${-quiet} ${-quiet} ${all} ${all}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
      data-token={text}
    >
      <path d={path} fill="#000" />
    </svg>
  )
}
