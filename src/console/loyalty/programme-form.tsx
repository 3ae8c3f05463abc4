import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { currencyDecimals } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'
import { Panel } from '../parts/panel.tsx'
import { type Draft, type Level, withLevel } from './programme-draft.ts'

type Props = {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
  /** Of the workspace, for what is counted in money. */
  readonly currency: string
}

type NumberProps = {
  readonly label: string
  readonly value: number | undefined
  readonly onChange: (value: number | undefined) => void
  readonly description?: string
  readonly decimals?: number
  readonly min?: number
  readonly max?: number
}

/** A number in units of its own: `decimals` of 2 shows 1,234 as 12.34. Nothing written is undefined. */
const Amount = ({ label, value, onChange, decimals = 0, min = 0, ...more }: NumberProps) => (
  <NumberInput
    label={label}
    value={value === undefined ? '' : value / 10 ** decimals}
    onChange={given => onChange(given === '' ? undefined : Math.round(Number(given) * 10 ** decimals))}
    decimalScale={decimals}
    fixedDecimalScale={decimals > 0}
    min={min}
    hideControls
    clampBehavior="blur"
    {...more}
  />
)

type ChoiceProps<T extends string> = {
  readonly label: string
  readonly value: T
  readonly values: readonly T[]
  readonly onChange: (value: T) => void
  /** Where the names of the values are: `loyalty.form.expiry` */
  readonly words: string
  /** Whole sentences need the width of two. */
  readonly isWide?: boolean
}

const Choice = <T extends string>({ label, value, values, onChange, words, isWide = false }: ChoiceProps<T>) => {
  const { t } = useWords()
  return (
    <NativeSelect
      label={label}
      style={isWide ? { gridColumn: '1 / -1' } : {}}
      value={value}
      onChange={event => {
        const chosen = values.find(it => it === event.currentTarget.value)
        if (chosen !== undefined) onChange(chosen)
      }}
      data={values.map(it => ({ value: it, label: t(`${words}.${it}`) }))}
    />
  )
}

const columns = { base: 1, sm: 2 } as const

const Basics = ({ draft, onChange }: Props) => {
  const { t } = useWords()
  const { unit, join } = draft
  return (
    <Panel title={t('loyalty.form.basics')}>
      <SimpleGrid cols={columns}>
        <TextInput
          label={t('loyalty.form.name')}
          required
          maxLength={120}
          value={draft.name}
          onChange={event => onChange({ ...draft, name: event.currentTarget.value })}
        />
        <Choice
          label={t('loyalty.about.join')}
          value={join.on}
          values={['asking', 'firstOrder']}
          words="loyalty.join"
          onChange={on => onChange({ ...draft, join: { ...join, on } })}
        />
        <TextInput
          label={t('loyalty.form.one')}
          required
          maxLength={40}
          value={unit.one}
          onChange={event => onChange({ ...draft, unit: { ...unit, one: event.currentTarget.value } })}
        />
        <TextInput
          label={t('loyalty.form.many')}
          required
          maxLength={40}
          value={unit.many}
          onChange={event => onChange({ ...draft, unit: { ...unit, many: event.currentTarget.value } })}
        />
      </SimpleGrid>
    </Panel>
  )
}

const Worth = ({ draft, onChange, currency }: Props) => {
  const { t } = useWords()
  const { rate, rate: _, ...without } = draft
  const decimals = draft.unit.decimals
  const money = rate?.worth.currency ?? currency
  return (
    <Panel title={t('loyalty.about.worth')}>
      <Stack gap="sm">
        <Switch
          label={t('loyalty.form.pays')}
          checked={rate !== undefined}
          onChange={event =>
            onChange(
              event.currentTarget.checked
                ? { ...draft, rate: { points: 100, worth: { amount: 100, currency } } }
                : without,
            )
          }
        />
        {rate && (
          <SimpleGrid cols={columns}>
            <Amount
              label={t('loyalty.form.soMany', { unit: draft.unit.many })}
              value={rate.points}
              decimals={decimals}
              onChange={points => onChange({ ...draft, rate: { ...rate, points: points ?? 1 } })}
            />
            <Amount
              label={t('loyalty.form.worth', { currency: money })}
              value={rate.worth.amount}
              decimals={currencyDecimals(money)}
              onChange={amount =>
                onChange({ ...draft, rate: { ...rate, worth: { amount: amount ?? 0, currency: money } } })
              }
            />
          </SimpleGrid>
        )}
      </Stack>
    </Panel>
  )
}

