/** What `call` answers is JSON. */
type Call = (method: string, path: string, body?: unknown) => Promise<ReturnType<JSON['parse']>>

export const fillOrders: (call: Call) => Promise<{
  readonly code: string
  readonly grant: string
  readonly decision: string
}>
