/** Makes a call with the admin key and answers its JSON. */
type Call = (method: string, path: string, body?: unknown) => Promise<ReturnType<JSON['parse']>>

export declare const fillLoyalty: (
  call: Call,
  options?: { days?: number; nowMs?: number },
) => Promise<{ proposed: string; member: string; holder: string }>
