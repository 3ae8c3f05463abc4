import { findOfferTriggeredBy } from '../find-offer.ts'
import { issueGrants } from '../people/issue-grants.ts'
import type { Services } from '../services.ts'
import type { JobKind } from '../worker/job-runner.ts'
import { readPeople } from './segment-people.ts'

/** Where each stands: after which holder. Whoever is in the segment when her turn comes is taken. */
export type GrantSegment = {
  readonly offer: string
  readonly segment: string
  readonly withCode: boolean
  readonly after: string
}
export type AddSegment = { readonly campaign: string; readonly segment: string; readonly after: string }

const peopleAtOnce = 200

/** Issues an offer to everybody in a segment; stops where the offer ends. */
export const grantSegment =
  ({ workspaces, random, clock }: Pick<Services, 'workspaces' | 'random' | 'clock'>): JobKind =>
  async (tx, job) => {
    const { workspaceId } = job
    const params = job.params as GrantSegment
    const known = await workspaces.get(workspaceId)
    const offer = await findOfferTriggeredBy(tx, workspaceId, params.offer, 'grant')
    if (!offer.ok || offer.value.state === 'ended')
      return { done: 0, result: { granted: job.done, stopped: 'offer_ended' } }
    const people = await readPeople(tx, workspaceId, params.segment, params.after, peopleAtOnce)
    if (people.length === 0) return { done: 0, result: { granted: job.done } }
    const holderIds = people.map(({ holder_id }) => holder_id)
    const issue = { offer: offer.value, holderIds, withCode: params.withCode, now: clock(workspaceId) }
    await issueGrants(tx, known!.workspace, issue, random)
    return { done: people.length, params: { ...params, after: holderIds.at(-1)! } satisfies GrantSegment }
  }

/** Makes everybody in a segment a member of a campaign. */
export const addSegmentMembers =
  ({ clock }: Pick<Services, 'clock'>): JobKind =>
  async (tx, job) => {
    const { workspaceId } = job
    const params = job.params as AddSegment
    const people = await readPeople(tx, workspaceId, params.segment, params.after, peopleAtOnce)
    if (people.length === 0) return { done: 0, result: { members: job.done } }
    const holderIds = people.map(({ holder_id }) => holder_id)
    await tx.query(
      `insert into members (workspace_id, holder_id, campaign_id, added_at)
       select $1, unnest($2::text[]), $3, to_timestamp($4 / 1000.0) on conflict do nothing`,
      [workspaceId, holderIds, params.campaign, clock(workspaceId)],
    )
    return { done: people.length, params: { ...params, after: holderIds.at(-1)! } satisfies AddSegment }
  }
