import { Anchor, Code, Text, Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { formatAgo, formatMoney, formatNumber, formatTime } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'

/** An amount of money; what is taken away carries its minus. */
export const Money = ({ minor, currency }: { readonly minor: number; readonly currency: string }) => {
  const { language } = useWords()
  return (
    <bdi dir={language === 'ar' ? undefined : 'ltr'} style={{ whiteSpace: 'nowrap' }}>
      {formatMoney(minor, currency, language)}
    </bdi>
  )
}

/** A count, in the digits and groups of the reader's language. */
export const Count = ({ value }: { readonly value: number }) => <bdi>{formatNumber(value, useWords().language)}</bdi>

type WhenProps = {
  readonly at: string
  /** `ago` (where left out) tells the distance and shows the time to those who ask. */
  readonly as?: 'ago' | 'date' | 'dateTime'
  readonly timeZone?: string
  /** Epoch milliseconds by another clock than the reader's: a demo's. */
  readonly nowMs?: number | undefined
}

const minuteMs = 60_000

/** Once a minute, so that "now" does not stay on the screen for an hour. */
const useMinutes = (): number => {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), minuteMs)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** A time: how long ago, or the day. The whole of it is shown on hover and to the keyboard. */
export const When = ({ at, as = 'ago', timeZone, nowMs }: WhenProps) => {
  const { language } = useWords()
  const now = useMinutes()
  const words = as === 'ago' ? formatAgo(at, nowMs ?? now, language) : formatTime(at, as, language, timeZone)
  return (
    <Tooltip label={formatTime(at, 'full', language, timeZone)} events={{ hover: true, focus: true, touch: true }}>
      <Text span inherit component="time" dateTime={at} style={{ whiteSpace: 'nowrap' }}>
        {words}
      </Text>
    </Tooltip>
  )
}

const pageOf: Readonly<Record<string, string>> = { per: '/people', off: '/offers', cmp: '/campaigns' }

type RefProps = {
  /** `per_…`, `off_…`, `cmp_…`; with `kind` anything. */
  readonly id: string
  readonly kind?: keyof typeof kinds
  /** Instead of the id. */
  readonly name?: string
  readonly noWrap?: boolean
}

const kinds = {
  person: '/people',
  offer: '/offers',
  campaign: '/campaigns',
  order: '/orders',
  segment: '/segments',
  decision: '/decisions',
} as const

/** A link to somebody or something by its id, which stays as it is in every language. */
export const Ref = ({ id, kind, name, noWrap = false }: RefProps) => {
  const folder = kind === undefined ? pageOf[id.split('_')[0] ?? ''] : kinds[kind]
  const label = name === undefined ? <Code dir="ltr">{id}</Code> : <bdi>{name}</bdi>
  if (folder === undefined) return label
  return (
    <Anchor
      component={Link}
      to={`${folder}/${encodeURIComponent(id)}`}
      inherit
      style={noWrap ? { whiteSpace: 'nowrap' } : { overflowWrap: name === undefined ? 'anywhere' : 'break-word' }}
    >
      {label}
    </Anchor>
  )
}
