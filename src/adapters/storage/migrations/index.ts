import { start } from './0001-start.ts'
import { decisions } from './0002-decisions.ts'
import { people } from './0003-people.ts'
import { value } from './0004-value.ts'
import { search } from './0005-search.ts'
import { householdPeople } from './0006-household-people.ts'
import { clock } from './0007-clock.ts'
import { team } from './0008-team.ts'
import { usesByTime } from './0009-uses-by-time.ts'
import { requestLog } from './0010-request-log.ts'
import { packs } from './0011-packs.ts'
import { nouns } from './0012-nouns.ts'
import { demo } from './0013-demo.ts'
import { wallet } from './0014-wallet.ts'
import { blockedCodes } from './0015-blocked-codes.ts'
import { clerks } from './0016-clerks.ts'
import { blockedGiftCards } from './0017-blocked-gift-cards.ts'
import type { Migration } from './migration.ts'

/** All migrations, in order. */
export const migrations: readonly Migration[] = [
  start,
  decisions,
  people,
  value,
  search,
  householdPeople,
  clock,
  team,
  usesByTime,
  requestLog,
  packs,
  nouns,
  demo,
  wallet,
  blockedCodes,
  clerks,
  blockedGiftCards,
]
