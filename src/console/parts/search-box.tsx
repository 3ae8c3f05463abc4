import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'

type Props = {
  /** What is searched for now, as the address says. */
  readonly value: string | undefined
  /** Called when the reader has stopped typing. */
  readonly onSearch: (search: string | undefined) => void
  readonly label: string
  readonly placeholder: string
}

const pauseMs = 250

/** A search that waits for a pause in the typing. */
export const SearchBox = ({ value = '', onSearch, label, placeholder }: Props) => {
  const [typed, setTyped] = useState(value)
  const search = useDebouncedCallback((text: string) => onSearch(text.trim() || undefined), pauseMs)
  return (
    <TextInput
      type="search"
      w={{ base: '100%', sm: 380 }}
      style={{ flexBasis: 380 }}
      leftSection={<IconSearch size={16} aria-hidden />}
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      onChange={event => {
        setTyped(event.currentTarget.value)
        search(event.currentTarget.value)
      }}
    />
  )
}
