import {
  ActionIcon,
  Alert,
  Autocomplete,
  Button,
  Group,
  Input,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
} from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { formatWeekday } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'
import { CelInput } from './cel-input.tsx'
import classes from './condition-builder.module.css'
import {
  type ConditionAsk,
  type ConditionField,
  type ConditionRow,
  type Conditions,
  type ConditionValue,
  type Operator,
  readConditions,
  writeConditions,
} from './condition-rows.ts'
import { operatorWords } from './condition-words.ts'
import { MoneyInput } from './money-input.tsx'

type Props = {
  readonly label: string
  readonly description?: string
  readonly value: string | undefined
  readonly onChange: (cel: string | undefined) => void
  /** What rows can ask about; anything else is written as CEL. */
  readonly fields: readonly ConditionField[]
  /** Of amounts. */
  readonly currency: string
  readonly error?: string | undefined
  /** The CEL is written beside the rows, not instead of them. */
  readonly hasTextBeside?: boolean
}

const weekdays = ['1', '2', '3', '4', '5', '6', '7']

type Choices = NonNullable<ConditionField['choices']>

type TextProps = {
  readonly label: string
  readonly className: string | undefined
  readonly choices: Choices
  readonly value: string
  readonly onChange: (value: string) => void
}

/** A name that is chosen by what people call it, or typed. */
const TextInput = ({ label, className, choices, value, onChange }: TextProps) => {
  const shared = { 'aria-label': label, placeholder: label, size: 'sm', className } as const
  return choices.some(it => it.value !== it.label) ? (
    <Select
      {...shared}
      searchable
      data={
        choices.some(it => it.value === value) || value === '' ? [...choices] : [...choices, { value, label: value }]
      }
      value={value === '' ? null : value}
      onChange={chosen => onChange(chosen ?? '')}
    />
  ) : (
    <Autocomplete {...shared} data={choices.map(it => it.value)} value={value} onChange={onChange} />
  )
}

const AskInput = ({
  ask,
  value,
  onChange,
}: {
  readonly ask: ConditionAsk
  readonly value: string
  readonly onChange: (value: string) => void
}) => {
  const { label, as, choices = [], placeholder, before, after } = ask
  if (as !== 'number')
    return <TextInput label={label} className={classes.ask} choices={choices} value={value} onChange={onChange} />
  return (
    <Group gap={6} wrap="nowrap" mih={36}>
      {before !== undefined && <Text size="sm">{before}</Text>}
      <NumberInput
        size="sm"
        w={72}
        min={0}
        max={365}
        hideControls
        allowDecimal={false}
        aria-label={label}
        placeholder={placeholder}
        value={value === '' ? '' : Number(value)}
        onChange={typed => onChange(String(typed))}
      />
      {after !== undefined && <Text size="sm">{after}</Text>}
    </Group>
  )
}

const ValueInput = ({
  field,
  row,
  currency,
  onChange,
}: {
  readonly field: ConditionField
  readonly row: ConditionRow
  readonly currency: string
  readonly onChange: (value: ConditionValue) => void
}) => {
  const { t, language } = useWords()
  const { value } = row
  const label = t('conditions.value', { field: field.label })
  const shared = { 'aria-label': label, size: 'sm', className: classes.value } as const
  const choices = [...(field.choicesFor?.(row.asked ?? {}) ?? field.choices ?? [])]
  // So that rows with a value and without one are in line.
  if (field.value === 'none') return field.asks ? null : <span className={classes.value} />
  if (field.value === 'money')
    return (
      <MoneyInput
        {...shared}
        currency={currency}
        value={typeof value === 'number' ? value : undefined}
        onChange={onChange}
      />
    )
  if (field.value === 'number')
    return (
      <NumberInput
        {...shared}
        min={0}
        hideControls
        allowDecimal={false}
        value={typeof value === 'number' ? value : ''}
        onChange={typed => onChange(typed === '' ? undefined : Number(typed))}
      />
    )
  const list = typeof value === 'object' ? [...value] : []
  if (field.value === 'weekdays')
    return (
      <MultiSelect
        {...shared}
        data={weekdays.map(day => ({ value: day, label: formatWeekday(Number(day), language) }))}
        value={list}
        onChange={chosen => onChange(chosen.sort())}
      />
    )
  if (row.operator === 'oneOf')
    return choices.length > 0 ? (
      <MultiSelect
        {...shared}
        searchable
        data={[
          ...choices,
          ...list.filter(it => !choices.some(known => known.value === it)).map(it => ({ value: it, label: it })),
        ]}
        value={list}
        onChange={onChange}
      />
    ) : (
      <TagsInput
        {...shared}
        value={list}
        onChange={onChange}
        placeholder={list.length === 0 ? t('conditions.several') : undefined}
      />
    )
  const text = typeof value === 'string' ? value : ''
  return <TextInput label={label} className={classes.value} choices={choices} value={text} onChange={onChange} />
}

