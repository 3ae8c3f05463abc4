import { SimpleGrid, TextInput } from '@mantine/core'
import { useWords } from '../../faces/words.ts'

type Props = {
  readonly name: string
  readonly onName: (name: string) => void
  readonly description: string
  readonly onDescription: (description: string) => void
  /** Of one that is not there yet. */
  readonly id?: string
  readonly onId?: (id: string) => void
}

/** What a segment is called. */
export const SegmentFields = ({ name, onName, description, onDescription, id, onId }: Props) => {
  const { t } = useWords()
  return (
    <SimpleGrid cols={{ base: 1, sm: onId === undefined ? 2 : 3 }}>
      <TextInput
        label={t('segments.field.name')}
        value={name}
        onChange={event => onName(event.currentTarget.value)}
        maxLength={120}
        required
      />
      {onId !== undefined && (
        <TextInput
          label={t('segments.field.id')}
          dir="ltr"
          value={id}
          onChange={event => onId(event.currentTarget.value)}
          pattern="[\w.\-]{1,64}"
          required
        />
      )}
      <TextInput
        label={t('segments.field.description')}
        value={description}
        onChange={event => onDescription(event.currentTarget.value)}
        maxLength={500}
      />
    </SimpleGrid>
  )
}
