import type { Suppression } from './links.ts'

/** Why a link does not unite, as people read it: `whyApart.neverMerge` is 'Somebody said that they are different people.' */
export const whyApart: Readonly<Record<Suppression, string>> = {
  unverified: 'The link is not verified, so it joins behaviour only.',
  removed: 'Somebody took the link away.',
  blocked: 'One of the two is a value that is nobody’s.',
  shared: 'One of the two is linked to too many people’s identifiers.',
  uniqueType: 'Together they would have two identifiers of a type that a person has only one of.',
  tooMany: 'Together they would have more identifiers of a type than a person may have.',
  differentPeople: 'An anonymous identifier does not make two known people one.',
  neverMerge: 'Somebody said that they are different people.',
  quarantined: 'Too many identifiers hang together here, so only the surest links unite.',
}
