import type { Server } from './servers.mjs'
import type { Stored } from './stored.mjs'

export declare const dumpUnderLoad: (options: { servers: readonly Server[]; seed: number }) => Promise<{
  lines: string[]
  answeredMeanwhile: number
  audit: (stored: Stored) => string[]
}>
