import type { Queryable } from '../../adapters/storage/database.ts'
import type { AttentionItem } from '../../contract/home.ts'
import { makeId } from '../../core/kernel/id.ts'
import { localParts } from '../../core/kernel/time.ts'
import { monthOf } from '../../core/ledger/book.ts'
import type { Catalogue } from '../../core/loop/world.ts'
import type { LiveOffer } from '../../core/offers/live-offer.ts'
import { conflictsOf } from '../../core/orders/conflicts.ts'
import type { Workspace } from '../../core/workspaces/schema.ts'
import type { AuditState } from '../audit/audit-store.ts'
import { readHealth } from '../sources/source-health.ts'

/** What is asked about a workspace at an instant. */
export type Asked = {
  readonly source: Queryable
  readonly workspace: Workspace
  readonly catalogue: Catalogue
  readonly now: number
}
type Look = (asked: Asked) => Promise<readonly AttentionItem[]>

const dayMs = 86_400_000
const mostOfAKind = 50
/** Of a limit, budget or set of codes: from here on it is nearly gone. */
const nearly = 0.8
const atOnce = 1000

const percentLeft = (used: number, allowed: number): string =>
  `${Math.max(0, Math.floor((1 - used / allowed) * 100))} %`
const isLive = ({ state, campaign, from, to }: LiveOffer, now: number): boolean =>
  state === 'live' && campaign.state === 'live' && (from ?? -Infinity) <= now && now < (to ?? Infinity)
const liveOffers = ({ catalogue, now }: Asked): LiveOffer[] =>
  [...catalogue.offers.values()].filter(it => isLive(it, now))

const audit: Look = async ({ source, workspace, now }) => {
  const { rows } = await source.query<{ id: string; result: AuditState | null }>(
    `select id, result from jobs where workspace_id = $1 and id > $2 and kind = 'audit' and state = 'done' order by id desc limit 1`,
    [workspace.id, makeId('job', now - 7 * dayMs, new Uint8Array(10))],
  )
  const found = rows[0]?.result?.found ?? 0
  if (found === 0) return []
  const message = `The last audit found ${found} ${found === 1 ? 'thing' : 'things'} that are off.`
  return [
    {
      code: 'audit_finding',
      severity: 'problem',
      message,
      details: { found },
      link: { to: 'audits', id: rows[0]!.id },
    },
  ]
}

const jobs: Look = async ({ source, workspace, now }) => {
  const { rows } = await source.query<{ id: string; kind: string }>(
    `select id, kind from jobs where workspace_id = $1 and id > $2 and state = 'failed' order by id desc limit ${mostOfAKind}`,
    [workspace.id, makeId('job', now - 7 * dayMs, new Uint8Array(10))],
  )
  return rows.map(({ id, kind }) => ({
    code: 'job_failed',
    severity: 'problem',
    message: `The job ${kind} failed; it can be resumed.`,
    details: { kind },
    link: { to: 'job', id },
  }))
}

const sources: Look = async ({ source, workspace, now }) => {
  const { rows } = await source.query<{ id: string; name: string }>(
    `select id, name from api_keys where workspace_id = $1 and source_id is null and (revoked_at is null or revoked_at > to_timestamp($2 / 1000.0))
     order by id desc limit 200`,
    [workspace.id, now],
  )
  const health = await readHealth(
    source,
    workspace.id,
    rows.map(({ id }) => id),
    now,
  )
  return rows.flatMap(({ id, name }): AttentionItem[] => {
    const { errorRate, lastErrors } = health.get(id)!
    if (errorRate === null || errorRate < 0.1) return []
    const message = `Of what “${name}” sends, ${Math.round(errorRate * 100)} % was refused in the last hour.`
    const details = { name, errorRate, lastError: lastErrors[0]?.code ?? null }
    return [
      {
        code: 'source_failing',
        severity: errorRate < 0.5 ? 'warning' : 'problem',
        message,
        details,
        link: { to: 'source', id },
      },
    ]
  })
}

