import { Text, TextInput } from '@mantine/core'

type Props = {
  /** "From", "to": it stands in the field. */
  readonly label: string
  /** YYYY-MM-DD. */
  readonly value: string | undefined
  readonly min?: string | undefined
  readonly max?: string | undefined
  readonly onChoose: (day: string | undefined) => void
}

/** A day that a table begins or ends with, among its other filters. */
export const DayFilter = ({ label, value, min, max, onChoose }: Props) => (
  <TextInput
    size="sm"
    w={210}
    // Beside another there is no room for a date on a phone.
    miw={190}
    type="date"
    aria-label={label}
    leftSection={
      <Text size="sm" c="dimmed" aria-hidden>
        {label}
      </Text>
    }
    leftSectionWidth={72}
    leftSectionPointerEvents="none"
    value={value ?? ''}
    min={min ?? ''}
    max={max ?? ''}
    onChange={event => onChoose(event.currentTarget.value || undefined)}
  />
)
