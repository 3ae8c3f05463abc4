/** A colour as red, green and blue from 0 to 1. */
type Rgb = readonly [number, number, number]

const parse = (hex: string): Rgb => {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}

const each = ([r, g, b]: Rgb, change: (part: number) => number): Rgb => [change(r), change(g), change(b)]

const write = (rgb: Rgb): string =>
  `#${rgb
    .map(part =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`

/** WCAG 2.2, relative luminance. */
const luminance = (rgb: Rgb): number => {
  const [r, g, b] = each(rgb, part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG 2.2, contrast ratio: 1 to 21. */
export const contrast = (a: string, b: string): number => {
  const [low, high] = [luminance(parse(a)), luminance(parse(b))].sort((x, y) => x - y)
  return (high! + 0.05) / (low! + 0.05)
}

const mixed = (a: string, b: string, part: number): string => {
  const from = parse(a)
  const to = parse(b)
  const at = (index: 0 | 1 | 2): number => from[index] + (to[index] - from[index]) * part
  return write([at(0), at(1), at(2)])
}

/** As much of a colour as text of it can be read on a surface. */
const readable = (colour: string, surface: string, towards: string): string => {
  for (let part = 0; part < 1; part += 0.05) {
    const tried = mixed(colour, towards, part)
    if (contrast(tried, surface) >= 4.5) return tried
  }
  return towards
}

/** The surfaces of src/faces/theme.css that accents stand on, the harder of each scheme. */
const grounds = { light: '#f6f7f9', dark: '#222932' } as const

/**
 * The tokens of the theme for a business's colour, with enough contrast for text in light and in dark, whatever the colour is.
 *
 *     brandTokens('#ffcc00', 'light')['--accent']   // '#807000'…: a gold that can be read on white
 */
export const brandTokens = (accent: string, scheme: 'light' | 'dark'): Readonly<Record<string, string>> => {
  const ground = grounds[scheme]
  const [towards, away] = scheme === 'light' ? ['#000000', '#ffffff'] : ['#ffffff', '#000000']
  const text = readable(accent, ground, towards)
  // The card is dark in either scheme, so that what stands on it is white.
  const card = readable(accent, '#ffffff', '#000000')
  return {
    '--accent': text,
    '--accent-strong': mixed(text, towards, 0.2),
    '--accent-soft': mixed(text, ground, 0.88),
    '--on-accent': contrast(text, away) >= 4.5 ? away : towards,
    '--card': mixed(card, '#000000', 0.12),
    '--card-deep': mixed(card, '#000000', 0.5),
  }
}
