import { Button, Select, Skeleton, Stack, Text } from '@mantine/core'
import { useCall } from '../../../faces/queries.ts'
import { useWords } from '../../../faces/words.ts'
import type { BenefitKind } from '../../../sdk/index.ts'
import { CelInput } from '../../parts/cel-input.tsx'
import { ConditionBuilder } from '../../parts/condition-builder.tsx'
import { MoneyInput } from '../../parts/money-input.tsx'
import { Problem } from '../../parts/problem.tsx'
import { ItemsField, PerAmountField, PerPeriodField, SwitchField, TiersField } from './benefit-parts.tsx'
import { firstOf, type Shape, shapeOf, takesCel } from './benefit-schema.ts'
import { useLineFields } from './condition-fields.ts'
import { asNumber, asText, useDraft, usePart } from './draft-form.tsx'
import classes from './editor.module.css'
import { ChoiceField, MoneyField, NumberField, TextField } from './fields.tsx'
import { periodDays } from './periods.ts'

type Hint = BenefitKind['form'][number]
type Asked = { readonly kind: BenefitKind; readonly hint: Hint; readonly at: string; readonly shape: Shape | undefined }

/** What a field is called, and what is to know about it, in the reader's language; the kind's own words where there are none. */
const useHintWords = ({ kind: { kind }, hint }: Pick<Asked, 'kind' | 'hint'>) => {
  const { t } = useWords()
  const name = hint.field.replace(/\/(\w)/g, (_, letter: string) => letter.toUpperCase())
  return {
    label: t([`benefits.fields.${kind}.${name}`, `benefits.fields.${name}`], { defaultValue: hint.label }),
    description: t([`benefits.helps.${kind}.${name}`, `benefits.helps.${name}`], { defaultValue: '' }) || undefined,
  }
}

/** A number that may be CEL instead: a fixed one, or one that is reckoned for each order. */
const Reckoned = ({ at, children }: { readonly at: string; readonly children: React.ReactNode }) => {
  const { t } = useWords()
  const { value, set, error } = usePart(at)
  const isCel = typeof value === 'string'
  return (
    <Stack gap={4}>
      {isCel ? (
        <CelInput
          label={t('offerForm.reckoned')}
          description={t('offerForm.reckonedText')}
          value={value}
          onChange={cel => set(cel ?? '')}
          error={error}
        />
      ) : (
        children
      )}
      <Button
        size="compact-xs"
        variant="subtle"
        style={{ alignSelf: 'flex-start' }}
        onClick={() => set(isCel ? 100 : 'order.subtotal / 10')}
      >
        {t(isCel ? 'offerForm.toFixed' : 'offerForm.toReckoned')}
      </Button>
    </Stack>
  )
}

/** Minor units beside a currency of the whole benefit. */
const AmountField = ({ kind, hint, at, shape }: Asked) => {
  const { currency: usual, draft, set } = useDraft()
  const { value, error } = usePart(at)
  const words = useHintWords({ kind, hint })
  const benefit = draft.benefit as Readonly<Record<string, unknown>>
  const currency = asText(benefit.currency) ?? usual
  const amounts = kind.form.filter(it => it.input === 'money' && shapeOf(kind, it.field)?.properties === undefined)
  const change = (minor: number | undefined): void => {
    const others = amounts.some(it => it.field !== hint.field && benefit[it.field] !== undefined)
    const { currency: _, [hint.field]: __, ...rest } = benefit
    const isNeeded = minor !== undefined || others || (kind.schema as Shape).required?.includes('currency') === true
    set('/benefit', {
      ...rest,
      ...(minor !== undefined && { [hint.field]: minor }),
      ...(isNeeded && shapeOf(kind, 'currency') !== undefined && { currency }),
    })
  }
  const input = <MoneyInput {...words} error={error} currency={currency} value={asNumber(value)} onChange={change} />
  return takesCel(shape) ? <Reckoned at={at}>{input}</Reckoned> : input
}

const LinesField = ({ kind, hint, at }: Asked) => {
  const { currency } = useDraft()
  const { value, set, error } = usePart(at)
  const words = useHintWords({ kind, hint })
  const fields = useLineFields()
  return (
    <ConditionBuilder
      label={words.label}
      {...(words.description === undefined ? {} : { description: words.description })}
      value={asText(value)}
      onChange={set}
      fields={fields}
      currency={currency}
      error={error}
    />
  )
}

