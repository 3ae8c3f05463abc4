import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useCall } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { PersonFound } from '../../sdk/index.ts'
import { nameOf as nameOfKnown, unnamed } from './person-name.ts'

type Props = {
  readonly label: string
  /** A person id, or an identifier as `type:value`. */
  readonly value: string | undefined
  readonly onChange: (ref: string | undefined) => void
  readonly isRequired?: boolean
  readonly error?: string | undefined
}

const isRef = (text: string): boolean => /^([A-Za-z]\w*:.+|per_\w+)$/.test(text)

const nameOf = ({ id, name, matched, identifiers }: PersonFound, t: TFunction): string =>
  [name, matched?.value ?? identifiers[0]?.value].filter(Boolean).join(' · ') || unnamed(id, t)

/** Somebody, found by name or any identifier; one that nobody has yet can be typed as `email:ana@example.com`. */
export const PersonField = ({ label, value, onChange, isRequired = false, error }: Props) => {
  const { t } = useWords()
  const may = useMay()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<{ readonly value: string; readonly label: string }>()
  const [search] = useDebouncedValue(typed.trim(), 200)
  const isAsked = search.length > 1 && typed !== chosen?.label && may('listPeople')
  const found = useCall('listPeople', [{ search, limit: 8 }], { enabled: isAsked })
  const people = isAsked ? (found.data?.data ?? []).map(it => ({ value: it.id, label: nameOf(it, t) })) : []
  const own = isRef(search) && search !== value ? [{ value: search, label: search }] : []
  // Whom an address or another page chose is known by her id alone.
  const isNew = value !== undefined && chosen?.value !== value
  const given = useCall('getPerson', [value ?? ''], { enabled: isNew && may('getPerson'), staleMs: 60_000 })
  const givenName = given.data === undefined ? value : nameOfKnown(given.data, t)
  const kept = value === undefined ? [] : [{ value, label: (isNew ? givenName : chosen?.label) ?? value }]
  const data = [...kept, ...people, ...own].filter(
    (it, place, all) => all.findIndex(({ value: other }) => other === it.value) === place,
  )
  return (
    <Select
      // A name and an e-mail fit; among other filters it takes a line of its own where there is little room.
      style={{ minInlineSize: 260 }}
      label={label}
      required={isRequired}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      placeholder={t('common.findPerson')}
      nothingFoundMessage={search.length > 1 ? t('shell.found.nothing') : null}
      data={data}
      // The server has found them by what need not be in their names.
      filter={({ options }) => options}
      value={value ?? null}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(ref, option) => {
        setChosen(ref === null ? undefined : { value: ref, label: option?.label ?? ref })
        onChange(ref ?? undefined)
      }}
      error={error}
    />
  )
}
