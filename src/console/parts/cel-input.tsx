import { Textarea, type TextareaProps } from '@mantine/core'

type Props = Omit<TextareaProps, 'value' | 'onChange' | 'defaultValue'> & {
  readonly value: string | undefined
  readonly onChange: (cel: string | undefined) => void
}

/** A condition as text: left to right in every language. */
export const CelInput = ({ value, onChange, ...rest }: Props) => (
  <Textarea
    autosize
    minRows={2}
    maxRows={10}
    spellCheck={false}
    {...rest}
    styles={{ input: { fontFamily: 'var(--font-mono)', direction: 'ltr', textAlign: 'left' } }}
    value={value ?? ''}
    onChange={event => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
  />
)
