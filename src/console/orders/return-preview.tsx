import { Button, Divider, Group, Skeleton, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatNumber } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'
import type { OrderStory, Return } from '../../sdk/index.ts'
import { Panel } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { Money } from '../parts/values.tsx'
import { sentLine } from './order-words.ts'
import classes from './return-page.module.css'

type Props = {
  readonly story: OrderStory
  /** Undefined: nothing is chosen, or it is being worked out. */
  readonly preview: Return | undefined
  readonly isWaiting: boolean
  readonly error: unknown
  readonly isPending: boolean
  readonly canSubmit: boolean
  readonly onSubmit: () => Promise<void>
}

const Line = ({ children, much }: { readonly children: ReactNode; readonly much: ReactNode }) => (
  <Group justify="space-between" wrap="nowrap" align="baseline" gap="md">
    <Text size="sm" component="div">
      {children}
    </Text>
    <Text size="sm" fw={600} component="div" ta="end">
      {much}
    </Text>
  </Group>
)

/** What is reckoned up to the refund, and what else follows. */
const Reckoning = ({ story, preview }: { readonly story: OrderStory; readonly preview: Return }) => {
  const { t, language } = useWords()
  const { currency } = preview
  const money = (minor: number) => <Money minor={minor} currency={currency} />
  const nameOf = (offer: string): string =>
    preview.offers.find(it => it.offer === offer)?.name ?? story.offers.find(it => it.offer === offer)?.name ?? offer
  const points = (count: number) => t('orders.points', { count, value: formatNumber(count, language) })
  const told = preview.offers.filter(({ condition, givenBack }) => condition === 'fails' || givenBack > 0)
  return (
    <Stack gap="xs">
      {preview.lines.map(({ id, quantity, refund }) => (
        <Line key={id} much={money(refund)}>
          <bdi>{`${quantity} × ${sentLine(story, id).name}`}</bdi>
        </Line>
      ))}
      {preview.shipping > 0 && <Line much={money(preview.shipping)}>{t('orders.shipping')}</Line>}
      {preview.chargedBack !== 0 && (
        <Line much={money(-preview.chargedBack)}>
          {t('orders.return.chargedBack')}
          {preview.offers
            .filter(({ condition }) => condition === 'fails')
            .map(({ offer, name, policy }) => (
              <Text key={offer} size="sm" c="dimmed">
                <bdi>{t(`orders.return.policy.${policy}`, { name })}</bdi>
              </Text>
            ))}
        </Line>
      )}
      <Divider />
      {preview.refunds?.map(({ type, amount, points: back, card }, place) => (
        <Line key={place} much={money(amount)}>
          {t(`orders.return.to.${type}`)} {card !== undefined && <bdi dir="ltr">{card}</bdi>}
          {back !== undefined && ` (${points(back)})`}
        </Line>
      ))}
      {preview.pointsBack?.map(({ programme, points: taken, debt = 0, short = 0 }) => (
        <Line key={programme} much={points(taken)}>
          {t('orders.return.pointsBack', { programme })}
          {debt > 0 && (
            <Text size="sm" c="dimmed">
              {t('orders.return.debt', { points: points(debt) })}
            </Text>
          )}
          {short > 0 && (
            <Text size="sm" c="dimmed">
              {t('orders.return.short', { points: points(short) })}
            </Text>
          )}
        </Line>
      ))}
      {preview.cashbackBack?.map(({ offer, amount, short = 0 }) => (
        <Line key={offer} much={money(amount)}>
          {t('orders.return.cashbackBack', { name: nameOf(offer) })}
          {short > 0 && (
            <Text size="sm" c="dimmed">
              {t('orders.return.spent')} {money(short)}
            </Text>
          )}
        </Line>
      ))}
      {preview.takeBack.map(({ offer, sku, name, quantity }) => (
        <Line key={offer + sku} much={`${formatNumber(quantity, language)} ×`}>
          {t('orders.return.takeBack', { name: name ?? sku })}
        </Line>
      ))}
      {preview.revoked.map(({ offer, grant }) => (
        <Line key={grant} much="">
          {t('orders.return.revoked', { name: nameOf(offer) })}
        </Line>
      ))}
      {told
        .filter(({ usesBack }) => usesBack > 0)
        .map(({ offer, name, usesBack }) => (
          <Line key={offer} much="">
            {t('orders.return.usesBack', { name, count: usesBack })}
          </Line>
        ))}
      {preview.carried > 0 && <Line much={money(preview.carried)}>{t('orders.return.carried')}</Line>}
      <Line much={money(preview.totals.remaining)}>{t('orders.return.remaining')}</Line>
    </Stack>
  )
}

/** What a return would pay out and why, before it is made; nothing is stored until the button says so. */
export const ReturnPreview = ({ story, preview, isWaiting, error, isPending, canSubmit, onSubmit }: Props) => {
  const { t } = useWords()
  const { currency } = story.order
  return (
    <Panel title={t('orders.return.refund')}>
      <Stack gap="md" aria-live="polite">
        {error !== null && <Problem error={error} />}
        {isWaiting && error === null ? (
          <Skeleton height={40} width={140} />
        ) : (
          <div className={classes.refund}>
            <Money minor={preview?.refund ?? 0} currency={currency} />
          </div>
        )}
        {preview ? (
          <Reckoning story={story} preview={preview} />
        ) : (
          <Text size="sm" c="dimmed">
            {t('orders.return.choose')}
          </Text>
        )}
        <Button size="md" disabled={!canSubmit} loading={isPending} onClick={() => onSubmit().catch(() => undefined)}>
          {t('orders.return.submit')}
        </Button>
      </Stack>
    </Panel>
  )
}
