export type Stored = { readonly orders: readonly unknown[]; readonly uses: readonly unknown[] }
export declare const readPostgres: (url: string) => Promise<{ stored: Stored; deadlocks: number }>
