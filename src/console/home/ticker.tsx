import { Button, Group, Text } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useContext, useState } from 'react'
import { call } from '../../faces/api.ts'
import { formatList, formatMoney } from '../../faces/format.ts'
import { ApiContext } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { TickerItem, Ticker as Told } from '../../sdk/index.ts'
import { useAssets } from '../parts/asset-words.ts'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { useHasPage } from '../parts/use-has-page.ts'
import { useNowMs, useWorkspace } from '../parts/use-workspace.ts'
import { When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import classes from './home.module.css'

const everyMs = 5000
const kept = 12

type Moved = {
  readonly kind: string
  readonly postings: readonly { readonly asset: string; readonly amount: number }[]
}

/** What is counted for a tier comes with every point, and is no value. */
const spendableOf = ({ postings }: Moved) => postings.filter(({ asset }) => !asset.startsWith('qualifying:'))
const isTold = ({ what, details }: TickerItem): boolean => what !== 'value' || spendableOf(details as Moved).length > 0

/** What came since the last look, on top of what is there. */
const useTicker = (isRunning: boolean) => {
  const { api, workspace } = useContext(ApiContext)
  const queries = useQueryClient()
  const queryKey = [workspace, 'ticker']
  return useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Told> => {
      const before = queries.getQueryData<Told>(queryKey)
      const { data, cursor } = await call(api, 'getTicker', before ? [{ after: before.cursor }] : [{}], { signal })
      return { data: [...data.filter(isTold), ...(before?.data ?? [])].slice(0, kept), cursor }
    },
    refetchInterval: isRunning ? everyMs : false,
    refetchOnWindowFocus: isRunning,
  })
}

type OrderDetails = {
  readonly state: string
  readonly channel: string
  readonly total: number
  readonly discount: number
  readonly currency: string
  readonly offers: readonly { readonly name: string }[]
}
type Line = { readonly head: string; readonly text: ReactNode; readonly note?: string; readonly to?: string }

const useLine = (): ((item: TickerItem) => Line) => {
  const { t, language } = useWords()
  const assets = useAssets()
  return ({ what, id, details }) => {
    switch (what) {
      case 'order': {
        const { state, channel, total, discount, currency, offers } = details as OrderDetails
        const money = (minor: number) => formatMoney(minor, currency, language)
        const saved = discount > 0 ? [t('home.ticker.saved', { amount: money(discount) })] : []
        const used =
          offers.length > 0
            ? [
                formatList(
                  offers.map(({ name }) => name),
                  language,
                ),
              ]
            : []
        return {
          head: t(`home.ticker.state.${state}`),
          text: t('home.ticker.order', { amount: money(total), channel }),
          note: [...saved, ...used].join(' · '),
          to: `/orders/${encodeURIComponent(id)}`,
        }
      }
      case 'event': {
        const { name, kind, source } = details as {
          readonly name?: string
          readonly kind: string
          readonly source: string
        }
        return { head: t('home.ticker.eventKind'), text: t('home.ticker.event', { name: name ?? kind, source }) }
      }
      case 'person': {
        const text = t('home.ticker.person', { type: (details as { readonly type: string }).type })
        return { head: t('home.ticker.newPerson'), text, to: `/people/${id}` }
      }
      case 'value': {
        const moved = details as Moved
        const text = spendableOf(moved).map(
          ({ asset, amount }) => `${assets.amount(asset, amount)} (${assets.name(asset)})`,
        )
        return { head: t(`home.ticker.kind.${moved.kind}`), text: formatList(text, language) }
      }
    }
  }
}

const Item = ({ item, nowMs }: { readonly item: TickerItem; readonly nowMs: number | undefined }) => {
  const { head, text, note, to } = useLine()(item)
  const hasPage = useHasPage()
  return (
    <li className={classes.tick}>
      <div className={classes.text}>
        <Text size="sm">
          {to !== undefined && hasPage(to) ? (
            <Link to={to} className={classes.look}>
              {head}
            </Link>
          ) : (
            <strong>{head}</strong>
          )}{' '}
          <bdi>{text}</bdi>
        </Text>
        {note && (
          <Text size="xs" c="dimmed">
            <bdi>{note}</bdi>
          </Text>
        )}
      </div>
      <Text size="xs" c="dimmed" component="div">
        <When at={item.at} nowMs={nowMs} />
      </Text>
    </li>
  )
}

/** A demo tells by its own clock, which runs through a year in minutes: the last thing that happened is now at the earliest. */
const useDemoMs = (items: readonly TickerItem[]): number | undefined => {
  const isDemo = useWorkspace()?.demo != null
  const nowMs = useNowMs()
  return isDemo && nowMs !== undefined ? Math.max(nowMs, ...items.map(({ at }) => Date.parse(at))) : undefined
}

/** What happens while one looks; it can be stopped, so that it can be read. */
const Ticker = () => {
  const { t } = useWords()
  const [isRunning, setRunning] = useState(true)
  const { data, error, refetch } = useTicker(isRunning)
  const nowMs = useDemoMs(data?.data ?? [])
  return (
    <Panel title={t('home.ticker.title')}>
      {error && <Problem error={error} onRetry={refetch} />}
      {!data && !error && <Waiting />}
      {data?.data.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('home.ticker.none')}
        </Text>
      )}
      <ul className={classes.items}>
        {data?.data.map(item => (
          <Item key={`${item.what} ${item.id} ${item.at}`} item={item} nowMs={nowMs} />
        ))}
      </ul>
      <Group mt="sm">
        <Button
          size="xs"
          variant="default"
          leftSection={isRunning ? <IconPlayerPause size={14} aria-hidden /> : <IconPlayerPlay size={14} aria-hidden />}
          onClick={() => setRunning(!isRunning)}
        >
          {t(isRunning ? 'home.ticker.pause' : 'home.ticker.resume')}
        </Button>
      </Group>
    </Panel>
  )
}

export default Ticker
