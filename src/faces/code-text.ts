/** How two texts are known for the same code. */
export { normalizeCode } from '../core/offers/code.ts'
