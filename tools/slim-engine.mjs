/**
 * For programs that only decide by packs: without the schemas of input, which they never read, and without the table of time zones, which a
 * pack brings. They were two thirds of what a till had to load.
 */
const stubs = {
  // What is built of schemas when a module loads goes nowhere.
  zod: `const none = new Proxy(() => none, { get: (_, key) => (key === Symbol.toPrimitive ? () => '' : none), apply: () => none });
    export const z = none`,
  'temporal-polyfill': `export const Temporal = globalThis.Temporal ?? new Proxy({}, { get() { throw new RangeError('this time is not in the pack') } })`,
}

/** A plugin of Vite. */
export const slimEngine = () => ({
  name: 'slim-engine',
  enforce: 'pre',
  resolveId: id => (Object.hasOwn(stubs, id) ? `\0slim-${id}` : undefined),
  load: id => (id.startsWith('\0slim-') ? stubs[id.slice('\0slim-'.length)] : undefined),
})
