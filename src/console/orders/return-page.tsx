import { Autocomplete, Button, Checkbox, Chip, Grid, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useCall, useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { OrderStory, ReturnInput } from '../../sdk/index.ts'
import { PageHead } from '../parts/page-head.tsx'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { Money } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { sentLine, unitsOf } from './order-words.ts'
import classes from './return-page.module.css'
import { ReturnPreview } from './return-preview.tsx'

/** Codes that many use; any other may be typed. */
const reasons = ['changed-mind', 'damaged', 'late', 'too-large', 'too-small', 'wrong-item'] as const
const isReason = (text: string): boolean => /^[a-z][a-z0-9_-]{0,39}$/.test(text)

/** The caller's id of the return: asked again with it, nothing is refunded twice. */
const newId = (): string => `ret-${crypto.randomUUID().slice(0, 8)}`

/** What is to come back. `units`: of a line whose units cost differently those that were chosen. */
type Chosen = {
  readonly quantities: Readonly<Record<string, number>>
  readonly units: Readonly<Record<string, readonly number[]>>
  readonly shipping: boolean
  readonly gifts: readonly string[]
}
const nothing: Chosen = { quantities: {}, units: {}, shipping: false, gifts: [] }

const inputOf = (id: string, reason: string, chosen: Chosen): ReturnInput => ({
  id,
  lines: [
    ...Object.entries(chosen.quantities)
      .filter(([, quantity]) => quantity > 0)
      .map(([line, quantity]) => ({ id: line, quantity })),
    ...Object.entries(chosen.units)
      .filter(([, units]) => units.length > 0)
      .map(([line, units]) => ({ id: line, quantity: units.length, units: [...units] })),
  ],
  ...(chosen.shipping ? { shipping: true as const } : {}),
  ...(chosen.gifts.length > 0 ? { gifts: [...chosen.gifts] } : {}),
  ...(reason === '' ? {} : { reason }),
})

type Line = OrderStory['order']['lines'][number]
type LineProps = {
  readonly story: OrderStory
  readonly line: Line
  readonly chosen: Chosen
  readonly onChoose: (changes: Partial<Chosen>) => void
}

/** How many of a line come back; of units that cost differently which. */
const ReturnLine = ({ story, line, chosen, onChoose }: LineProps) => {
  const { t } = useWords()
  const { currency, returned } = story.order
  const { name, sku, quantity } = sentLine(story, line.id)
  const back = returned?.lines[line.id] ?? 0
  const left = quantity - back
  const units = unitsOf(line)
  const gone = new Set(story.returns.flatMap(it => it.lines.filter(({ id }) => id === line.id).flatMap(it => it.units)))
  return (
    <div className={classes.line}>
      <div>
        <Text fw={600}>
          <bdi>{name}</bdi>
        </Text>
        <Text size="sm" c="dimmed">
          <bdi dir="ltr">{sku}</bdi> · {t('orders.return.paid')} <Money minor={line.total} currency={currency} />
          {back > 0 && ` · ${t('orders.lines.returned', { count: back })}`}
        </Text>
      </div>
      {left === 0 ? (
        <Text size="sm" c="dimmed">
          {t('orders.return.allBack')}
        </Text>
      ) : units.length > 0 ? (
        <Chip.Group
          multiple
          value={(chosen.units[line.id] ?? []).map(String)}
          onChange={(values: string[]) =>
            onChoose({ units: { ...chosen.units, [line.id]: values.map(Number).toSorted((a, b) => a - b) } })
          }
        >
          <Group gap="xs">
            {units
              .filter(({ unit }) => !gone.has(unit))
              .map(({ unit, each }) => (
                <Chip key={unit} value={String(unit)} size="sm">
                  {t('orders.return.unit', { unit })} <Money minor={each} currency={currency} />
                </Chip>
              ))}
          </Group>
        </Chip.Group>
      ) : (
        <Group gap="xs" wrap="nowrap">
          <NumberInput
            size="sm"
            w={96}
            min={0}
            max={left}
            clampBehavior="strict"
            allowDecimal={false}
            aria-label={t('orders.return.howMany', { name })}
            value={chosen.quantities[line.id] ?? 0}
            onChange={value =>
              onChoose({ quantities: { ...chosen.quantities, [line.id]: typeof value === 'number' ? value : 0 } })
            }
          />
          <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {t('orders.return.of', { count: left })}
          </Text>
        </Group>
      )}
    </div>
  )
}

const allOf = (story: OrderStory): Chosen => {
  const quantities: Record<string, number> = {}
  const units: Record<string, readonly number[]> = {}
  for (const line of story.order.lines) {
    const left = sentLine(story, line.id).quantity - (story.order.returned?.lines[line.id] ?? 0)
    const gone = story.returns.flatMap(it => it.lines.filter(({ id }) => id === line.id).flatMap(({ units }) => units))
    const each = unitsOf(line).filter(({ unit }) => !gone.includes(unit))
    if (each.length > 0) units[line.id] = each.map(({ unit }) => unit)
    else if (left > 0) quantities[line.id] = left
  }
  return { ...nothing, quantities, units }
}

const Form = ({ story }: { readonly story: OrderStory }) => {
  const { t } = useWords()
  const navigate = useNavigate()
  const [id, setId] = useState(newId)
  const [reason, setReason] = useState('')
  const [chosen, setChosen] = useState(nothing)
  const choose = (changes: Partial<Chosen>): void => setChosen(before => ({ ...before, ...changes }))
  const input = inputOf(id, isReason(reason) ? reason : '', chosen)
  const isEmpty = input.lines?.length === 0 && !input.shipping && input.gifts === undefined
  const [asked] = useDebouncedValue(input, 250)
  const { order } = story
  const shown = JSON.stringify(asked) === JSON.stringify(input)
  const preview = useCall('createReturn', [order.id, asked, { dryRun: true }], { enabled: !isEmpty && shown })
  const create = useChange('createReturn', ['getOrderStory', 'getOrder', 'listOrders'])
  const gifts = story.uses.filter(use => use.state === 'redeemed' && use.gives.some(it => it.what === 'gift'))
  const shippingLeft = order.totals.shipping > 0 && !story.returns.some(({ shipping }) => shipping > 0)
  const nameOf = (offer: string): string => story.offers.find(it => it.offer === offer)?.name ?? offer
  const submit = async (): Promise<void> => {
    await create.mutateAsync([order.id, input])
    await navigate({ to: `/orders/${encodeURIComponent(order.id)}`, search: { tab: 'history' } })
  }
  const wrongReason = reason !== '' && !isReason(reason)
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack gap="lg">
          <Panel title={t('orders.return.what')}>
            <Stack gap={0}>
              {order.lines.map(line => (
                <ReturnLine key={line.id} story={story} line={line} chosen={chosen} onChoose={choose} />
              ))}
            </Stack>
            <Stack gap="sm" mt="md">
              {shippingLeft && (
                <Checkbox
                  label={
                    <>
                      {t('orders.return.shipping')} (<Money minor={order.totals.shipping} currency={order.currency} />)
                    </>
                  }
                  checked={chosen.shipping}
                  onChange={event => choose({ shipping: event.currentTarget.checked })}
                />
              )}
              {gifts.map(({ id: use, offer }) => (
                <Checkbox
                  key={use}
                  label={t('orders.return.gift', { name: nameOf(offer) })}
                  checked={chosen.gifts.includes(offer)}
                  onChange={event =>
                    choose({
                      gifts: event.currentTarget.checked
                        ? [...chosen.gifts, offer]
                        : chosen.gifts.filter(it => it !== offer),
                    })
                  }
                />
              ))}
              <Group gap="xs">
                <Button size="xs" variant="default" onClick={() => setChosen(allOf(story))}>
                  {t('orders.return.everything')}
                </Button>
                <Button size="xs" variant="default" disabled={isEmpty} onClick={() => setChosen(nothing)}>
                  {t('orders.return.nothing')}
                </Button>
              </Group>
            </Stack>
          </Panel>
          <Panel title={t('orders.return.about')}>
            <Group align="flex-start" grow preventGrowOverflow={false}>
              <Autocomplete
                label={t('orders.return.reason')}
                description={t('orders.return.reasonText')}
                data={[...reasons]}
                value={reason}
                onChange={setReason}
                error={wrongReason ? t('orders.return.reasonWrong') : undefined}
                dir="ltr"
              />
              <TextInput
                label={t('orders.return.id')}
                description={t('orders.return.idText')}
                value={id}
                onChange={event => setId(event.currentTarget.value)}
                dir="ltr"
              />
            </Group>
          </Panel>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <div className={classes.side}>
          <ReturnPreview
            story={story}
            preview={isEmpty ? undefined : preview.data}
            isWaiting={!isEmpty && (!shown || preview.isPending)}
            error={isEmpty ? null : (create.error ?? preview.error)}
            isPending={create.isPending}
            canSubmit={!isEmpty && shown && preview.data !== undefined && !wrongReason}
            onSubmit={submit}
          />
        </div>
      </Grid.Col>
    </Grid>
  )
}

export const Page = () => {
  const { t } = useWords()
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const { data: story, error, refetch } = useCall('getOrderStory', [id])
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!story) return <Waiting />
  return (
    <Stack gap={0}>
      <PageHead
        title={t('orders.return.title')}
        trail={[
          { title: t('orders.title'), to: '/orders' },
          { title: t('orders.order', { id }), to: `/orders/${encodeURIComponent(id)}` },
        ]}
        text={t('orders.return.text')}
      />
      <Form story={story} />
    </Stack>
  )
}
