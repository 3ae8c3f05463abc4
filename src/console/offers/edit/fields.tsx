import { MultiSelect, NumberInput, Select, type SelectProps, TagsInput, TextInput } from '@mantine/core'
import { DayInput } from '../../parts/day-input.tsx'
import { MoneyInput } from '../../parts/money-input.tsx'
import { asList, asNumber, asText, useDraft, usePart } from './draft-form.tsx'

/** Fields of a draft by their JSON pointers. */

type Field = {
  readonly at: string
  readonly label: string
  readonly description?: string | undefined
  readonly placeholder?: string | undefined
}

export const TextField = ({ at, ...rest }: Field) => {
  const { value, set, error } = usePart(at)
  return (
    <TextInput
      {...rest}
      error={error}
      value={asText(value) ?? ''}
      onChange={event => set(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
    />
  )
}

type NumberProps = Field & {
  readonly min?: number
  readonly max?: number
  readonly decimals?: number
  readonly suffix?: string
}

export const NumberField = ({ at, min = 1, max, decimals = 0, suffix, ...rest }: NumberProps) => {
  const { value, set, error } = usePart(at)
  return (
    <NumberInput
      {...rest}
      min={min}
      {...(max === undefined ? {} : { max })}
      {...(suffix === undefined ? {} : { suffix })}
      decimalScale={decimals}
      hideControls
      error={error}
      value={asNumber(value) ?? ''}
      onChange={typed => set(typed === '' ? undefined : Number(typed))}
    />
  )
}

/** `{ amount, currency }`. */
export const MoneyField = ({ at, ...rest }: Field) => {
  const { currency: usual } = useDraft()
  const { value, set, error } = usePart(at)
  const money = value as { readonly amount?: number; readonly currency?: string } | undefined
  const currency = money?.currency ?? usual
  return (
    <MoneyInput
      {...rest}
      error={error}
      currency={currency}
      value={money?.amount}
      onChange={amount => set(amount === undefined ? undefined : { amount, currency })}
    />
  )
}

type ChoiceProps = Field & {
  readonly data: NonNullable<SelectProps['data']>
  readonly isNeeded?: boolean
  readonly nothingFoundMessage?: string
}

export const ChoiceField = ({ at, isNeeded = false, ...rest }: ChoiceProps) => {
  const { value, set, error } = usePart(at)
  return (
    <Select
      {...rest}
      searchable={Array.isArray(rest.data) && rest.data.length > 8}
      allowDeselect={!isNeeded}
      error={error}
      value={asText(value) ?? null}
      onChange={chosen => set(chosen ?? undefined)}
    />
  )
}

type SeveralProps = Field & { readonly data: readonly { readonly value: string; readonly label: string }[] }

/** Several of those that are known; where none are, whatever is typed. */
export const SeveralField = ({ at, data, ...rest }: SeveralProps) => {
  const { value, set, error } = usePart(at)
  const list = [...asList(value)]
  const change = (chosen: string[]): void => set(chosen.length === 0 ? undefined : chosen)
  if (data.length === 0) return <TagsInput {...rest} error={error} value={list} onChange={change} />
  const unknown = list.filter(id => !data.some(it => it.value === id)).map(id => ({ value: id, label: id }))
  return <MultiSelect {...rest} searchable data={[...data, ...unknown]} error={error} value={list} onChange={change} />
}

export const TimeField = ({ at, ...rest }: Field) => {
  const { draft, timeZone } = useDraft()
  const { value, set, error } = usePart(at)
  return (
    <DayInput
      {...rest}
      error={error}
      timeZone={draft.validity?.timeZone ?? timeZone}
      value={asText(value)}
      onChange={set}
    />
  )
}
