import { Button, Code as CodeText, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { formatMoney } from '../../faces/format.ts'
import { useChange } from '../../faces/queries.ts'
import { readAmount } from '../../faces/read-amount.ts'
import { useWords } from '../../faces/words.ts'
import type { Order } from '../../sdk/index.ts'
import { useConditionWords } from '../offers/use-condition-words.ts'
import { Callout } from '../parts/callout.tsx'
import { Panel } from '../parts/panel.tsx'
import { PersonPicker } from '../parts/person-picker.tsx'
import { Problem } from '../parts/problem.tsx'
import { reasonWords } from '../parts/reason-words.ts'
import { useWorkspace } from '../parts/use-workspace.ts'

/** What an order says about the only code that it was given. */
const Outcome = ({ order }: { readonly order: Order }) => {
  const words = useWords()
  const { t, language } = words
  const sayCondition = useConditionWords(order.currency)
  const applied = order.applied.find(({ code }) => code !== undefined)
  const refused = order.refused.find(({ code }) => code !== undefined)
  if (applied)
    return (
      <Callout tone="good" title={t('codes.try.applies')}>
        <Text size="sm">
          {t('codes.try.gives', { amount: formatMoney(applied.amount, order.currency, language), name: applied.name })}
        </Text>
      </Callout>
    )
  return (
    <Callout tone="bad" title={t('codes.try.refused')}>
      {refused && (
        <Text size="sm">
          <bdi>{reasonWords(refused.reason, words, { currency: order.currency, sayCondition })}</bdi>{' '}
          <CodeText dir="ltr">{refused.reason.code}</CodeText>
        </Text>
      )}
    </Callout>
  )
}

/** A basket that somebody has in mind, with the code: decided, and nothing is stored. */
export const TryCode = ({ code }: { readonly code: string }) => {
  const { t } = useWords()
  const workspace = useWorkspace()
  const [person, setPerson] = useState<string>()
  const [channel, setChannel] = useState('store')
  const [amount, setAmount] = useState('')
  const [sku, setSku] = useState('')
  const [category, setCategory] = useState('')
  const put = useChange('putOrder', [])
  const currency = workspace?.currency ?? 'EUR'
  const unitPrice = readAmount(amount, currency)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (unitPrice === undefined) return
    const item = { id: '1', sku: sku.trim() || 'item', quantity: 1, unitPrice }
    const lines = [category.trim() === '' ? item : { ...item, category: category.trim() }]
    const buyer = person === undefined ? {} : { person }
    await put
      .mutateAsync([
        `try-${crypto.randomUUID()}`,
        { ...buyer, channel: channel.trim(), state: 'placed', codes: [code], lines },
        { dryRun: true },
      ])
      .catch(() => undefined) // It is shown below.
  }
  return (
    <Panel title={t('codes.try.title')}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t('codes.try.text')}
          </Text>
          <Group align="flex-end" gap="sm" grow preventGrowOverflow={false}>
            <TextInput
              label={t('codes.try.amount', { currency })}
              inputMode="decimal"
              value={amount}
              onChange={event => setAmount(event.currentTarget.value)}
            />
            <TextInput
              label={t('codes.try.channel')}
              value={channel}
              onChange={event => setChannel(event.currentTarget.value)}
            />
            <TextInput
              label={t('codes.try.category')}
              value={category}
              onChange={event => setCategory(event.currentTarget.value)}
            />
            <TextInput label={t('codes.try.sku')} value={sku} onChange={event => setSku(event.currentTarget.value)} />
            <PersonPicker label={t('codes.try.person')} onPick={setPerson} />
            <Button type="submit" loading={put.isPending} disabled={unitPrice === undefined || channel.trim() === ''}>
              {t('codes.try.submit')}
            </Button>
          </Group>
          <div aria-live="polite">
            {put.error && <Problem error={put.error} />}
            {put.data && !put.error && <Outcome order={put.data} />}
          </div>
        </Stack>
      </form>
    </Panel>
  )
}
