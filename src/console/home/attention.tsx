import { Button, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { formatList, formatMoney, formatNumber, formatShare } from '../../faces/format.ts'
import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { AttentionItem } from '../../sdk/index.ts'
import { useAssets } from '../parts/asset-words.ts'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { useHasPage } from '../parts/use-has-page.ts'
import { Waiting } from '../parts/waiting.tsx'
import classes from './home.module.css'

const everyMs = 60_000
const first = 6

const addressOf = ({ to, id }: AttentionItem['link']): string => {
  const part = encodeURIComponent(id ?? '')
  const addresses: Record<AttentionItem['link']['to'], string> = {
    offer: `/offers/${part}`,
    source: '/developers',
    audits: '/loyalty/audits',
    job: `/jobs/${part}`,
    closings: '/loyalty/closing',
    programme: `/loyalty/programmes/${part}`,
    order: `/orders/${part}`,
    person: `/people/${part}`,
    key: '/developers',
    workspace: '/settings',
  }
  return addresses[to]
}

type Details = {
  readonly name: string
  readonly found: number
  readonly kind: string
  readonly errorRate: number
  readonly used: number
  readonly allowed: number
  readonly currency: string
  readonly left: number
  readonly count: number
  readonly offers: readonly { readonly name: string }[]
  readonly in7Days: number
  readonly in30Days: number
  readonly period: string
  readonly workspace: number
  readonly campaigns: readonly { readonly name: string }[]
}

/** The sentence of the server in the reader's language, made anew from its details. */
const useSentence = (): ((item: AttentionItem) => string) => {
  const { t, language } = useWords()
  const assets = useAssets()
  return ({ code, details, link }) => {
    const { name, ...it } = details as Partial<Details> & { readonly name: string }
    const share = (part: number) => formatShare(part, language)
    const key = `home.attention.${code}`
    switch (code) {
      case 'audit_finding':
        return t(key, { found: formatNumber(it.found ?? 0, language) })
      case 'job_failed':
        return t(key, { kind: t(`jobs.kind.${it.kind}`, { defaultValue: it.kind }) })
      case 'source_failing':
        return t(key, { name, share: share(it.errorRate ?? 0) })
      case 'limit_nearly_used':
      case 'budget_nearly_gone': {
        const { used = 0, allowed = 1, currency } = it
        const left = currency === undefined ? '' : formatMoney(allowed - used, currency, language)
        return t(key, { name, share: share(Math.floor((1 - used / allowed) * 1000) / 1000), left })
      }
      case 'codes_nearly_used_up':
        return t(key, {
          name,
          left: formatNumber(it.left ?? 0, language),
          count: formatNumber(it.count ?? 0, language),
        })
      case 'offers_conflict': {
        const [a, b] = it.offers ?? []
        const names = { a: a?.name, b: b?.name }
        return t(it.kind === 'exclusive' ? 'home.attention.offers_exclusive' : 'home.attention.offers_duplicate', names)
      }
      case 'points_expiring': {
        const amount = (value = 0) => assets.amount(`points:${link.id}`, value)
        return t(key, { name, month: amount(it.in30Days), week: amount(it.in7Days) })
      }
      case 'closing_overdue': {
        const month = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' })
        return t(key, { month: month.format(Date.parse(`${it.period}-01`)) })
      }
      case 'holdout_running':
        return (it.workspace ?? 0) > 0
          ? t('home.attention.holdout_all', { percent: share((it.workspace ?? 0) / 100) })
          : t('home.attention.holdout_campaigns', {
              names: formatList(
                (it.campaigns ?? []).map(campaign => campaign.name),
                language,
              ),
            })
      default:
        return t(key, { name })
    }
  }
}

const icons = { problem: IconAlertTriangle, warning: IconAlertTriangle, notice: IconInfoCircle }

const Item = ({ item }: { readonly item: AttentionItem }) => {
  const { t } = useWords()
  const sentence = useSentence()(item)
  const address = addressOf(item.link)
  const hasPage = useHasPage()
  const Icon = icons[item.severity]
  return (
    <li className={classes.item} data-severity={item.severity}>
      <Icon size={18} role="img" aria-label={t(`home.attention.severity.${item.severity}`)} className={classes.icon} />
      <div className={classes.text}>
        {hasPage(address) ? (
          <Link to={address} className={classes.look}>
            {sentence}
          </Link>
        ) : (
          sentence
        )}
      </div>
    </li>
  )
}

/** What somebody should look at, the worst first. */
export const Attention = () => {
  const { t, language } = useWords()
  const [isWhole, setWhole] = useState(false)
  const { data, error, refetch } = useCall('getAttention', [], { refetchIntervalMs: everyMs })
  const items = data?.data ?? []
  const more = items.length - first
  return (
    <Panel title={t('home.attention.title')}>
      {error && <Problem error={error} onRetry={refetch} />}
      {!data && !error && <Waiting />}
      {data && items.length === 0 && (
        <div className={classes.item} data-severity="good">
          <IconCircleCheck size={18} aria-hidden className={classes.icon} />
          <Text size="sm">{t('home.attention.none')}</Text>
        </div>
      )}
      <ul className={classes.items}>
        {items.slice(0, isWhole ? undefined : first).map((item, place) => (
          <Item key={`${item.code} ${item.link.id} ${place}`} item={item} />
        ))}
      </ul>
      {more > 0 && !isWhole && (
        <Button size="xs" variant="default" mt="sm" onClick={() => setWhole(true)}>
          {t('home.attention.more', { count: more, value: formatNumber(more, language) })}
        </Button>
      )}
    </Panel>
  )
}
