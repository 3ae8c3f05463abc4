const mark = 'erased:'

/**
 * What stands in the place of an erased identifier. No identifier that comes in has such a value (`normalizeIdentifier`), so nothing
 * finds it any more; and it differs for each, so that the rules of identity find no two alike.
 *
 *     erasedValue('hol_01kjm6jm000000000000000000')   // 'erased:hol_01kjm6jm000000000000000000'
 */
export const erasedValue = (holderId: string): string => `${mark}${holderId}`

export const isErasedValue = (value: string): boolean => value.toLowerCase().startsWith(mark)