const limits: Look = async asked => {
  const limited = liveOffers(asked).filter(
    ({ terms }) => terms.limits.uses !== undefined || terms.limits.budget !== undefined,
  )
  const items: AttentionItem[] = []
  for (let start = 0; start < limited.length && items.length < mostOfAKind; start += atOnce) {
    const piece = new Map(limited.slice(start, start + atOnce).map(it => [it.id, it]))
    const { rows } = await asked.source.query<{ id: string; uses: number; budget: number }>(
      `select offer_id as id, used + held as uses, budget_used + budget_held as budget from counters
       where workspace_id = $1 and offer_id = any($2::text[]) and bucket = ''`,
      [asked.workspace.id, [...piece.keys()]],
    )
    for (const { id, uses, budget } of rows) {
      const { terms } = piece.get(id)!
      const {
        name,
        limits: { uses: allowed, budget: money },
      } = terms
      const tell = (what: 'limit' | 'budget', used: number, of: number, details: object): void => {
        const isGone = used >= of
        const code =
          what === 'limit'
            ? isGone
              ? 'limit_used_up'
              : 'limit_nearly_used'
            : isGone
              ? 'budget_gone'
              : 'budget_nearly_gone'
        const thing = what === 'limit' ? 'uses' : 'budget'
        const message = isGone
          ? `“${name}” has no ${thing} left.`
          : `Of the ${thing} of “${name}” ${percentLeft(used, of)} is left.`
        items.push({
          code,
          severity: 'warning',
          message,
          details: { name, used, allowed: of, ...details },
          link: { to: 'offer', id },
        })
      }
      if (allowed !== undefined && uses >= allowed * nearly) tell('limit', uses, allowed, {})
      if (money && budget >= money.amount * nearly) tell('budget', budget, money.amount, { currency: money.currency })
    }
  }
  return items.slice(0, mostOfAKind)
}

/** Offers with so many codes are not counted each time. */
const mostCodes = 5000
const mostCodeOffers = 100

const codes: Look = async asked => {
  const ids = liveOffers(asked)
    .filter(({ terms }) => terms.trigger.on === 'code')
    .map(({ id }) => id)
  const items: AttentionItem[] = []
  for (const id of ids.sort().slice(-mostCodeOffers)) {
    const { rows } = await asked.source.query<{ count: number; left: number }>(
      `select count(*) as count, count(*) filter (where not exists (
         select 1 from redemptions r where r.workspace_id = $1 and r.code = c.code and r.offer_id = $2 and r.state in ('held', 'redeemed'))) as left
       from (select code from codes where workspace_id = $1 and offer_id = $2 and not shared order by code limit ${mostCodes + 1}) c`,
      [asked.workspace.id, id],
    )
    const { count, left } = rows[0]!
    if (count === 0 || count > mostCodes || count - left < count * nearly) continue
    const { name } = asked.catalogue.offers.get(id)!.terms
    const message =
      left === 0 ? `The codes of “${name}” are used up.` : `Of ${count} codes of “${name}” ${left} are left.`
    const code = left === 0 ? 'codes_used_up' : 'codes_nearly_used_up'
    items.push({ code, severity: 'warning', message, details: { name, count, left }, link: { to: 'offer', id } })
  }
  return items
}

const conflicts: Look = async asked =>
  conflictsOf(liveOffers(asked))
    .slice(0, mostOfAKind)
    .map(({ kind, offers: [a, b] }) => ({
      code: 'offers_conflict',
      severity: 'warning',
      message:
        kind === 'exclusive'
          ? `“${a.terms.name}” and “${b.terms.name}” fit the same, and only one of them can apply.`
          : `“${a.terms.name}” and “${b.terms.name}” give the same for the same, one on top of the other.`,
      details: { kind, offers: [a, b].map(({ id, terms }) => ({ offer: id, name: terms.name })) },
      link: { to: 'offer', id: b.id },
    }))

/** So many accounts that are due within a month are looked at; of more, what is told is the least that ends. */
const mostAccounts = 10_000

