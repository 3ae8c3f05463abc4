import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useCall, useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { MergePreview } from '../../sdk/index.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useNotices } from '../parts/notices.tsx'
import { nameOf } from '../parts/person-name.ts'
import { PersonPicker } from '../parts/person-picker.tsx'
import { Problem } from '../parts/problem.tsx'
import { Count, Money } from '../parts/values.tsx'
import { AssetAmount } from './asset-amount.tsx'
import type { DialogProps } from './dialog-props.ts'
import { identityReads } from './identity-reads.ts'

type Row = {
  readonly key: string
  readonly title: ReactNode
  readonly first: ReactNode
  readonly second: ReactNode
  readonly together: ReactNode
}

const useRows = (preview: MergePreview): readonly Row[] => {
  const { t } = useWords()
  const yes = (is: boolean): string => t(is ? 'people.merge.yes' : 'people.merge.no')
  return [
    {
      key: 'orders',
      title: t('people.figure.orders'),
      first: <Count value={preview.orders.first} />,
      second: <Count value={preview.orders.second} />,
      together: <Count value={preview.orders.together} />,
    },
    ...Object.entries(preview.spend).map(([currency, of]) => ({
      key: `spend ${currency}`,
      title: t('people.figure.spend'),
      first: <Money minor={of.first} currency={currency} />,
      second: <Money minor={of.second} currency={currency} />,
      together: <Money minor={of.together} currency={currency} />,
    })),
    ...preview.points.flatMap(({ programme, name, first, second, together }) => [
      {
        key: `points ${programme}`,
        title: <bdi>{name}</bdi>,
        first: <AssetAmount asset={`points:${programme}`} amount={first.balance} />,
        second: <AssetAmount asset={`points:${programme}`} amount={second.balance} />,
        together: <AssetAmount asset={`points:${programme}`} amount={together.balance} />,
      },
      {
        key: `tier ${programme}`,
        title: t('people.column.tier'),
        first: first.tier ?? '–',
        second: second.tier ?? '–',
        together: together.tier ?? '–',
      },
    ]),
    ...preview.money.map(({ kind, currency, first, second, together }) => ({
      key: kind + currency,
      title: t(`people.asset.${kind}`),
      first: <Money minor={first.balance} currency={currency} />,
      second: <Money minor={second.balance} currency={currency} />,
      together: <Money minor={together.balance} currency={currency} />,
    })),
    ...preview.consents.map(({ channel, purpose, first, second, together }) => ({
      key: `consent ${channel} ${purpose}`,
      title: (
        <>
          {t('people.merge.consent')} <bdi>{`${channel}/${purpose}`}</bdi>
        </>
      ),
      first: yes(first),
      second: yes(second),
      together: yes(together),
    })),
    ...preview.offers.map(({ offer, name, limit, first, second, together, nextRefused }) => ({
      key: offer,
      title: (
        <>
          {t('people.merge.uses')} <bdi>{name}</bdi>
        </>
      ),
      first,
      second,
      together: nextRefused ? t('people.merge.usedUp', { together, limit }) : `${together} / ${limit}`,
    })),
  ]
}

const Preview = ({ preview, name }: { readonly preview: MergePreview; readonly name: string }) => {
  const { t } = useWords()
  const rows = useRows(preview)
  const duplicates = preview.grants.filter(({ duplicate }) => duplicate).length
  return (
    <Stack gap="sm">
      <Alert color={preview.merged ? 'accent' : 'yellow'} p="sm">
        <Text size="sm">
          {preview.already
            ? t('people.merge.already')
            : preview.suppressed === null
              ? t('people.merge.unites')
              : t(`people.suppressed.${preview.suppressed}`)}
        </Text>
      </Alert>
      <Table.ScrollContainer minWidth={480}>
        <Table verticalSpacing={6} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('people.merge.what')}</Table.Th>
              <Table.Th>
                <bdi>{name}</bdi>
              </Table.Th>
              <Table.Th>{t('people.merge.second')}</Table.Th>
              <Table.Th>{t('people.merge.together')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(row => (
              <Table.Tr key={row.key}>
                <Table.Th scope="row" fw={500}>
                  {row.title}
                </Table.Th>
                <Table.Td>{row.first}</Table.Td>
                <Table.Td>{row.second}</Table.Td>
                <Table.Td fw={600}>{row.together}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {duplicates > 0 && (
        <Text size="sm" c="dimmed">
          {t('people.merge.duplicates', { count: duplicates })}
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {t('people.merge.undoable')}
      </Text>
    </Stack>
  )
}

/** Says that two people are one, after it has shown what that would do. */
const MergeDialog = ({ person, onClose }: DialogProps) => {
  const { t } = useWords()
  const notices = useNotices()
  const navigate = useNavigate()
  const [other, setOther] = useState<string>()
  const preview = useCall('previewMerge', [person.id, { with: other ?? '' }], { enabled: other !== undefined })
  const link = useChange('linkPeople', identityReads)
  const unlink = useChange('unlinkPeople', identityReads)
  const merge = async (): Promise<void> => {
    if (other === undefined) return
    try {
      const pair = { a: person.id, b: other }
      const done = await link.mutateAsync([{ ...pair, reason: 'by hand in the console' }])
      onClose()
      notices.doneWithUndo(t('people.merge.done'), () =>
        unlink.mutateAsync([{ ...pair, reason: 'undone in the console' }]).catch(notices.failed),
      )
      await navigate({ to: `/people/${done.person}` })
    } catch {
      // It stands in the dialog.
    }
  }
  return (
    <Dialog onClose={onClose} size="lg" title={t('people.merge.title', { name: nameOf(person, t) })}>
      <Stack>
        <PersonPicker
          label={t('people.merge.with')}
          placeholder={t('people.searchHint')}
          except={person.id}
          onPick={setOther}
        />
        {preview.error !== null && <Problem error={preview.error} onRetry={preview.refetch} />}
        {preview.data && <Preview preview={preview.data} name={nameOf(person, t)} />}
        {link.error !== null && <Problem error={link.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button onClick={merge} loading={link.isPending} disabled={!preview.data?.merged || preview.data.already}>
            {t('people.merge.action')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}

export default MergeDialog