type Ending = 'never' | 'months' | 'days' | 'endOfMonth' | 'endOfYear' | 'sliding'

const endingOf = ({ expiry }: Draft): Ending => {
  if (!expiry) return 'never'
  if (expiry.kind === 'sliding') return 'sliding'
  if (expiry.kind === 'endOf') return expiry.period === 'month' ? 'endOfMonth' : 'endOfYear'
  return expiry.days === undefined ? 'months' : 'days'
}

const countOf = ({ expiry }: Draft): number =>
  !expiry
    ? 0
    : expiry.kind === 'endOf'
      ? expiry.periods
      : (expiry.days ?? ('months' in expiry ? expiry.months : 0) ?? 0)

const expiryOf = (ending: Ending, count: number): Draft['expiry'] => {
  switch (ending) {
    case 'never':
      return undefined
    case 'months':
      return { kind: 'after', months: Math.min(Math.max(count, 1), 120) }
    case 'days':
      return { kind: 'after', days: Math.max(count, 1) }
    case 'sliding':
      return { kind: 'sliding', days: Math.max(count, 1) }
    case 'endOfMonth':
      return { kind: 'endOf', period: 'month', periods: Math.min(count, 120) }
    case 'endOfYear':
      return { kind: 'endOf', period: 'year', periods: Math.min(count, 120) }
  }
}

/** What a new choice begins with. */
const startOf: Record<Ending, number> = { never: 0, months: 12, days: 365, sliding: 365, endOfMonth: 12, endOfYear: 1 }