const expiring: Look = async ({ source, workspace, catalogue, now }) => {
  const [week, month] = [now + 7 * dayMs, now + 30 * dayMs]
  const sums = new Map<string, { in7Days: number; in30Days: number }>()
  let after = { due: now, id: '' }
  let looked = 0
  for (; looked < mostAccounts; ) {
    const { rows } = await source.query<{ due: number; id: string; asset: string; week: number; month: number }>(
      `select a.due, a.id, a.asset, l.week, l.month from (
         select due_at as due, id, owner_id, asset from accounts
         where workspace_id = $1 and due_at is not null and (due_at, id) > (to_timestamp($2 / 1000.0), $3) and due_at < to_timestamp($4 / 1000.0)
         order by due_at, id limit ${atOnce}) a
       cross join lateral (
         select coalesce(sum(remaining) filter (where due_at < to_timestamp($5 / 1000.0)), 0)::int8 as week,
           coalesce(sum(remaining), 0)::int8 as month from lots
         where workspace_id = $1 and owner_id = a.owner_id and asset = a.asset and kind = 'main' and live and due_at < to_timestamp($4 / 1000.0)
           and a.id = owner_id || '/' || asset || '/main') l
       order by a.due, a.id`,
      [workspace.id, after.due, after.id, month, week],
    )
    for (const row of rows) {
      const sum = sums.get(row.asset) ?? { in7Days: 0, in30Days: 0 }
      sums.set(row.asset, { in7Days: sum.in7Days + row.week, in30Days: sum.in30Days + row.month })
    }
    looked += rows.length
    if (rows.length < atOnce) break
    after = rows.at(-1)!
  }
  const isLeast = looked >= mostAccounts
  return [...sums]
    .filter(([asset, { in30Days }]) => asset.startsWith('points:') && in30Days > 0)
    .map(([asset, sum]) => {
      const id = asset.slice('points:'.length)
      const name = catalogue.programmes.get(id)?.terms.name ?? id
      const message = `${isLeast ? 'At least ' : ''}${sum.in30Days} points of “${name}” end within 30 days, ${sum.in7Days} of them within 7.`
      return {
        code: 'points_expiring',
        severity: 'notice',
        message,
        details: { name, ...sum, isLeast },
        link: { to: 'programme', id },
      }
    })
}

/** Who closes months has the last one closed by its tenth day. */
const closing: Look = async ({ catalogue: { closedThrough }, workspace: { timeZone }, now }) => {
  const { day } = localParts(now, timeZone)
  if (closedThrough === null || day < 10) return []
  const period = monthOf(now - day * dayMs, timeZone)
  if (closedThrough >= period) return []
  const message = `The books of ${period} are not closed yet.`
  return [
    {
      code: 'closing_overdue',
      severity: 'warning',
      message,
      details: { period, closedThrough },
      link: { to: 'closings', id: period },
    },
  ]
}

const holdouts: Look = async asked => {
  const campaigns = new Map(liveOffers(asked).map(({ campaign }) => [campaign.id, campaign]))
  const held = [...campaigns.values()].filter(it => it.holdout > 0)
  const all = asked.catalogue.holdout
  if (held.length === 0 && all === 0) return []
  const message = `${all > 0 ? `${all} % of all people are held out` : `${held.length} live campaigns hold people out`}: they are given nothing.`
  const details = {
    workspace: all,
    campaigns: held.slice(0, mostOfAKind).map(({ id, name, holdout }) => ({ campaign: id, name, percent: holdout })),
  }
  return [{ code: 'holdout_running', severity: 'notice', message, details, link: { to: 'workspace', id: null } }]
}

const looks: readonly Look[] = [audit, jobs, sources, limits, codes, conflicts, expiring, closing, holdouts]
const worst = ['problem', 'warning', 'notice']

/** Everything that somebody should look at, the worst first; each kind is asked for in short statements. */
export const readAttention = async (asked: Asked): Promise<AttentionItem[]> => {
  const items = []
  for (const look of looks) items.push(...(await look(asked)))
  return items.sort((a, b) => worst.indexOf(a.severity) - worst.indexOf(b.severity))
}
