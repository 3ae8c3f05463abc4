import { TextInput, type TextInputProps } from '@mantine/core'
import { instantAt, wallTime } from '../../faces/zoned-time.ts'

type Props = Omit<TextInputProps, 'value' | 'onChange' | 'defaultValue' | 'type'> & {
  /** RFC 3339. */
  readonly value: string | undefined
  readonly onChange: (instant: string | undefined) => void
  readonly timeZone: string
}

/** A day and time on the clocks of a zone; the browser's own field, which speaks the reader's language. */
export const DayInput = ({ value, onChange, timeZone, ...rest }: Props) => (
  <TextInput
    type="datetime-local"
    {...rest}
    value={value === undefined || Number.isNaN(Date.parse(value)) ? '' : wallTime(value, timeZone)}
    onChange={event => onChange(instantAt(event.currentTarget.value, timeZone))}
  />
)
