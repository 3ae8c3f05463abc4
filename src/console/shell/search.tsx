import '@mantine/spotlight/styles.layer.css'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, type SpotlightActionGroupData, spotlight } from '@mantine/spotlight'
import { IconPlus, IconReceipt, IconSearch, IconTicket, IconUser } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { CallName } from '../../faces/api.ts'
import { useCall } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { areas, commands } from '../areas.ts'

type Props = { readonly opened: boolean; readonly onClose: () => void }

/** An order's number or a code has a digit and no @, which leaves out names and addresses. */
const mayBeNumber = (text: string): boolean => /^(?=.*\d)[^@]{3,64}$/.test(text)

/** What the keyboard finds: pages, people, and things to do. */
const Search = ({ opened, onClose }: Props) => {
  const { t } = useWords()
  const may = useMay()
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const [search] = useDebouncedValue(query.trim(), 200)
  const found = useCall('listPeople', [{ search, limit: 6 }], { enabled: search.length > 1 && may('listPeople') })
  useEffect(() => {
    if (opened) spotlight.open()
  }, [opened])
  const isOpen = ({ needs }: { readonly needs?: CallName }): boolean => needs === undefined || may(needs)
  const people = search.length > 1 ? (found.data?.data ?? []) : []
  const groups: SpotlightActionGroupData[] = [
    {
      group: t('shell.found.people'),
      actions: people.map(({ id, name, matched, identifiers }) => ({
        id,
        label: name ?? matched?.value ?? identifiers[0]?.value ?? id,
        description: identifiers.map(({ value }) => value).join(' · '),
        // The server has found her; what is typed need not be in her name.
        keywords: [query],
        leftSection: <IconUser size={18} aria-hidden />,
        onClick: () => navigate({ to: `/people/${id}` }),
      })),
    },
    {
      group: t('shell.found.numbers'),
      actions: mayBeNumber(search)
        ? [
            {
              id: 'order',
              label: t('shell.openOrder', { id: search }),
              keywords: [query],
              leftSection: <IconReceipt size={18} aria-hidden />,
              onClick: () => navigate({ to: `/orders/${encodeURIComponent(search)}` }),
            },
            {
              id: 'code',
              label: t('shell.lookUpCode', { code: search }),
              keywords: [query],
              leftSection: <IconTicket size={18} aria-hidden />,
              onClick: () => navigate({ to: `/codes?code=${encodeURIComponent(search)}` }),
            },
          ]
        : [],
    },
    {
      group: t('shell.found.commands'),
      actions: commands.filter(isOpen).map(({ to, label }) => ({
        id: to,
        label: t(label),
        leftSection: <IconPlus size={18} aria-hidden />,
        onClick: () => navigate({ to }),
      })),
    },
    {
      group: t('shell.found.pages'),
      actions: areas.filter(isOpen).map(({ path, label, icon: Icon }) => ({
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
