export declare const torture: (options: {
  store: 'pglite' | 'postgres'
  cycles: number
  seed: number
  fault?: string
  postgresUrl?: string
  prepare?: (data: string) => Promise<unknown>
  say?: (line: string) => void
}) => Promise<{
  violations: string[]
  cycles: number
  requests: number
  acknowledged: number
  interrupted: number
  kills: number
  redemptions: number
  returns: number
  merges: number
  splits: number
}>
