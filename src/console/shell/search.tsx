import '@mantine/spotlight/styles.layer.css'
import { Spotlight, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight'
import { IconSearch, IconUser } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import { areas } from '../areas.ts'

type Props = { readonly opened: boolean; readonly onClose: () => void }

/** `ana@example.com` is an e-mail address, `+39…` a phone number; `type:value` says itself. */
const identifierOf = (text: string): string | undefined => {
  if (/^per_\w+$/.test(text) || /^\w+:.+/.test(text)) return text
  if (/^\S+@\S+\.\S+$/.test(text)) return `email:${text}`
  if (/^\+[\d ()-]{6,}$/.test(text)) return `phone:${text}`
  return undefined
}

/** What the keyboard finds: pages, people, and things to do. */
const Search = ({ opened, onClose }: Props) => {
  const { t } = useWords()
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const ref = identifierOf(query.trim())
  const found = useCall('getPerson', [ref ?? ''], { enabled: ref !== undefined })
  useEffect(() => {
    if (opened) spotlight.open()
  }, [opened])
  const person = found.data?.id
  const groups: SpotlightActionGroupData[] = [
    {
      group: t('shell.found.people'),
      actions:
        person === undefined
          ? []
          : [
              {
                id: person,
                label: query.trim(),
                description: person,
                keywords: [query],
                leftSection: <IconUser size={18} aria-hidden />,
                onClick: () => navigate({ to: `/people/${person}` }),
              },
            ],
    },
    {
      group: t('shell.found.pages'),
      actions: areas.map(({ path, label, icon: Icon }) => ({
        id: path,
        label: t(label),
        leftSection: <Icon size={18} aria-hidden />,
        onClick: () => navigate({ to: path }),
      })),
    },
  ]
  return (
    <Spotlight
      actions={groups.filter(({ actions }) => actions.length > 0)}
      shortcut={null}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      clearQueryOnClose
      nothingFound={t('shell.found.nothing')}
      limit={12}
      scrollable
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: t('shell.searchHint'),
        'aria-label': t('shell.search'),
      }}
    />
  )
}

export default Search
