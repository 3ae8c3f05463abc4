import { ActionIcon, Button, NumberInput, Radio, Select, Stack, TagsInput, Text } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useWords } from '../../../faces/words.ts'
import { ConditionBuilder } from '../../parts/condition-builder.tsx'
import { Panel } from '../../parts/panel.tsx'
import { BenefitForm } from './benefit-form.tsx'
import { useNouns, useOfferConditionFields } from './condition-fields.ts'
import { asList, asText, useDraft, usePart } from './draft-form.tsx'
import classes from './editor.module.css'
import { ChoiceField, MoneyField, NumberField, SeveralField, TextField, TimeField } from './fields.tsx'
import { periodLimitsOf } from './offer-draft.ts'
import { periods } from './periods.ts'

const triggers = ['basket', 'code', 'grant', 'event', 'request'] as const

/** By what it begins; it stays so for the life of the offer. */
const Trigger = () => {
  const { t } = useWords()
  const { draft, set, isNew } = useDraft()
  const { on } = draft.trigger
  const events = usePart('/trigger/event')
  const moments = usePart('/trigger/moments')
  return (
    <Stack gap="md">
      <Radio.Group
        label={t('offerForm.trigger')}
        description={isNew ? undefined : t('offerForm.triggerStays')}
        value={on}
        onChange={chosen => set('/trigger', chosen === 'event' ? { on: chosen, event: '' } : { on: chosen })}
      >
        <Stack gap="xs" mt="xs">
          {triggers.map(it => (
            <Radio
              key={it}
              value={it}
              disabled={!isNew && it !== on}
              label={t(`offerForm.triggers.${it}.title`)}
              description={t(`offerForm.triggers.${it}.text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {draft.trigger.on === 'event' &&
        (isNew ? (
          <TextField at="/trigger/event" label={t('offerForm.event')} description={t('offerForm.eventText')} />
        ) : (
          <Text size="sm">
            {t('offerForm.event')}: <bdi>{asText(events.value)}</bdi>
          </Text>
        ))}
      {draft.trigger.on === 'request' && isNew && (
        <TagsInput
          label={t('offerForm.moments')}
          description={t('offerForm.momentsText')}
          value={[...asList(moments.value)]}
          error={moments.error}
          onChange={chosen => moments.set(chosen.length === 0 ? undefined : chosen)}
        />
      )}
    </Stack>
  )
}

const When = () => {
  const { t } = useWords()
  const { draft, currency } = useDraft()
  const { value, set, error } = usePart('/when')
  const fields = useOfferConditionFields(draft)
  return (
    <ConditionBuilder
      label={t('offerForm.when')}
      description={t('offerForm.whenText')}
      value={asText(value)}
      onChange={set}
      fields={fields}
      currency={currency}
      error={error}
    />
  )
}

const Channels = () => {
  const { t } = useWords()
  const { channels } = useNouns()
  return (
    <div className={classes.fields}>
      <SeveralField
        at="/channels/redeem"
        label={t('offerForm.redeem')}
        description={t('offerForm.redeemText')}
        data={channels}
      />
      <SeveralField
        at="/channels/show"
        label={t('offerForm.show')}
        description={t('offerForm.showText')}
        data={channels}
      />
    </div>
  )
}

const limitedBy = ['offer', 'person', 'location', 'channel'] as const

/** "2 uses a person, a day": as many such limits as are needed. */
const PeriodLimits = () => {
  const { t } = useWords()
  const { draft, set, mistakes } = useDraft()
  const limits = periodLimitsOf(draft)
  const change = (next: readonly object[]): void => set('/limits/per', next.length === 0 ? undefined : next)
  const error = mistakes.find(it => it.pointer.startsWith('/limits/per/') || it.pointer === '/limits/per')?.message
  return (
    <Stack gap="xs">
      {limits.map((limit, place) => {
        const by = limit.by ?? 'offer'
        const put = (more: object): void =>
          change(
            limits.map((it, at) =>
              at === place
                ? Object.fromEntries(Object.entries({ ...it, ...more }).filter(([, value]) => value !== undefined))
                : it,
            ),
          )
        return (
          <div key={place} className={classes.row}>
            <div className={classes.rowFields}>
              <NumberInput
                label={t('offerForm.uses')}
                min={1}
                allowDecimal={false}
                value={limit.uses}
                onChange={typed => typed !== '' && put({ uses: Number(typed) })}
              />
              <Select
                label={t('offerForm.by')}
                allowDeselect={false}
                data={limitedBy.map(it => ({ value: it, label: t(`offers.limit.by.${it}`) }))}
                value={by}
                onChange={chosen => put({ by: chosen === 'offer' ? undefined : chosen })}
              />
              <Select
                label={t('offerForm.period')}
                allowDeselect={false}
                data={[
                  ...periods.map(it => ({ value: it as string, label: t(`offers.limit.period.${it}`) })),
                  ...(by === 'location' || by === 'channel'
                    ? [{ value: 'ever', label: t('offers.limit.period.ever') }]
                    : []),
                ]}
                value={limit.period ?? 'ever'}
                onChange={chosen => put({ period: chosen === 'ever' ? undefined : chosen })}
              />
            </div>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={t('offerForm.removeRow', { number: place + 1 })}
              onClick={() => change(limits.filter((_, at) => at !== place))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </div>
        )
      })}
      {error !== undefined && (
        <Text size="sm" c="var(--bad)">
          {error}
        </Text>
      )}
      <Button
        size="xs"
        variant="default"
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => change([...limits, { uses: 1, period: 'day', by: 'person' }])}
      >
        {t('offerForm.addLimit')}
      </Button>
    </Stack>
  )
}

const Limits = () => {
  const { t } = useWords()
  const { draft } = useDraft()
  return (
    <Stack gap="md">
      <div className={classes.fields}>
        <NumberField at="/limits/perPerson" label={t('offerForm.perPerson')} placeholder={t('offerForm.noLimit')} />
        <NumberField at="/limits/uses" label={t('offerForm.usesInAll')} placeholder={t('offerForm.noLimit')} />
        <MoneyField
          at="/limits/budget"
          label={t('offerForm.budget')}
          description={t('offerForm.budgetText')}
          placeholder={t('offerForm.noLimit')}
        />
        {draft.trigger.on === 'code' && (
          <NumberField at="/limits/perCode" label={t('offerForm.perCode')} placeholder={t('offerForm.noLimit')} />
        )}
      </div>
      <PeriodLimits />
    </Stack>
  )
}

const Validity = () => {
  const { t } = useWords()
  const { draft, timeZone } = useDraft()
  return (
    <div className={classes.fields}>
      <TimeField at="/validity/from" label={t('offerForm.from')} description={t('offerForm.fromText')} />
      <TimeField
        at="/validity/to"
        label={t('offerForm.to')}
        description={t('offerForm.toText', { timeZone: draft.validity?.timeZone ?? timeZone })}
      />
      <NumberField
        at="/validity/grantDays"
        label={t('offerForm.grantDays')}
        description={t('offerForm.grantDaysText')}
      />
      <TextField
        at="/validity/timeZone"
        label={t('offerForm.timeZone')}
        description={t('offerForm.timeZoneText')}
        placeholder={timeZone}
      />
    </div>
  )
}

const Stacking = () => {
  const { t } = useWords()
  const { draft, set } = useDraft()
  const exclusive = draft.stacking?.exclusive
  const alone =
    exclusive === true
      ? draft.stacking?.group === undefined
        ? 'order'
        : 'group'
      : exclusive === false
        ? undefined
        : exclusive
  const group = usePart('/stacking/group')
  return (
    <div className={classes.fields}>
      <Select
        label={t('offerForm.alone')}
        allowDeselect={false}
        data={[
          { value: 'no', label: t('offerForm.aloneNo') },
          { value: 'group', label: t('offerForm.aloneGroup'), disabled: draft.stacking?.group === undefined },
          { value: 'order', label: t('offerForm.aloneOrder') },
        ]}
        value={alone ?? 'no'}
        onChange={chosen => set('/stacking/exclusive', chosen === 'no' ? undefined : chosen)}
      />
      <TextField
        at="/stacking/group"
        label={t('offerForm.group')}
        description={group.error ? undefined : t('offerForm.groupText')}
      />
      <NumberField
        at="/stacking/priority"
        label={t('offerForm.priority')}
        description={t('offerForm.priorityText')}
        min={-1000}
        max={1000}
      />
      <ChoiceField
        at="/stacking/base"
        label={t('offerForm.base')}
        placeholder={t('offerForm.baseRunning')}
        data={[
          { value: 'running', label: t('offerForm.baseRunning') },
          { value: 'initial', label: t('offerForm.baseInitial') },
        ]}
      />
    </div>
  )
}

/** Surprises, rewards for points, and what few offers need. */
const More = () => {
  const { t } = useWords()
  const { draft, set } = useDraft()
  const chance = usePart('/chance')
  const price = usePart('/price')
  const { on } = draft.trigger
  return (
    <Stack gap="md">
      {on !== 'request' && (
        <div className={classes.fields}>
          <NumberInput
            label={t('offerForm.wins')}
            description={t('offerForm.winsText')}
            hideControls
            min={1}
            value={draft.chance?.wins ?? ''}
            error={chance.error}
            onChange={typed =>
              set('/chance', typed === '' ? undefined : { outOf: 10, ...draft.chance, wins: Number(typed) })
            }
          />
          {draft.chance !== undefined && <NumberField at="/chance/outOf" label={t('offerForm.outOf')} min={2} />}
        </div>
      )}
      {on === 'request' && (
        <div className={classes.fields}>
          <NumberInput
            label={t('offerForm.price')}
            description={t('offerForm.priceText')}
            hideControls
            min={1}
            value={draft.price?.points ?? ''}
            error={price.error}
            onChange={typed =>
              set('/price', typed === '' ? undefined : { programme: 'club', ...draft.price, points: Number(typed) })
            }
          />
          {draft.price !== undefined && <TextField at="/price/programme" label={t('offerForm.priceProgramme')} />}
        </div>
      )}
      <div className={classes.fields}>
        <ChoiceField
          at="/onReturn"
          label={t('offerForm.onReturn')}
          placeholder={t('offerForm.onReturns.proRata')}
          data={(['proRata', 'keep', 'reprice'] as const).map(it => ({
            value: it,
            label: t(`offerForm.onReturns.${it}`),
          }))}
        />
        <MoneyField at="/worth" label={t('offerForm.worth')} description={t('offerForm.worthText')} />
      </div>
    </Stack>
  )
}

/** Every part of an offer, in the order of the sentence that they make. */
export const OfferForm = () => {
  const { t } = useWords()
  return (
    <>
      <Panel title={t('offerForm.section.gives')}>
        <BenefitForm />
      </Panel>
      <Panel title={t('offerForm.section.how')}>
        <Trigger />
      </Panel>
      <Panel title={t('offerForm.section.when')}>
        <When />
      </Panel>
      <Panel title={t('offerForm.section.where')}>
        <Channels />
      </Panel>
      <Panel title={t('offerForm.section.limits')}>
        <Limits />
      </Panel>
      <Panel title={t('offerForm.section.validity')}>
        <Validity />
      </Panel>
      <Panel title={t('offerForm.section.stacking')}>
        <Stacking />
      </Panel>
      <Panel title={t('offerForm.section.more')}>
        <More />
      </Panel>
    </>
  )
}
