// Edge and Opera call themselves Chrome too, and Chrome Safari: the first that fits is right.
const browsers = [
  ['Edge', /\bEdg/],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /SamsungBrowser/],
  ['Firefox', /Firefox|FxiOS/],
  ['Chrome', /Chrome|CriOS/],
  ['Safari', /Safari/],
] as const
const systems = [
  ['Android', /Android/],
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Windows', /Windows/],
  ['Mac', /Macintosh/],
  ['Linux', /Linux/],
] as const

const first = (list: readonly (readonly [string, RegExp])[], text: string): string | undefined =>
  list.find(([, pattern]) => pattern.test(text))?.[0]

/**
 * What people call a device, out of what its browser says of itself.
 *
 *     deviceNameOf('Mozilla/5.0 (iPhone; …) … Safari/604.1')   // 'Safari · iPhone'
 */
export const deviceNameOf = (userAgent: string | null): string | undefined => {
  const parts = [first(browsers, userAgent ?? ''), first(systems, userAgent ?? '')].filter(it => it !== undefined)
  return parts.length > 0 ? parts.join(' · ') : undefined
}
