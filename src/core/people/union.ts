/** Ids of persons come from holders, and holders stay for ever, so an old person id always leads somewhere. */
const holderPrefix = 'hol_'
const personPrefix = 'per_'

/** `personIdOf('hol_01kjm…')` is 'per_01kjm…': the id of the person of whom that is the oldest holder. */
export const personIdOf = (holderId: string): string => swapPrefix(holderId, holderPrefix, personPrefix)

/** `holderIdOf('per_01kjm…')` is 'hol_01kjm…': ask that holder who its person is now. */
export const holderIdOf = (personId: string): string => swapPrefix(personId, personPrefix, holderPrefix)

const swapPrefix = (id: string, from: string, to: string): string => {
  if (!id.startsWith(from)) throw new RangeError(`expected an id that begins with ${from}`)
  return to + id.slice(from.length)
}
