import {
  ActionIcon,
  Badge,
  Button,
  Collapse,
  Group,
  Loader,
  NumberInput,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { formatNumber } from '../../../faces/format.ts'
import { useWords } from '../../../faces/words.ts'
import type { Trial, TrialBasket } from '../../../sdk/index.ts'
import { DayInput } from '../../parts/day-input.tsx'
import { MoneyInput } from '../../parts/money-input.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Problem } from '../../parts/problem.tsx'
import { reasonWords } from '../../parts/reason-words.ts'
import { Reasons } from '../../parts/reasons.tsx'
import { Money, Ref } from '../../parts/values.tsx'
import { useConditionWords } from '../use-condition-words.ts'
import { useNouns } from './condition-fields.ts'
import { useDraft } from './draft-form.tsx'
import classes from './editor.module.css'
import { NounSelect } from './noun-select.tsx'
import { meetsBaskets } from './offer-draft.ts'
import { somebodyNew } from './sample-basket.ts'
import type { DraftCheck } from './use-draft-check.ts'

type Line = {
  readonly id: string
  readonly sku: string
  readonly category?: string
  readonly quantity: number
  readonly unitPrice: number
}

type Props = {
  readonly basket: TrialBasket
  readonly onChange: (basket: TrialBasket) => void
  readonly check: DraftCheck
}

const linesOf = (basket: TrialBasket): readonly Line[] =>
  basket.lines.flatMap(line => ('unitPrice' in line ? [line as Line] : []))

const BasketLines = ({ basket, onChange }: Omit<Props, 'check'>) => {
  const { t } = useWords()
  const { currency } = useDraft()
  const lines = linesOf(basket)
  const change = (next: readonly Line[]): void => onChange({ ...basket, lines: next })
  const put = (place: number, more: Partial<Line>): void =>
    change(lines.map((line, at) => (at === place ? { ...line, ...more } : line)))
  const add = (): void => {
    const id = String(Math.max(0, ...lines.map(line => Number(line.id))) + 1)
    change([...lines, { id, sku: `SKU-${id}`, quantity: 1, unitPrice: lines.at(-1)?.unitPrice ?? 1000 }])
  }
  return (
    <Stack gap="xs">
      {lines.map((line, place) => (
        <div key={line.id} className={classes.basketLine}>
          <TextInput
            size="xs"
            label={t('offerForm.sku')}
            value={line.sku}
            onChange={event => put(place, { sku: event.currentTarget.value })}
          />
          <TextInput
            size="xs"
            label={t('offerForm.category')}
            value={line.category ?? ''}
            onChange={event => put(place, { category: event.currentTarget.value })}
          />
          <NumberInput
            size="xs"
            label={t('offerForm.count')}
            min={1}
            hideControls
            allowDecimal={false}
            value={line.quantity}
            onChange={typed => put(place, { quantity: Math.max(1, Number(typed) || 1) })}
          />
          <MoneyInput
            size="xs"
            label={t('offerForm.unitPrice')}
            currency={currency}
            value={line.unitPrice}
            onChange={unitPrice => put(place, { unitPrice: unitPrice ?? 0 })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={30}
            disabled={lines.length === 1}
            aria-label={t('offerForm.removeRow', { number: place + 1 })}
            onClick={() => change(lines.filter((_, at) => at !== place))}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={add}
      >
        {t('offerForm.addLine')}
      </Button>
    </Stack>
  )
}

/** Who buys, where and when. */
const Circumstances = ({ basket, onChange }: Omit<Props, 'check'>) => {
  const { t } = useWords()
  const { currency, timeZone } = useDraft()
  const { channels, locations } = useNouns()
  const [isOpen, setOpen] = useState(false)
  const put = (key: keyof TrialBasket, value: unknown): void => {
    const { [key]: _, ...rest } = basket
    onChange({ ...rest, ...(value !== undefined && value !== '' && { [key]: value }) } as TrialBasket)
  }
  return (
    <Stack gap="xs">
      <div className={classes.fields}>
        <NounSelect
          label={t('conditions.fields.channel')}
          data={channels}
          value={basket.channel}
          onChange={channel => put('channel', channel || 'web')}
        />
        <TextInput
          size="xs"
          label={t('offerForm.person')}
          placeholder={t(basket.person === undefined ? 'offerForm.nobody' : 'offerForm.somebodyNew')}
          disabled={basket.person === undefined}
          value={basket.person === undefined || basket.person === somebodyNew ? '' : basket.person}
          dir={basket.person === undefined || basket.person === somebodyNew ? undefined : 'ltr'}
          onChange={event => put('person', event.currentTarget.value || somebodyNew)}
        />
      </div>
      <Button
        size="compact-xs"
        variant="subtle"
        aria-expanded={isOpen}
        style={{ alignSelf: 'flex-start' }}
        onClick={() => setOpen(!isOpen)}
      >
        {t(isOpen ? 'offerForm.lessOfBasket' : 'offerForm.moreOfBasket')}
      </Button>
      <Collapse expanded={isOpen}>
        <div className={classes.fields}>
          <Switch
            size="xs"
            className={classes.whole}
            label={t('offerForm.nobodyNamed')}
            checked={basket.person === undefined}
            onChange={event => put('person', event.currentTarget.checked ? undefined : somebodyNew)}
          />
          <MoneyInput
            size="xs"
            label={t('offerForm.shipping')}
            currency={currency}
            value={basket.shipping}
            onChange={shipping => put('shipping', shipping)}
          />
          <NounSelect
            label={t('conditions.fields.location')}
            data={locations}
            value={basket.location ?? ''}
            onChange={location => put('location', location)}
          />
          <TextInput
            size="xs"
            label={t('offerForm.otherCode')}
            value={basket.codes?.[0] ?? ''}
            dir="ltr"
            onChange={event => put('codes', event.currentTarget.value === '' ? undefined : [event.currentTarget.value])}
          />
          <DayInput
            size="xs"
            label={t('offerForm.at')}
            timeZone={timeZone}
            value={basket.at}
            onChange={at => put('at', at)}
          />
        </div>
      </Collapse>
    </Stack>
  )
}

/** What a basket lacks, as far as it is an amount: money, or a number of things. */
const Missing = ({
  missing,
  currency,
}: {
  readonly missing: Readonly<Record<string, unknown>>
  readonly currency: string
}) => {
  const { t, language } = useWords()
  const amounts = Object.entries(missing).flatMap(([measure, amount]) =>
    typeof amount === 'number' ? [{ measure, amount }] : [],
  )
  return amounts.map(({ measure, amount }) => (
    <Text key={measure} size="sm">
      {measure === 'subtotal' || measure === 'total' ? (
        <>
          {t('offerForm.lacksMoney')} <Money minor={amount} currency={currency} />
        </>
      ) : (
        t('offerForm.lacks', { what: measure, amount: formatNumber(amount, language) })
      )}
    </Text>
  ))
}

const outcomes = {
  applied: { color: 'var(--good)', background: 'var(--good-soft)' },
  available: { color: 'var(--warn)', background: 'var(--warn-soft)' },
  withheld: { color: 'var(--warn)', background: 'var(--warn-soft)' },
  refused: { color: 'var(--bad)', background: 'var(--bad-soft)' },
} as const

/** What became of the draft, and of those beside it. */
const Outcome = ({ trial }: { readonly trial: Trial }) => {
  const words = useWords()
  const { t, language } = words
  const { draft, currency } = useDraft()
  const sayCondition = useConditionWords(currency)
  const { outcome, missing, reason, offer } = trial.draft
  const { totals, applied, refused, available, earned = [], cashback = [] } = trial.with
  const before = trial.without.totals.total
  const others = applied.filter(it => it.offer !== offer)
  const lost = trial.without.applied.filter(
    it => !applied.some(other => other.offer === it.offer) && it.offer !== offer,
  )
  const losers = [
    ...refused.flatMap(it =>
      it.offer === offer
        ? []
        : [{ key: `${it.offer}${it.code}`, title: <bdi>{it.name ?? it.code}</bdi>, reason: it.reason }],
    ),
  ]
  return (
    <Stack gap="sm" aria-live="polite">
      <Group gap="sm">
        <Badge size="lg" tt="none" style={{ ...outcomes[outcome], borderColor: 'transparent' }}>
          {t(`offerForm.outcome.${outcome}`)}
        </Badge>
      </Group>
      {missing && <Missing missing={missing} currency={currency} />}
      {reason && (
        <Text size="sm">
          <bdi>{reasonWords(reason, words, { currency, sayCondition })}</bdi>
        </Text>
      )}
      <dl className={classes.totals}>
        <div>
          <Text component="dt" size="xs" c="dimmed">
            {t('offerForm.without')}
          </Text>
          <dd>
            <Money minor={before} currency={currency} />
          </dd>
        </div>
        <div>
          <Text component="dt" size="xs" c="dimmed">
            {t('offerForm.with')}
          </Text>
          <dd>
            <Money minor={totals.total} currency={currency} />
          </dd>
        </div>
        <div>
          <Text component="dt" size="xs" c="dimmed">
            {t('offerForm.difference')}
          </Text>
          <dd>
            <Money minor={totals.total - before} currency={currency} />
          </dd>
        </div>
      </dl>
      {earned.map(({ programme, points }) => (
        <Text key={programme} size="sm">
          {t('offerForm.earns', { count: points, value: formatNumber(points, language), programme })}
        </Text>
      ))}
      {cashback.map(it => (
        <Text key={it.offer} size="sm">
          {t('offerForm.cashback')} <Money minor={it.amount} currency={it.currency} />
        </Text>
      ))}
      {applied
        .flatMap(it => it.gives ?? [])
        .map(it => (
          <Text key={JSON.stringify(it)} size="sm">
            {'sku' in it
              ? `${formatNumber(it.quantity, language)} × ${it.name ?? it.sku}`
              : 'title' in it
                ? it.title
                : null}
          </Text>
        ))}
      {others.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {t('offerForm.alsoApplies')}
          </Text>
          {others.map(it => (
            <Group key={it.offer} justify="space-between" gap="sm">
              <Ref id={it.offer} name={it.name} />
              <Money minor={-it.amount} currency={currency} />
            </Group>
          ))}
        </div>
      )}
      {lost.length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {t('offerForm.pushesOut')}
          </Text>
          {lost.map(it => (
            <Group key={it.offer} justify="space-between" gap="sm">
              <Ref id={it.offer} name={it.name} />
              <Money minor={-it.amount} currency={currency} />
            </Group>
          ))}
        </div>
      )}
      {losers.length > 0 && (
        <div>
          <Text size="sm" fw={600} mb={4}>
            {t('offerForm.losers')}
          </Text>
          <Reasons currency={currency} sayCondition={sayCondition} items={losers} />
        </div>
      )}
      {available.some(it => it.offer !== offer) && (
        <Text size="sm" c="dimmed">
          {t('offerForm.nearly', {
            names: available
              .filter(it => it.offer !== offer)
              .map(it => it.name)
              .join(', '),
          })}
        </Text>
      )}
      {draft.chance !== undefined && (
        <Text size="sm" c="dimmed">
          {t('offerForm.notDrawn')}
        </Text>
      )}
    </Stack>
  )
}

/** A basket to try the draft on: it is decided by the server as it is typed, beside the offers that are live. */
export const TestBasket = ({ basket, onChange, check }: Props) => {
  const { t } = useWords()
  const { draft } = useDraft()
  const { trial, failure, basketMistakes, isChecking } = check
  const isTried = meetsBaskets(draft)
  return (
    <Panel title={t('offerForm.testBasket')}>
      {isTried ? (
        <Stack gap="md">
          <BasketLines basket={basket} onChange={onChange} />
          <Circumstances basket={basket} onChange={onChange} />
          {basketMistakes.map(({ pointer, message }) => (
            <Text key={pointer} size="sm" c="var(--bad)">
              <bdi>{`${pointer} ${message}`}</bdi>
            </Text>
          ))}
          {failure ? <Problem error={failure} /> : null}
          {trial ? (
            <Outcome trial={trial} />
          ) : (
            isChecking && !failure && <Loader size="sm" role="status" aria-label={t('common.loading')} />
          )}
        </Stack>
      ) : (
        <Text size="sm" c="dimmed">
          {t(`offerForm.notTried.${draft.trigger.on}`)}
        </Text>
      )}
    </Panel>
  )
}
