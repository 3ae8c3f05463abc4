import {
  ActionIcon,
  Button,
  Group,
  Input,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useWords } from '../../../faces/words.ts'
import { ConditionBuilder } from '../../parts/condition-builder.tsx'
import { MoneyInput } from '../../parts/money-input.tsx'
import { useLineFields } from './condition-fields.ts'
import { asText, useDraft, usePart } from './draft-form.tsx'
import classes from './editor.module.css'

/** Fields of benefits that are more than one value. */

type Props = { readonly at: string; readonly label: string; readonly description?: string | undefined }

const rowsAt = <T,>(value: unknown): readonly T[] => (Array.isArray(value) ? (value as readonly T[]) : [])

/** "5 points for each 10.00". */
export const PerAmountField = ({ at, label, description }: Props) => {
  const { t } = useWords()
  const { currency: usual } = useDraft()
  const { value, set, error } = usePart(at)
  const per = value as { amount?: number; currency?: string; points?: number; whole?: boolean } | undefined
  const currency = per?.currency ?? usual
  const change = (more: object): void => {
    const next: { amount?: number; points?: number; currency: string } = { ...per, currency, ...more }
    set(next.amount === undefined && next.points === undefined ? undefined : next)
  }
  return (
    <Input.Wrapper label={label} labelElement="div" description={description} error={error}>
      <Group gap="xs" wrap="nowrap" mt={4}>
        <NumberInput
          aria-label={t('offerForm.points')}
          placeholder={t('offerForm.points')}
          min={1}
          hideControls
          allowDecimal={false}
          value={per?.points ?? ''}
          onChange={typed => change({ points: typed === '' ? undefined : Number(typed) })}
        />
        <MoneyInput
          aria-label={t('offerForm.forEach')}
          placeholder={t('offerForm.forEach')}
          currency={currency}
          value={per?.amount}
          onChange={amount => change({ amount })}
        />
      </Group>
    </Input.Wrapper>
  )
}

/** "300 points a month". */
export const PerPeriodField = ({
  at,
  label,
  description,
  periods,
}: Props & { readonly periods: readonly string[] }) => {
  const { t } = useWords()
  const { value, set, error } = usePart(at)
  const cap = value as { points?: number; period?: string } | undefined
  const period = cap?.period ?? 'month'
  return (
    <Input.Wrapper label={label} labelElement="div" description={description} error={error}>
      <Group gap="xs" wrap="nowrap" mt={4}>
        <NumberInput
          aria-label={t('offerForm.points')}
          placeholder={t('offerForm.points')}
          min={1}
          hideControls
          allowDecimal={false}
          value={cap?.points ?? ''}
          onChange={typed => set(typed === '' ? undefined : { points: Number(typed), period })}
        />
        <Select
          aria-label={t('offerForm.period')}
          allowDeselect={false}
          data={periods.map(it => ({ value: it, label: t(`offers.limit.period.${it}`) }))}
          value={period}
          disabled={cap === undefined}
          onChange={chosen => set({ ...cap, period: chosen ?? period })}
        />
      </Group>
    </Input.Wrapper>
  )
}

/** On where it is left out. */
export const SwitchField = ({ at, label, description }: Props) => {
  const { value, set } = usePart(at)
  return (
    <Switch
      label={label}
      description={description}
      mt={{ base: 0, sm: 28 }}
      checked={value !== false && value !== 0}
      onChange={event => set(event.currentTarget.checked ? undefined : false)}
    />
  )
}