const emptyOf = (field: ConditionField, operator: Operator): ConditionValue =>
  field.value === 'weekdays' || operator === 'oneOf' ? [] : field.value === 'text' ? '' : undefined

const rowOf = (field: ConditionField): ConditionRow => {
  const operator = Object.keys(field.operators)[0] as Operator
  const { asks, first } = field
  const asked = asks && { asked: Object.fromEntries(asks.map(ask => [ask.id, ask.first ?? ''])) }
  return { field: field.id, operator, value: first ?? emptyOf(field, operator), ...asked }
}

/** The fields to choose from, under their headings where they have some. */
const choicesOf = (fields: readonly ConditionField[]) => {
  const item = ({ id, label }: ConditionField) => ({ value: id, label })
  const groups = [...new Set(fields.flatMap(({ group }) => group ?? []))]
  return [
    ...fields.filter(({ group }) => group === undefined).map(item),
    ...groups.map(group => ({ group, items: fields.filter(it => it.group === group).map(item) })),
  ]
}

type RowProps = {
  readonly row: ConditionRow
  readonly fields: readonly ConditionField[]
  readonly currency: string
  readonly onChange: (row: ConditionRow) => void
  readonly onRemove: () => void
}

const Row = ({ row, fields, currency, onChange, onRemove }: RowProps) => {
  const { t } = useWords()
  const field = fields.find(({ id }) => id === row.field)
  if (!field) return null
  const operators = Object.keys(field.operators) as Operator[]
  const toOperator = (operator: Operator): void => {
    const fits =
      emptyOf(field, operator) === emptyOf(field, row.operator) || typeof emptyOf(field, operator) === typeof row.value
    onChange({ ...row, operator, value: fits ? row.value : emptyOf(field, operator) })
  }
  // What is asked on one line, what it is compared with on the next; a "yes" that is compared with nothing stays beside its field.
  const isLong = field.asks?.some(({ as }) => as === 'number') === true
  const isFlag = isLong && field.value === 'none'
  const asks = field.asks?.map(ask => (
    <AskInput
      key={ask.id}
      ask={ask}
      value={row.asked?.[ask.id] ?? ''}
      onChange={value => onChange({ ...row, asked: { ...row.asked, [ask.id]: value } })}
    />
  ))
  return (
    <div className={field.asks ? `${classes.row} ${classes.asking}` : classes.row}>
      <div className={classes.parts}>
        <Select
          aria-label={t('conditions.field')}
          size="sm"
          className={classes.field}
          searchable
          allowDeselect={false}
          data={choicesOf(fields)}
          value={row.field}
          onChange={chosen => {
            const next = fields.find(({ id }) => id === chosen)
            if (next) onChange(rowOf(next))
          }}
        />
        {!isFlag && asks}
        {isLong && !isFlag && <span className={classes.break} />}
        <Select
          aria-label={t('conditions.operator', { field: field.label })}
          size="sm"
          className={classes.operator}
          allowDeselect={false}
          data={operators.map(it => ({ value: it, label: operatorWords(field, it, t) }))}
          value={row.operator}
          onChange={chosen => chosen && toOperator(chosen as Operator)}
        />
        <ValueInput field={field} row={row} currency={currency} onChange={value => onChange({ ...row, value })} />
        {isFlag && <span className={classes.break} />}
        {isFlag && asks}
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t('conditions.remove', { field: field.label })}
        onClick={onRemove}
      >
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </div>
  )
}

