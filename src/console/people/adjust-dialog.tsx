import { Alert, Button, Group, NumberInput, SegmentedControl, Select, Stack, Text, Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { currencyDecimals } from '../../faces/format.ts'
import { useCall, useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useNotices } from '../parts/notices.tsx'
import { nameOf } from '../parts/person-name.ts'
import { Problem } from '../parts/problem.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { AssetAmount } from './asset-amount.tsx'
import type { DialogProps } from './dialog-props.ts'
import { valueReads } from './value-reads.ts'

const reasons = ['goodwill', 'complaint', 'correction', 'migration', 'fraud', 'other'] as const
type Reason = (typeof reasons)[number]

/** What can be given by hand: points of each programme, and store credit. */
const useAssets = (): readonly { readonly value: string; readonly label: string; readonly decimals: number }[] => {
  const { t } = useWords()
  const currency = useWorkspace()?.currency
  const programmes = useCall('listProgrammes', [{ limit: 100 }], { staleMs: 60_000 })
  const points = (programmes.data?.data ?? []).map(({ id, name, unit }) => ({
    value: `points:${id}`,
    label: `${name}: ${unit.many}`,
    decimals: unit.decimals,
  }))
  if (currency === undefined) return points
  const money = { value: `credit:${currency}`, label: `${t('people.asset.credit')} (${currency})` }
  return [...points, { ...money, decimals: currencyDecimals(currency) }]
}

/** Gives or takes value by hand, with a reason; above what one may do alone it waits for a second person. */
const AdjustDialog = ({ person, onClose }: DialogProps) => {
  const { t } = useWords()
  const notices = useNotices()
  const assets = useAssets()
  const [chosen, setAsset] = useState<string>()
  const [way, setWay] = useState<'give' | 'take'>('give')
  const [amount, setAmount] = useState<number | string>('')
  const [reason, setReason] = useState<Reason>('goodwill')
  const [note, setNote] = useState('')
  const adjust = useChange('createAdjustment', valueReads)
  const asset = assets.find(({ value }) => value === chosen) ?? assets[0]
  const minor = typeof amount === 'number' && asset ? Math.round(amount * 10 ** asset.decimals) : 0
  const isReady = asset !== undefined && minor > 0 && (reason !== 'other' || note.trim() !== '')
  const waits = adjust.data?.state === 'proposed' ? adjust.data : undefined

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!isReady) return
    const words = note.trim() === '' ? {} : { note: note.trim() }
    const body = { person: person.id, asset: asset.value, amount: way === 'give' ? minor : -minor, reason, ...words }
    try {
      const made = await adjust.mutateAsync([body])
      if (made.state !== 'booked') return
      notices.done(t('people.adjust.bookedNow'))
      onClose()
    } catch {
      // It stands in the dialog.
    }
  }

  return (
    <Dialog onClose={onClose} title={t('people.adjust.title', { name: nameOf(person, t) })}>
      {waits ? (
        <Stack>
          <Alert color="yellow" title={t('people.adjust.waits')}>
            <Text size="sm">
              <AssetAmount asset={waits.asset} amount={waits.amount} /> · {t('people.adjust.waitsText')}
            </Text>
          </Alert>
          <Group justify="flex-end">
            <Button variant="default" component={Link} to="/loyalty/adjustments" onClick={onClose}>
              {t('loyalty.adjustments.title')}
            </Button>
            <Button onClick={onClose}>{t('common.close')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <SegmentedControl
              fullWidth
              aria-label={t('people.adjust.way')}
              value={way}
              onChange={it => setWay(it as 'give' | 'take')}
              data={[
                { value: 'give', label: t('people.adjust.give') },
                { value: 'take', label: t('people.adjust.take') },
              ]}
            />
            <Select
              label={t('people.adjust.asset')}
              data={assets.map(({ value, label }) => ({ value, label }))}
              value={asset?.value ?? null}
              onChange={it => setAsset(it ?? undefined)}
              allowDeselect={false}
            />
            <NumberInput
              label={t('people.adjust.amount')}
              min={0}
              decimalScale={asset?.decimals ?? 0}
              value={amount}
              onChange={setAmount}
              hideControls
              required
              data-autofocus
            />
            <Select
              label={t('people.adjust.why')}
              data={reasons.map(value => ({ value, label: t(`people.adjust.reason.${value}`) }))}
              value={reason}
              onChange={it => setReason(reasons.find(known => known === it) ?? 'goodwill')}
              allowDeselect={false}
            />
            <Textarea
              label={t('people.adjust.note')}
              description={t('people.adjust.noteHint')}
              value={note}
              onChange={event => setNote(event.currentTarget.value)}
              maxLength={500}
              required={reason === 'other'}
              autosize
              minRows={2}
            />
            {adjust.error !== null && <Problem error={adjust.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" loading={adjust.isPending} disabled={!isReady}>
                {t(`people.adjust.${way}`)}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  )
}

export default AdjustDialog
