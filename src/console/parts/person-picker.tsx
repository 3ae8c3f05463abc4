import { Autocomplete } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useCall } from '../../faces/queries.ts'
import type { PersonFound } from '../../sdk/index.ts'

type Props = {
  readonly label: string
  readonly placeholder?: string
  /** The person's id; undefined while what is typed is nobody that was found. */
  readonly onPick: (person: string | undefined) => void
  /** Not to be found here. */
  readonly except?: string
}

/** Somebody as a list of people tells her from others. */
export const personLabel = ({ id, name, matched, identifiers }: PersonFound): string => {
  const known = matched?.value ?? identifiers[0]?.given
  return [name, known].filter(Boolean).join(' · ') || id
}

/** Finds somebody by a name or anything she is known by. */
export const PersonPicker = ({ label, placeholder, onPick, except }: Props) => {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 200)
  const found = useCall('listPeople', [{ search, limit: 8 }], { enabled: search.length > 1 })
  const people = (found.data?.data ?? []).filter(({ id }) => id !== except)
  // Two people may be called alike: the list tells them apart by what it calls them.
  const options = new Map(people.map(person => [personLabel(person), person.id]))
  return (
    <Autocomplete
      data-autofocus
      label={label}
      placeholder={placeholder}
      data={[...options.keys()]}
      filter={({ options: all }) => all}
      value={typed}
      onChange={text => {
        setTyped(text)
        onPick(options.get(text))
      }}
    />
  )
}