const Earned = ({ draft, onChange }: Props) => {
  const { t } = useWords()
  const { expiry: _, ...rest } = draft
  const { pending, pending: __, ...atOnce } = draft
  const ending = endingOf(draft)
  const set = (next: Ending, count: number): void => {
    const expiry = expiryOf(next, count)
    onChange(expiry ? { ...rest, expiry } : rest)
  }
  const earnables = ['points', 'giftCards', 'credit', 'shipping'] as const
  return (
    <Panel title={t('loyalty.form.earned')}>
      <Stack gap="sm">
        <SimpleGrid cols={columns}>
          <Choice
            label={t('loyalty.about.expiry')}
            value={ending}
            values={['never', 'months', 'days', 'endOfMonth', 'endOfYear', 'sliding']}
            words="loyalty.form.expiry"
            onChange={next => set(next, startOf[next])}
          />
          {ending !== 'never' && (
            <Amount
              label={t(`loyalty.form.count.${ending}`)}
              value={countOf(draft)}
              min={ending.startsWith('endOf') ? 0 : 1}
              onChange={count => set(ending, count ?? startOf[ending])}
            />
          )}
        </SimpleGrid>
        {pending !== undefined && 'event' in pending ? (
          <Text size="sm" c="dimmed">
            {t('loyalty.pending.event', { event: pending.event })}
          </Text>
        ) : (
          <SimpleGrid cols={columns}>
            <Amount
              label={t('loyalty.form.pendingDays')}
              description={t('loyalty.form.pendingHint')}
              value={pending?.days ?? 0}
              max={3650}
              onChange={days => onChange(days ? { ...draft, pending: { days } } : atOnce)}
            />
          </SimpleGrid>
        )}
        <Checkbox.Group
          label={t('loyalty.form.earnsOn')}
          value={earnables.filter(it => draft.earnsOn[it])}
          onChange={chosen =>
            onChange({
              ...draft,
              earnsOn: {
                points: chosen.includes('points'),
                giftCards: chosen.includes('giftCards'),
                credit: chosen.includes('credit'),
                shipping: chosen.includes('shipping'),
              },
            })
          }
        >
          <Group mt={8}>
            {earnables.map(it => (
              <Checkbox key={it} value={it} label={t(`loyalty.earnsOn.${it}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Choice
          label={t('loyalty.about.returns')}
          value={draft.returns.earned}
          values={['pendingOnly', 'withinBalance', 'unlimited']}
          words="loyalty.returns"
          onChange={earned => onChange({ ...draft, returns: { ...draft.returns, earned } })}
        />
      </Stack>
    </Panel>
  )
}

const Spending = ({ draft, onChange }: Props) => {
  const { t } = useWords()
  const { burning, unit } = draft
  return (
    <Panel title={t('loyalty.about.burning')}>
      <SimpleGrid cols={columns}>
        <Choice
          label={t('loyalty.form.burnOrder')}
          value={burning.order}
          values={['soonestExpiring', 'oldestFirst']}
          words="loyalty.burning.order"
          onChange={order => onChange({ ...draft, burning: { ...burning, order } })}
        />
        <Amount
          label={t('loyalty.form.maxPercent')}
          value={burning.maxPercent}
          min={1}
          max={100}
          onChange={maxPercent => onChange({ ...draft, burning: { ...burning, maxPercent: maxPercent ?? 100 } })}
        />
        <Amount
          label={t('loyalty.form.burnMinimum', { unit: unit.many })}
          value={burning.minimum}
          decimals={unit.decimals}
          onChange={minimum => onChange({ ...draft, burning: { ...burning, minimum: minimum ?? 0 } })}
        />
        <Amount
          label={t('loyalty.form.burnMaximum', { unit: unit.many })}
          value={burning.maximum}
          decimals={unit.decimals}
          onChange={maximum => {
            const { maximum: _, ...rest } = burning
            onChange({ ...draft, burning: maximum === undefined ? rest : { ...rest, maximum } })
          }}
        />
      </SimpleGrid>
    </Panel>
  )
}

type LevelProps = {
  readonly level: Level
  readonly label: string
  readonly decimals: number
  readonly onChange: (level: Level) => void
  readonly onRemove: (() => void) | undefined
}

const LevelRow = ({ level, label, decimals, onChange, onRemove }: LevelProps) => {
  const { t } = useWords()
  return (
    <Group align="flex-start" gap="sm" wrap="nowrap">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm" style={{ flex: 1 }}>
        <TextInput
          label={t('loyalty.form.tierName')}
          required
          maxLength={120}
          value={level.name}
          onChange={event => onChange({ ...level, name: event.currentTarget.value })}
        />
        <Amount
          label={label}
          value={level.threshold}
          decimals={decimals}
          onChange={threshold => onChange({ ...level, threshold: threshold ?? 0 })}
        />
        <Textarea
          label={t('loyalty.form.benefits')}
          autosize
          minRows={1}
          maxRows={4}
          value={level.benefits.join('\n')}
          onChange={event => onChange({ ...level, benefits: event.currentTarget.value.split('\n').slice(0, 20) })}
          onBlur={() => onChange({ ...level, benefits: level.benefits.map(it => it.trim()).filter(it => it !== '') })}
        />
      </SimpleGrid>
      <ActionIcon
        mt={26}
        size={34}
        variant="default"
        aria-label={t('loyalty.form.removeTier', { name: level.name })}
        disabled={!onRemove}
        onClick={onRemove}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  )
}

const periods = ['rolling', 'month', 'quarter', 'year'] as const

const Tiers = ({ draft, onChange, currency }: Props) => {
  const { t } = useWords()
  const { tiers, tiers: _, ...without } = draft
  const first = t('loyalty.form.newTier')
  const decimals = tiers?.by === 'spend' ? currencyDecimals(currency) : tiers?.by === 'points' ? draft.unit.decimals : 0
  return (
    <Panel title={t('loyalty.about.tiers')}>
      <Stack gap="md">
        <Switch
          label={t('loyalty.form.hasTiers')}
          checked={tiers !== undefined}
          onChange={event =>
            onChange(
              event.currentTarget.checked
                ? {
                    ...draft,
                    tiers: {
                      by: 'points',
                      period: { rolling: { days: 365 } },
                      levels: withLevel([], first),
                      down: 'all',
                      graceDays: 0,
                    },
                  }
                : without,
            )
          }
        />
        {tiers && (
          <>
            <SimpleGrid cols={columns}>
              <Choice
                label={t('loyalty.form.tiersBy')}
                value={tiers.by}
                values={['points', 'spend', 'visits']}
                words="loyalty.form.by"
                onChange={by => onChange({ ...draft, tiers: { ...tiers, by } })}
              />
              <Choice
                label={t('loyalty.form.within')}
                value={'rolling' in tiers.period ? 'rolling' : tiers.period.calendar}
                values={periods}
                words="loyalty.form.period"
                onChange={chosen =>
                  onChange({
                    ...draft,
                    tiers: {
                      ...tiers,
                      period: chosen === 'rolling' ? { rolling: { days: 365 } } : { calendar: chosen },
                    },
                  })
                }
              />
              {'rolling' in tiers.period && (
                <Amount
                  label={t('loyalty.form.count.days')}
                  value={tiers.period.rolling.days}
                  min={1}
                  max={365}
                  onChange={days =>
                    onChange({ ...draft, tiers: { ...tiers, period: { rolling: { days: days ?? 365 } } } })
                  }
                />
              )}
              <Choice
                label={t('loyalty.form.down')}
                value={tiers.down}
                values={['all', 'one', 'none']}
                words="loyalty.tiers.down"
                isWide
                onChange={down => onChange({ ...draft, tiers: { ...tiers, down } })}
              />
              <Amount
                label={t('loyalty.form.graceDays')}
                value={tiers.graceDays}
                max={365}
                onChange={graceDays => onChange({ ...draft, tiers: { ...tiers, graceDays: graceDays ?? 0 } })}
              />
            </SimpleGrid>
            {tiers.levels.map((level, place) => (
              <LevelRow
                key={level.id}
                level={level}
                label={t(`loyalty.form.threshold.${tiers.by}`, { currency })}
                decimals={decimals}
                onChange={next => onChange({ ...draft, tiers: { ...tiers, levels: tiers.levels.with(place, next) } })}
                onRemove={
                  tiers.levels.length === 1
                    ? undefined
                    : () => onChange({ ...draft, tiers: { ...tiers, levels: tiers.levels.toSpliced(place, 1) } })
                }
              />
            ))}
            <Group>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconPlus size={14} aria-hidden />}
                disabled={tiers.levels.length >= 20}
                onClick={() => onChange({ ...draft, tiers: { ...tiers, levels: withLevel(tiers.levels, first) } })}
              >
                {t('loyalty.form.addTier')}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Panel>
  )
}

const Sharing = ({ draft, onChange }: Props) => {
  const { t } = useWords()
  const { transfers, unit, households, households: _, ...alone } = draft
  const { leaving } = draft
  return (
    <Panel title={t('loyalty.form.sharing')}>
      <Stack gap="sm">
        <SimpleGrid cols={columns}>
          <Choice
            label={t('loyalty.about.transfers')}
            value={transfers.between}
            values={['nobody', 'household', 'anyone']}
            words="loyalty.transfers"
            isWide
            onChange={between => onChange({ ...draft, transfers: { ...transfers, between } })}
          />
          {transfers.between !== 'nobody' && (
            <>
              <Amount
                label={t('loyalty.form.dailyLimit', { unit: unit.many })}
                value={transfers.dailyLimit}
                decimals={unit.decimals}
                onChange={dailyLimit => {
                  const { dailyLimit: __, ...rest } = transfers
                  onChange({ ...draft, transfers: dailyLimit === undefined ? rest : { ...rest, dailyLimit } })
                }}
              />
              <Amount
                label={t('loyalty.form.feePercent')}
                value={transfers.feePercent}
                max={50}
                onChange={feePercent =>
                  onChange({ ...draft, transfers: { ...transfers, feePercent: feePercent ?? 0 } })
                }
              />
              <Amount
                label={t('loyalty.form.waitingDays')}
                value={transfers.waitingDays}
                max={365}
                onChange={waitingDays =>
                  onChange({ ...draft, transfers: { ...transfers, waitingDays: waitingDays ?? 0 } })
                }
              />
            </>
          )}
        </SimpleGrid>
        <Switch
          label={t('loyalty.form.hasHouseholds')}
          checked={households !== undefined}
          onChange={event =>
            onChange(
              event.currentTarget.checked ? { ...draft, households: { members: 5 } } : { ...alone, transfers, unit },
            )
          }
        />
        <SimpleGrid cols={columns}>
          {households && (
            <Amount
              label={t('loyalty.form.householdMembers')}
              value={households.members}
              min={2}
              max={20}
              onChange={members => onChange({ ...draft, households: { members: members ?? 5 } })}
            />
          )}
          <Choice
            label={t('loyalty.about.leaving')}
            value={leaving.points}
            values={['keep', 'forfeit']}
            words="loyalty.form.leaving"
            onChange={points => onChange({ ...draft, leaving: { ...leaving, points } })}
          />
          {leaving.points === 'forfeit' && (
            <Amount
              label={t('loyalty.form.noticeDays')}
              value={leaving.days}
              max={365}
              onChange={days => onChange({ ...draft, leaving: { ...leaving, days: days ?? 0 } })}
            />
          )}
        </SimpleGrid>
      </Stack>
    </Panel>
  )
}

/** The terms of a programme, part by part. */
export const ProgrammeForm = (props: Props) => (
  <Stack gap="lg">
    <Basics {...props} />
    <Worth {...props} />
    <Earned {...props} />
    <Spending {...props} />
    <Tiers {...props} />
    <Sharing {...props} />
  </Stack>
)
