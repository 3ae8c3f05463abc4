import type { Server } from './servers.mjs'

export declare const makeStand: (options: {
  store: 'pglite' | 'postgres'
  fault?: string
  postgresUrl?: string
  prepare?: (data: string) => Promise<unknown>
  onLine?: (name: string, line: string) => void
}) => Promise<{ servers: Server[]; url: string | undefined; program: string; remove: () => Promise<void> }>
