import { ActionIcon, Autocomplete, Group, NumberInput, Select, Text, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { currencyDecimals } from '../../faces/format.ts'
import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { useWorkspace } from '../parts/use-workspace.ts'
import { useTypeWords } from '../people/identifier.tsx'
import {
  isNumberRule,
  type NumberFact,
  type NumberRule,
  numberFacts,
  type Operator,
  operators,
  type Rule,
  type YesNoFact,
  type YesNoRule,
  yesNoFacts,
} from './builder.ts'
import classes from './segments.module.css'

const numberNames = Object.keys(numberFacts) as NumberFact[]
const consentChannels = ['email', 'sms', 'call', 'whatsapp', 'push', 'app', 'web', 'social', 'store', 'post'] as const
const purposes = ['marketing', 'service', 'research', 'profiling'] as const
const identifierTypes = [
  'email',
  'phone',
  'userId',
  'loyaltyCard',
  'posCustomer',
  'whatsapp',
  'social',
  'device',
] as const
const usualDays = 30

/** A rule as it begins. */
export const newRule = (fact: NumberFact | YesNoFact): Rule => {
  const isNumber = (it: string): it is NumberFact => Object.hasOwn(numberFacts, it)
  if (isNumber(fact)) {
    const days = numberFacts[fact].days ? usualDays : undefined
    return { fact, of: '', days, operator: '>=', value: 1 }
  }
  const [of, more] = fact === 'birthday' ? ['7', '0'] : fact === 'consent' ? ['email', 'marketing'] : ['', '']
  return { fact, of, more, is: true }
}

/** What can be asked, in groups. */
export const useFactChoices = () => {
  const { t } = useWords()
  const named = (values: readonly string[]) => values.map(value => ({ value, label: t(`segments.fact.${value}`) }))
  return [
    { group: t('segments.builder.did'), items: named(numberNames) },
    { group: t('segments.builder.isLike'), items: named(yesNoFacts) },
  ]
}

type Choices = readonly { readonly value: string; readonly label: string }[]
type Edit<R> = { readonly rule: R; readonly onChange: (rule: R) => void }

const same = (values: readonly string[]): Choices => values.map(value => ({ value, label: value }))

const useProgrammes = () => useCall('listProgrammes', [{ limit: 100 }], { staleMs: 60_000 }).data?.data ?? []

/** Channels that are described, and those that everybody knows. */
const useChannels = (): readonly string[] => {
  const { data } = useCall('listChannels', [{ limit: 100 }], { staleMs: 60_000 })
  return [...new Set([...(data?.data.map(({ id }) => id) ?? []), 'web', 'app', 'store'])]
}

type PickProps = {
  readonly label: string
  readonly data: Choices
  readonly value: string
  readonly onChange: (value: string) => void
  readonly width?: number
}

const Pick = ({ label, data, value, onChange, width = 170 }: PickProps) => (
  <Select
    size="sm"
    w={width}
    aria-label={label}
    placeholder={label}
    data={[...data]}
    value={data.some(it => it.value === value) ? value : null}
    onChange={chosen => onChange(chosen ?? '')}
    allowDeselect={false}
    searchable={data.length > 10}
  />
)

const NumberOf = ({ rule, onChange }: Edit<NumberRule>) => {
  const { t } = useWords()
  const facts = numberFacts[rule.fact]
  const of = 'of' in facts ? facts.of : undefined
  const channels = useChannels()
  const programmes = useProgrammes()
  const currency = useWorkspace()?.currency ?? 'EUR'
  const decimals = 'money' in facts ? currencyDecimals(currency) : 0
  const label = t(`segments.of.${of ?? 'channel'}`)
  return (
    <>
      {of === 'channel' && (
        <Pick label={label} data={same(channels)} value={rule.of} onChange={it => onChange({ ...rule, of: it })} />
      )}
      {of === 'programme' && (
        <Pick
          label={label}
          data={programmes.map(({ id, name }) => ({ value: id, label: name }))}
          value={rule.of}
          onChange={it => onChange({ ...rule, of: it })}
        />
      )}
      {(of === 'category' || of === 'event') && (
        <Autocomplete
          size="sm"
          w={170}
          aria-label={label}
          placeholder={label}
          data={of === 'event' ? ['Product Viewed', 'Product Added', 'Product Reviewed'] : []}
          value={rule.of}
          onChange={it => onChange({ ...rule, of: it })}
        />
      )}
      {facts.days && (
        <Group gap={6} wrap="nowrap">
          <Text size="sm">{t('segments.builder.within')}</Text>
          <NumberInput
            size="sm"
            w={72}
            hideControls
            min={1}
            max={365}
            aria-label={t('segments.builder.days')}
            placeholder={t('segments.builder.ever')}
            value={rule.days ?? ''}
            onChange={it => onChange({ ...rule, days: typeof it === 'number' ? it : undefined })}
          />
          <Text size="sm">{t('segments.builder.daysAfter')}</Text>
        </Group>
      )}
      <Pick
        label={t('segments.builder.compared')}
        width={150}
        data={operators.map(value => ({ value, label: t(`segments.operator.${operatorNames[value]}`) }))}
        value={rule.operator}
        onChange={it => onChange({ ...rule, operator: operators.find(known => known === it) ?? '>=' })}
      />
      <NumberInput
        size="sm"
        w={110}
        hideControls
        min={0}
        aria-label={t('segments.builder.value')}
        decimalScale={decimals}
        fixedDecimalScale={decimals > 0}
        {...('money' in facts ? { suffix: ` ${currency}` } : {})}
        value={rule.value / 10 ** decimals}
        onChange={it => typeof it === 'number' && onChange({ ...rule, value: Math.round(it * 10 ** decimals) })}
      />
    </>
  )
}

const operatorNames: Record<Operator, string> = {
  '>=': 'atLeast',
  '<=': 'atMost',
  '==': 'exactly',
  '>': 'more',
  '<': 'less',
  '!=': 'not',
}

const YesNoOf = ({ rule, onChange }: Edit<YesNoRule>) => {
  const { t } = useWords()
  const typeWords = useTypeWords()
  const channels = useChannels()
  const programmes = useProgrammes()
  const segments = useCall('listSegments', [{ limit: 1000 }], { staleMs: 60_000, enabled: rule.fact === 'segment' })
  const topics = useWorkspace()?.topics ?? []
  const { fact, of, more } = rule
  const setOf = (it: string) => onChange({ ...rule, of: it })
  const setMore = (it: string) => onChange({ ...rule, more: it })
  const tiers = programmes.find(({ id }) => id === of)?.tiers?.levels ?? []
  return (
    <>
      <Pick
        label={t('segments.builder.is')}
        width={110}
        data={[
          { value: 'yes', label: t('segments.builder.yes') },
          { value: 'no', label: t('segments.builder.no') },
        ]}
        value={rule.is ? 'yes' : 'no'}
        onChange={it => onChange({ ...rule, is: it === 'yes' })}
      />
      {fact === 'segment' && (
        <Pick
          label={t('segments.of.segment')}
          data={(segments.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={of}
          onChange={setOf}
          width={220}
        />
      )}
      {fact === 'consent' && (
        <>
          <Pick
            label={t('segments.of.channel')}
            data={consentChannels.map(value => ({ value, label: t(`people.consent.channel.${value}`) }))}
            value={of}
            onChange={setOf}
          />
          <Pick
            label={t('segments.of.purpose')}
            data={[
              ...purposes.map(value => ({ value, label: t(`people.consent.purpose.${value}`) })),
              ...topics.map(({ id }) => ({ value: id, label: id })),
            ]}
            value={more}
            onChange={setMore}
          />
        </>
      )}
      {fact === 'birthday' && (
        <Group gap={6} wrap="nowrap">
          <DaysInput label={t('segments.builder.daysBefore')} value={of} onChange={setOf} />
          <Text size="sm">{t('segments.builder.before')}</Text>
          <DaysInput label={t('segments.builder.daysLater')} value={more} onChange={setMore} />
          <Text size="sm">{t('segments.builder.later')}</Text>
        </Group>
      )}
      {fact === 'identifier' && (
        <Pick
          label={t('segments.of.identifier')}
          data={identifierTypes.map(value => ({ value, label: typeWords(value) }))}
          value={of}
          onChange={setOf}
        />
      )}
      {fact === 'tier' && (
        <>
          <Pick
            label={t('segments.of.programme')}
            data={programmes.map(({ id, name }) => ({ value: id, label: name }))}
            value={of}
            onChange={setOf}
          />
          <Pick
            label={t('segments.of.tier')}
            data={tiers.map(({ id, name }) => ({ value: id, label: name }))}
            value={more}
            onChange={setMore}
          />
        </>
      )}
      {fact === 'mostlyOn' && (
        <Pick label={t('segments.of.channel')} data={same(channels)} value={of} onChange={setOf} />
      )}
      {fact === 'trait' && (
        <>
          <TextInput
            size="sm"
            w={150}
            aria-label={t('segments.of.trait')}
            placeholder={t('segments.of.trait')}
            value={of}
            onChange={event => setOf(event.currentTarget.value)}
          />
          <TextInput
            size="sm"
            w={150}
            aria-label={t('segments.builder.value')}
            placeholder={t('segments.builder.value')}
            value={more}
            onChange={event => setMore(event.currentTarget.value)}
          />
        </>
      )}
    </>
  )
}

type DaysProps = { readonly label: string; readonly value: string; readonly onChange: (value: string) => void }

const DaysInput = ({ label, value, onChange }: DaysProps) => (
  <NumberInput
    size="sm"
    w={64}
    hideControls
    min={0}
    max={182}
    aria-label={label}
    value={value === '' ? '' : Number(value)}
    onChange={it => onChange(String(it))}
  />
)

type Props = Edit<Rule> & { readonly onRemove: () => void }

/** One rule, that reads like a part of a sentence. */
export const RuleRow = ({ rule, onChange, onRemove }: Props) => {
  const { t } = useWords()
  return (
    <div className={classes.rule}>
      <Group gap="xs" style={{ flex: 1 }}>
        <Text size="sm" fw={600}>
          {t(`segments.fact.${rule.fact}`)}
        </Text>
        {isNumberRule(rule) ? (
          <NumberOf rule={rule} onChange={onChange} />
        ) : (
          <YesNoOf rule={rule} onChange={onChange} />
        )}
      </Group>
      <ActionIcon variant="subtle" color="gray" aria-label={t('segments.builder.remove')} onClick={onRemove}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </div>
  )
}
