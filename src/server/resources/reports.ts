import type { getCampaignReport } from '../../contract/reports.ts'
import { refuse } from '../../core/kernel/refusal.ts'
import { parseInstant } from '../../core/kernel/time.ts'
import { catalogueRefusals } from '../../core/offers/refusals.ts'
import type { Handler } from '../http/call.ts'
import { allCampaigns, type NamedCampaign, reportCampaign } from '../reports/report-campaigns.ts'
import type { Services } from '../services.ts'

export const reportsHandlers = ({ database }: Services) => {
  const report: Handler<typeof getCampaignReport> = async ({ query, auth: { workspaceId }, now }) => {
    const instantOf = (text: string | undefined) => (text === undefined ? undefined : parseInstant(text))
    const period = { from: instantOf(query.from), to: instantOf(query.to) }
    const campaigns: NamedCampaign[] = []
    if (query.campaign === undefined) {
      for await (const campaign of allCampaigns(database, workspaceId)) campaigns.push(campaign)
    } else {
      const { rows } = await database.query<NamedCampaign>(
        'select id, name, state from campaigns where workspace_id = $1 and id = $2',
        [workspaceId, query.campaign],
      )
      if (!rows[0]) return { refusal: refuse(catalogueRefusals.campaign_not_found, { id: query.campaign }) }
      campaigns.push(rows[0])
    }
    const data = []
    // One after the other: the people and orders of one campaign are in memory, not those of all.
    for (const campaign of campaigns) data.push(await reportCampaign(database, workspaceId, campaign, period, now))
    return { json: { data } }
  }

  return { getCampaignReport: report }
}
