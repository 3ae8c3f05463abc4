import { Autocomplete } from '@mantine/core'

type Props = {
  readonly label: string
  readonly data: readonly { readonly value: string; readonly label: string }[]
  readonly value: string
  readonly onChange: (value: string) => void
}

/** A channel or a store by its id: of those that are known, or any other. */
export const NounSelect = ({ label, data, value, onChange }: Props) => (
  <Autocomplete size="xs" label={label} data={data.map(it => it.value)} value={value} onChange={onChange} dir="ltr" />
)
