import { Select, Text } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { useNotices } from '../parts/notices.tsx'
import { type BlockReason, blockReasons } from './gift-card-words.ts'

type Props = {
  /** Of the card. */
  readonly id: string
  /** As it is shown. */
  readonly name: string
  readonly onClose: () => void
}

/** Asks why a card is stopped, and stops it. */
export const BlockCard = ({ id, name, onClose }: Props) => {
  const { t } = useWords()
  const notices = useNotices()
  const [reason, setReason] = useState<BlockReason>('lost')
  const block = useChange('blockGiftCard', ['getGiftCard', 'listGiftCards'])
  return (
    <FormDialog
      title={t('loyalty.giftCards.block.title', { name })}
      action={t('loyalty.giftCards.block.action')}
      onClose={onClose}
      onSubmit={async () => {
        await block.mutateAsync([id, { reason }])
        notices.done(t('loyalty.giftCards.block.done'))
      }}
    >
      <Text size="sm">{t('loyalty.giftCards.block.text')}</Text>
      <Select
        label={t('loyalty.giftCards.block.why')}
        data={blockReasons.map(value => ({ value, label: t(`loyalty.giftCards.reason.${value}`) }))}
        value={reason}
        onChange={chosen => setReason(blockReasons.find(it => it === chosen) ?? 'other')}
        allowDeselect={false}
        data-autofocus
      />
    </FormDialog>
  )
}
