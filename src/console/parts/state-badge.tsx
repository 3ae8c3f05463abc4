import { Badge } from '@mantine/core'
import { useWords } from '../../faces/words.ts'

const tones = {
  good: { color: 'var(--good)', background: 'var(--good-soft)' },
  warn: { color: 'var(--warn)', background: 'var(--warn-soft)' },
  bad: { color: 'var(--bad)', background: 'var(--bad-soft)' },
  quiet: { color: 'var(--text-quiet)', background: 'var(--page)' },
} as const

const toneOf: Readonly<Record<string, keyof typeof tones>> = {
  live: 'good',
  done: 'good',
  active: 'good',
  placed: 'good',
  redeemed: 'good',
  fulfilled: 'good',
  open: 'warn',
  held: 'warn',
  pending: 'warn',
  returned: 'warn',
  blocked: 'bad',
  paused: 'warn',
  running: 'warn',
  queued: 'warn',
  failed: 'bad',
}

type Props = {
  readonly state: string
  readonly tone?: keyof typeof tones
  /** Where `common.states` has no name for it. */
  readonly label?: string
}

/** A state by colour and word: `live`, `paused`, `ended`, `done`, `failed` … as `common.states` names them. */
export const StateBadge = ({ state, tone, label }: Props) => {
  const { t } = useWords()
  const { color, background } = tones[tone ?? toneOf[state] ?? 'quiet']
  return (
    <Badge tt="none" fw={600} miw="max-content" style={{ color, background, borderColor: 'transparent' }}>
      {label ?? t(`common.states.${state}`)}
    </Badge>
  )
}