const ProgrammeField = ({ kind, hint, at }: Asked) => {
  const { t } = useWords()
  const words = useHintWords({ kind, hint })
  const programmes = useCall('listProgrammes', [{ limit: 100 }], { staleMs: 60_000 })
  return (
    <ChoiceField
      {...words}
      at={at}
      isNeeded
      data={(programmes.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      nothingFoundMessage={t('offerForm.noProgrammes')}
    />
  )
}

const OfferField = ({ kind, hint, at }: Asked) => {
  const { t } = useWords()
  const words = useHintWords({ kind, hint })
  const offers = useCall('listOffers', [{ limit: 200 }], { staleMs: 10_000 })
  const issued = (offers.data?.data ?? []).filter(({ trigger, state }) => trigger.on === 'grant' && state !== 'ended')
  return (
    <ChoiceField
      {...words}
      at={at}
      isNeeded
      data={issued.map(({ id, name }) => ({ value: id, label: name }))}
      nothingFoundMessage={t('offerForm.noGrantOffers')}
    />
  )
}

/** The field that a kind asks for: by the input that it names, and the shape that its schema has there. */
const BenefitField = (asked: Asked) => {
  const { kind, hint, at, shape } = asked
  const { t } = useWords()
  const words = useHintWords(asked)
  const has = (name: string): boolean => shape?.properties?.[name] !== undefined
  if (hint.field === 'programme') return <ProgrammeField {...asked} />
  if (has('points') && has('amount')) return <PerAmountField at={at} {...words} />
  if (has('points') && has('period')) return <PerPeriodField at={at} {...words} periods={periodDays} />
  switch (hint.input) {
    case 'percent':
      return <NumberField at={at} {...words} min={0} max={100} decimals={4} suffix=" %" />
    case 'money':
      return shape?.properties === undefined ? <AmountField {...asked} /> : <MoneyField at={at} {...words} />
    case 'number': {
      const isWhole = shape?.type === 'integer' || takesCel(shape)
      const field = <NumberField at={at} {...words} decimals={isWhole ? 0 : 2} />
      return takesCel(shape) ? <Reckoned at={at}>{field}</Reckoned> : field
    }
    case 'lines':
      return <LinesField {...asked} />
    case 'choice':
      return (
        <ChoiceField
          at={at}
          {...words}
          isNeeded={(kind.schema as Shape).required?.includes(hint.field) === true}
          data={(shape?.enum ?? []).map(value => ({
            value,
            label: t(`benefits.choices.${value}`, { defaultValue: value }),
          }))}
        />
      )
    case 'offer':
      return <OfferField {...asked} />
    case 'tiers':
      return <TiersField at={at} {...words} />
    case 'items':
      return <ItemsField at={at} {...words} isOfGoods={shape?.items?.properties?.sku !== undefined} />
    case 'switch':
      return <SwitchField at={at} {...words} />
    case 'text':
      return <TextField at={at} {...words} />
  }
}

const isWide = ({ input }: Hint): boolean => input === 'lines' || input === 'tiers' || input === 'items'

/** What is given: a kind, and what that kind asks for, as it describes itself. */
export const BenefitForm = () => {
  const { t } = useWords()
  const { draft, set, currency } = useDraft()
  const { data, error, refetch } = useCall('listBenefitKinds', [], { staleMs: Number.POSITIVE_INFINITY })
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!data) return <Skeleton height={160} aria-busy="true" />
  const kinds = data.data
  const kind = kinds.find(it => it.kind === draft.benefit.kind)
  return (
    <Stack gap="md">
      <Select
        label={t('offerForm.kind')}
        allowDeselect={false}
        data={kinds.map(it => ({
          value: it.kind,
          label: t(`benefits.kinds.${it.kind}.title`, { defaultValue: it.title }),
        }))}
        value={draft.benefit.kind}
        onChange={chosen => {
          const next = kinds.find(it => it.kind === chosen)
          if (next && next !== kind) set('/benefit', firstOf(next, currency))
        }}
        description={kind && t(`benefits.kinds.${kind.kind}.about`, { defaultValue: kind.about })}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
      {kind ? (
        <div className={classes.fields}>
          {kind.form.map(hint => (
            <div key={`${kind.kind}/${hint.field}`} className={isWide(hint) ? classes.wide : undefined}>
              <BenefitField kind={kind} hint={hint} at={`/benefit/${hint.field}`} shape={shapeOf(kind, hint.field)} />
            </div>
          ))}
        </div>
      ) : (
        <Text size="sm" c="dimmed">
          {t('offerForm.unknownKind')}
        </Text>
      )}
    </Stack>
  )
}
