export declare const tortureValue: (options: {
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
  interrupted: number
  kills: number
  acknowledged: Record<string, number>
}>
