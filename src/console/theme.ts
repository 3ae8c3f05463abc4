import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core'

/** Mantine's shades around the one accent; what is text or a surface comes from the tokens of src/faces/theme.css. */
const accent: MantineColorsTuple = [
  '#e2f3f0',
  '#c6e6e0',
  '#9bd3c9',
  '#6cbfb1',
  '#45ad9c',
  '#26998a',
  '#0b6b5e',
  '#085f53',
  '#085448',
  '#05463c',
]

/** Mantine's inputs, menus and borders in the dark, in step with the same tokens. */
const dark: MantineColorsTuple = [
  '#e9edf2',
  '#c3ccd6',
  '#a7b1bd',
  '#7d8895',
  '#323b46',
  '#2a323c',
  '#222932',
  '#1a2027',
  '#12161b',
  '#0c0f13',
]

export const theme = createTheme({
  colors: { accent, dark },
  primaryColor: 'accent',
  // In both schemes: white on it has a contrast of 6.
  primaryShade: 6,
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font-mono)',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '650' },
})

const tokens = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-quiet)',
  '--mantine-color-placeholder': 'var(--text-quiet)',
  '--mantine-color-default': 'var(--raised)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--bad)',
}

export const tokensOfFaces: CSSVariablesResolver = () => ({ variables: {}, light: tokens, dark: tokens })
