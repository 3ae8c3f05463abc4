/**
 * An id that says what the name says.
 *
 *     idOf('Regulars of the café')   // 'regulars-of-the-cafe'
 */
export const idOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 64)
