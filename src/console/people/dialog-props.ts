import type { Person } from '../../sdk/index.ts'

/** Of each window in which something is done for somebody. */
export type DialogProps = { readonly person: Person; readonly onClose: () => void }
