/** One step forward of the schema. Ids are 1, 2, 3 …; what has been released is never changed. */
export type Migration = { readonly id: number; readonly name: string; readonly sql: string }
