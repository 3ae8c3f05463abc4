import { Input, NumberInput, type NumberInputProps } from '@mantine/core'
import { useState } from 'react'
import { decimalSeparator, decimalsOf } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'

type Props = Omit<NumberInputProps, 'value' | 'onChange' | 'defaultValue'> & {
  /** Minor units. */
  readonly value: number | undefined
  readonly onChange: (minor: number | undefined) => void
  readonly currency: string
}

/** An amount of money, typed as people write it and told in minor units. */
export const MoneyInput = ({ value, onChange, currency, onFocus, onBlur, ...rest }: Props) => {
  const { language } = useWords()
  const [isTyping, setTyping] = useState(false)
  const decimals = decimalsOf(currency)
  const unit = 10 ** decimals
  return (
    <NumberInput
      min={0}
      decimalScale={decimals}
      // '4.5' would read as a mistake; while somebody types, figures that she did not type would be in her way.
      fixedDecimalScale={!isTyping && value !== undefined && value % unit !== 0}
      onFocus={event => {
        setTyping(true)
        onFocus?.(event)
      }}
      onBlur={event => {
        setTyping(false)
        onBlur?.(event)
      }}
      decimalSeparator={decimalSeparator(language)}
      allowedDecimalSeparators={['.', ',', '٫']}
      hideControls
      rightSection={
        <Input.Placeholder component="span" fz="sm">
          <bdi>{currency}</bdi>
        </Input.Placeholder>
      }
      rightSectionWidth={52}
      {...rest}
      value={value === undefined ? '' : value / unit}
      onChange={typed => onChange(typed === '' ? undefined : Math.round(Number(typed) * unit))}
    />
  )
}
