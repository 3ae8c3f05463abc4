/** What may read otherwise after somebody said what she permits. */
export const consentReads = ['getConsents', 'getConsentEvidence', 'getPerson', 'decideMoment'] as const

/** Purposes that every workspace has; its own topics are called what it calls them. */
export const purposes = ['marketing', 'service', 'research', 'profiling'] as const
