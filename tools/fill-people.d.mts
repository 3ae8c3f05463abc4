/** Makes a call with the admin key and answers its JSON. */
type Call = (method: string, path: string, body?: unknown) => Promise<ReturnType<JSON['parse']>>

export declare const fillPeople: (call: Call) => Promise<{ person: string }>
