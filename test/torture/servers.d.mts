export type Server = {
  readonly name: string
  readonly url: string
  exchange(call: {
    method: string
    path: string
    body?: string
    headers?: Record<string, string>
  }): Promise<{ status: number; text: string; retryAfter: string | undefined }>
  start(): Promise<void>
  open(): void
  isUp(): boolean
  kill(): Promise<number | null>
  stop(): Promise<number | null>
}
export declare const makeServer: (options: {
  program: string
  name: string
  env: Record<string, string>
  onLine: (line: string) => void
}) => Promise<Server>