const Rows = <T,>({
  label,
  description,
  error,
  rows,
  empty,
  onChange,
  children,
}: {
  readonly label: string
  readonly description?: string | undefined
  readonly error?: string | undefined
  readonly rows: readonly T[]
  readonly empty: T
  readonly onChange: (rows: readonly T[]) => void
  readonly children: (row: T, change: (next: T) => void, place: number) => ReactNode
}) => {
  const { t } = useWords()
  return (
    <Input.Wrapper label={label} labelElement="div" description={description} error={error}>
      <Stack gap="xs" mt={4}>
        {rows.map((row, place) => (
          <div key={place} className={classes.row}>
            <div className={classes.rowFields}>
              {children(row, next => onChange(rows.map((it, at) => (at === place ? next : it))), place)}
            </div>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              disabled={rows.length === 1}
              aria-label={t('offerForm.removeRow', { number: place + 1 })}
              onClick={() => onChange(rows.filter((_, at) => at !== place))}
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
          onClick={() => onChange([...rows, empty])}
        >
          {t('offerForm.addRow')}
        </Button>
      </Stack>
    </Input.Wrapper>
  )
}

type Tier = {
  readonly spend?: number | undefined
  readonly amount?: number | undefined
  readonly percent?: number | undefined
}

/** Steps of spend, all with amounts or all with percentages. */
export const TiersField = ({ at, label, description }: Props) => {
  const { t } = useWords()
  const { currency: usual, draft } = useDraft()
  const { value, set, error } = usePart(at)
  const tiers = rowsAt<Tier>(value)
  const currency = asText((draft.benefit as { readonly currency?: unknown }).currency) ?? usual
  const gives = tiers.some(it => it.percent !== undefined) ? 'percent' : 'amount'
  const last = tiers.at(-1)
  const switchTo = (to: string): void =>
    set(tiers.map(({ spend }, place) => ({ spend, [to]: to === 'percent' ? 5 * (place + 1) : (spend ?? 1000) / 10 })))
  return (
    <Rows
      label={label}
      description={description}
      error={error}
      rows={tiers}
      empty={{ spend: (last?.spend ?? 1000) * 2, [gives]: (last?.[gives] ?? 5) * (gives === 'percent' ? 1 : 2) }}
      onChange={set}
    >
      {(tier, change, place) => (
        <>
          {place === 0 && (
            <SegmentedControl
              size="xs"
              className={classes.whole}
              aria-label={t('offerForm.tierGives')}
              value={gives}
              onChange={switchTo}
              data={[
                { value: 'amount', label: t('offerForm.tierAmounts') },
                { value: 'percent', label: t('offerForm.tierPercents') },
              ]}
            />
          )}
          <MoneyInput
            label={t('offerForm.spend')}
            currency={currency}
            value={tier.spend}
            onChange={spend => change({ ...tier, spend })}
          />
          {gives === 'percent' ? (
            <NumberInput
              label={t('offerForm.off')}
              suffix=" %"
              min={0}
              max={100}
              hideControls
              value={tier.percent ?? ''}
              onChange={typed => change({ ...tier, percent: typed === '' ? undefined : Number(typed) })}
            />
          ) : (
            <MoneyInput
              label={t('offerForm.off')}
              currency={currency}
              value={tier.amount}
              onChange={amount => change({ ...tier, amount })}
            />
          )}
        </>
      )}
    </Rows>
  )
}

type Item = {
  readonly sku?: string | undefined
  readonly name?: string | undefined
  readonly stock?: number | undefined
  readonly lines?: string | undefined
  readonly quantity?: number | undefined
}

/** Gifts by their SKU, or parts of a bundle by a filter over the lines. */
export const ItemsField = ({ at, label, description, isOfGoods }: Props & { readonly isOfGoods: boolean }) => {
  const { t } = useWords()
  const { currency } = useDraft()
  const fields = useLineFields()
  const { value, set, error } = usePart(at)
  return (
    <Rows
      label={label}
      description={description}
      error={error}
      rows={rowsAt<Item>(value)}
      empty={isOfGoods ? { sku: '' } : { quantity: 1 }}
      onChange={set}
    >
      {(item, change, place) =>
        isOfGoods ? (
          <>
            <TextInput
              label={t('offerForm.sku')}
              value={item.sku ?? ''}
              onChange={event => change({ ...item, sku: event.currentTarget.value })}
            />
            <TextInput
              label={t('offerForm.itemName')}
              value={item.name ?? ''}
              onChange={event => change({ ...item, name: event.currentTarget.value || undefined })}
            />
            <NumberInput
              label={t('offerForm.stock')}
              placeholder={t('offerForm.noLimit')}
              min={0}
              hideControls
              allowDecimal={false}
              value={item.stock ?? ''}
              onChange={typed => change({ ...item, stock: typed === '' ? undefined : Number(typed) })}
            />
          </>
        ) : (
          <>
            <NumberInput
              label={t('offerForm.quantity')}
              min={1}
              allowDecimal={false}
              value={item.quantity ?? ''}
              onChange={typed => change({ ...item, quantity: typed === '' ? undefined : Number(typed) })}
            />
            <div className={classes.whole}>
              <ConditionBuilder
                label={t('offerForm.partItems', { number: place + 1 })}
                value={item.lines}
                onChange={lines => change({ ...item, lines })}
                fields={fields}
                currency={currency}
              />
            </div>
          </>
        )
      }
    </Rows>
  )
}
