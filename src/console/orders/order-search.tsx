import { Autocomplete, Select, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useCall } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { personLabel } from '../parts/person-picker.tsx'

const searches = ['order', 'person', 'code'] as const
type Search = (typeof searches)[number]
/** What such a thing looks like, the same in every language. */
const examples: Readonly<Record<Search, string>> = {
  order: 'web-1001',
  person: 'ana@example.com',
  code: 'SPRING-7KQ2',
}

/** What names one person by itself: an id, or an identifier with its type. */
const isRef = (text: string): boolean => /^(per_[0-9a-z]{26}|[a-zA-Z]\w*:.+)$/.test(text)

type Props = {
  readonly person: string | undefined
  readonly code: string | undefined
  readonly onSearch: (found: { readonly person: string | undefined; readonly code: string | undefined }) => void
}

/** One field for the three things that a clerk is told: a number goes to its order, the others find orders. */
export const OrderSearch = ({ person, code, onSearch }: Props) => {
  const { t } = useWords()
  const may = useMay()
  const navigate = useNavigate()
  const [by, setBy] = useState<Search>(person !== undefined ? 'person' : code !== undefined ? 'code' : 'order')
  const [typed, setTyped] = useState(person ?? code ?? '')
  const [search] = useDebouncedValue(typed.trim(), 200)
  const found = useCall('listPeople', [{ search, limit: 8 }], {
    enabled: by === 'person' && search.length > 1 && !isRef(search) && may('listPeople'),
  })
  const people = new Map((found.data?.data ?? []).map(it => [personLabel(it), it.id]))
  const findPerson = (text: string): void => {
    const [only, ...others] = people.values()
    const chosen = people.get(text) ?? (isRef(text) ? text : others.length === 0 ? only : undefined)
    if (chosen !== undefined) onSearch({ person: chosen, code: undefined })
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const text = typed.trim()
    if (text === '') return
    if (by === 'order') void navigate({ to: `/orders/${encodeURIComponent(text)}` })
    else if (by === 'code') onSearch({ person: undefined, code: text })
    else findPerson(text)
  }
  const type = (text: string): void => {
    setTyped(text)
    if (text === '') onSearch({ person: undefined, code: undefined })
  }
  const field = {
    size: 'sm',
    style: { flex: 1, minWidth: 150 },
    'aria-label': t(`orders.search.${by}`),
    placeholder: examples[by],
    leftSection: <IconSearch size={16} aria-hidden />,
    value: typed,
  } as const
  return (
    <form onSubmit={submit} style={{ display: 'flex', gap: 8, maxWidth: 560 }}>
      <Select
        size="sm"
        w={170}
        aria-label={t('orders.search.by')}
        allowDeselect={false}
        data={searches.map(it => ({ value: it, label: t(`orders.search.${it}`) }))}
        value={by}
        onChange={chosen => setBy(searches.find(it => it === chosen) ?? 'order')}
      />
      {by === 'person' ? (
        <Autocomplete
          {...field}
          data={[...people.keys()]}
          filter={({ options }) => options}
          onChange={type}
          onOptionSubmit={findPerson}
        />
      ) : (
        <TextInput {...field} onChange={event => type(event.currentTarget.value)} />
      )}
    </form>
  )
}
