export declare const findPostgres: () => string | undefined
export declare const startPostgres: (options?: {
  durable?: boolean
}) => Promise<{ url: string; stop: () => Promise<void> }>
export declare const createDatabase: (adminUrl: string, name: string) => Promise<string>
