import type { Migration } from '../migrate.ts'
import { start } from './0001-start.ts'

/** All migrations, in order. */
export const migrations: readonly Migration[] = [start]
