import { refuse } from '../../core/kernel/refusal.ts'
import { bytesFor, makeCodes, normalizeCode, possibleCodes, possiblePerCode } from '../../core/offers/code.ts'
import { catalogueRefusals } from '../../core/offers/refusals.ts'
import { Refused } from '../http/problem.ts'
import type { Clock } from '../workspaces.ts'
import type { JobKind } from './job-runner.ts'

export type GenerateCodes = { readonly offer: string; readonly pattern: string }

/** On a busy 2-core machine the embedded store takes about 0.19 ms a code: so many hold it for less than 50 ms. */
const mostAtOnce = 250
/** With a thousand possible codes for each, one round that gives nothing is rare and so many are a full pattern. */
const mostRounds = 20

/** The job behind `POST /v1/offers/{id}/codes`: so many unique codes, that no other offer of the workspace has either. */
export const generateCodes =
  ({ random, clock }: { readonly random: (bytes: number) => Uint8Array; readonly clock: Clock }): JobKind =>
  async (tx, job) => {
    const { offer, pattern } = job.params as GenerateCodes
    const missing = job.total! - job.done
    const wanted = Math.min(missing, mostAtOnce)
    for (let round = 0; round < mostRounds; round++) {
      // Sorted, because an import of the same codes locks in this order too.
      const made = makeCodes(pattern, wanted, random(bytesFor(pattern, wanted)))
        .map(given => ({ given, code: normalizeCode(given) }))
        .sort((left, right) => (left.code < right.code ? -1 : 1))
      const { affected } = await tx.query(
        `insert into codes (workspace_id, code, offer_id, given, shared, job_id, created_at)
         select $1, n.code, $2, n.given, false, $5, to_timestamp($6 / 1000.0)
         from unnest($3::text[], $4::text[]) as n(code, given)
         where not exists (select 1 from codes c where c.workspace_id = $1 and c.code = n.code)
         on conflict do nothing`,
        [
          job.workspaceId,
          offer,
          made.map(({ code }) => code),
          made.map(({ given }) => given),
          job.id,
          clock(job.workspaceId),
        ],
        'generate_codes',
      )
      if (affected === missing) {
        return { done: affected, result: { offer, codes: `/v1/offers/${offer}/codes?job=${job.id}` } }
      }
      if (affected > 0) return { done: affected }
    }
    // All that it allows are there: with those that are missing there would be so many.
    const possible = possibleCodes(pattern)
    const count = possible + missing
    const needed = possiblePerCode * count
    throw new Refused(refuse(catalogueRefusals.pattern_too_small, { pattern, possible, count, needed }))
  }
