/**
 * The words of an area of calls, by its tag in the API.
 *
 *     callAreaKey('Tills without a network')   // 'settings.callArea.tillsWithoutANetwork'
 */
export const callAreaKey = (tag: string): string =>
  `settings.callArea.${tag
    .replace(/^\w/, it => it.toLowerCase())
    .replaceAll(/ (\w)/g, (_, letter: string) => letter.toUpperCase())}`