/**
 * A condition by rows of "field · operator · value" that write CEL; what no row can say is shown, and written, as the CEL it is.
 *
 *     <ConditionBuilder label="…" value={offer.when} onChange={setWhen} fields={orderFields} currency="EUR" />
 */
export const ConditionBuilder = ({
  label,
  description,
  value,
  onChange,
  fields,
  currency,
  error,
  hasTextBeside = false,
}: Props) => {
  const { t } = useWords()
  const read = readConditions(value, fields)
  const [isText, setText] = useState(read === undefined)
  // Rows without a value yet are not in the CEL, so what is typed is kept here until the CEL is changed by somebody else.
  const [typed, setTyped] = useState<Conditions | undefined>(read)
  const isOwn = typed !== undefined && (writeConditions(typed, fields) ?? '') === (value ?? '')
  const shown = isOwn ? typed : read
  const change = (next: Conditions): void => {
    setTyped(next)
    onChange(writeConditions(next, fields))
  }
  const asText = !hasTextBeside && (isText || shown === undefined)
  const rows = shown?.rows ?? []
  return (
    <Input.Wrapper label={label} labelElement="div" description={description} error={asText ? undefined : error}>
      <Stack gap="xs" mt={4}>
        {asText ? (
          <CelInput
            aria-label={t('conditions.asCel', { label })}
            value={value}
            onChange={onChange}
            error={error}
            description={shown === undefined ? t('conditions.tooFree') : undefined}
          />
        ) : shown === undefined ? (
          <Alert color="yellow">
            <Text size="sm">{t('conditions.tooFree')}</Text>
          </Alert>
        ) : (
          <>
            {rows.length > 1 && (
              <SegmentedControl
                size="xs"
                aria-label={t('conditions.join')}
                style={{ alignSelf: 'flex-start' }}
                value={shown.join}
                onChange={join => change({ ...shown, join: join === 'any' ? 'any' : 'all' })}
                data={[
                  { value: 'all', label: t('conditions.all') },
                  { value: 'any', label: t('conditions.any') },
                ]}
              />
            )}
            {rows.length === 0 && !hasTextBeside && (
              <Text size="sm" c="dimmed">
                {t('conditions.none')}
              </Text>
            )}
            {rows.map((row, place) => (
              <Row
                key={place}
                row={row}
                fields={fields}
                currency={currency}
                onChange={next => change({ ...shown, rows: rows.map((it, at) => (at === place ? next : it)) })}
                onRemove={() => change({ ...shown, rows: rows.filter((_, at) => at !== place) })}
              />
            ))}
          </>
        )}
        <Group gap="xs">
          {!asText && shown !== undefined && (
            <Select
              // Anew for each row: what was searched for is gone.
              key={rows.length}
              size="sm"
              w={260}
              aria-label={t('conditions.add')}
              placeholder={t('conditions.add')}
              data={choicesOf(fields)}
              searchable
              value={null}
              onChange={chosen => {
                const field = fields.find(({ id }) => id === chosen)
                if (field) change({ join: shown.join, rows: [...rows, rowOf(field)] })
              }}
            />
          )}
          {!hasTextBeside && shown !== undefined && (
            <Button size="xs" variant="subtle" onClick={() => setText(!isText)}>
              {t(isText ? 'conditions.toRows' : 'conditions.toCel')}
            </Button>
          )}
        </Group>
      </Stack>
    </Input.Wrapper>
  )
}
