import { fileURLToPath } from 'node:url'

const small = fileURLToPath(new URL('../src/faces/small-i18next.ts', import.meta.url))

/** For faces that have to be small: what they use of i18next in its place. A plugin of Vite. */
export const smallWords = () => ({
  name: 'small-words',
  enforce: 'pre',
  resolveId: id => (id === 'i18next' ? small : undefined),
})
