import { Anchor, Button, Code, Stack, Text } from '@mantine/core'
import { Link as RouterLink } from '@tanstack/react-router'
import { useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Person } from '../../sdk/index.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { type Column, DataTable, rowsOfArray } from '../parts/data-table.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Section } from '../parts/panel.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { Ref, When } from '../parts/values.tsx'
import { Identifier } from './identifier.tsx'
import { identityReads } from './identity-reads.ts'

type Evidence = Person['links'][number]
type Held = Person['identifiers'][number]

/** Somebody else's identifier leads to that person: her id is that of a holder of hers. */
const SideOf = ({ holder, held }: { readonly holder: string; readonly held: readonly Held[] }) => {
  const { t } = useWords()
  const own = held.find(it => it.holder === holder)
  if (own) return <Identifier type={own.type} value={own.given} />
  return (
    <Anchor component={RouterLink} to={`/people/${holder.replace(/^hol_/, 'per_')}`} size="sm">
      {t('people.evidence.somebodyElse')}
    </Anchor>
  )
}

const orders = ['order', 'return']

/** What the evidence came with, with a link where it has a page. */
const Cause = ({ link }: { readonly link: Evidence }) => {
  const { t } = useWords()
  return (
    <>
      {t(`people.evidence.source.${link.source}`)}{' '}
      {orders.includes(link.source) ? (
        <Ref id={link.cause} kind="order" />
      ) : (
        <Code dir="ltr" style={{ overflowWrap: 'anywhere' }}>
          {link.cause}
        </Code>
      )}
    </>
  )
}

const Unlink = ({ link }: { readonly link: Evidence }) => {
  const { t } = useWords()
  const may = useMay()
  const confirm = useConfirm()
  const notices = useNotices()
  const unlink = useChange('unlinkPeople', identityReads)
  const relink = useChange('linkPeople', identityReads)
  const undo = useChange('undoSplit', identityReads)
  const [a, b] = [link.a, link.b].map(holder => holder.replace(/^hol_/, 'per_')) as [string, string]
  const isPending = unlink.isPending || undo.isPending
  const take = async (): Promise<void> => {
    const yes = await confirm({
      title: t('people.unlink.title'),
      text: t('people.unlink.text'),
      action: t('people.unlink.action'),
    })
    if (!yes) return
    try {
      await unlink.mutateAsync([{ a, b, reason: 'by hand in the console' }])
      notices.doneWithUndo(t('people.unlink.done'), () =>
        relink.mutateAsync([{ a, b, reason: 'undone in the console' }]).catch(notices.failed),
      )
    } catch (error) {
      notices.failed(error)
    }
  }
  const undoSplit = async (): Promise<void> => {
    try {
      await undo.mutateAsync([link.cause])
      notices.done(t('people.split.undone'))
    } catch (error) {
      notices.failed(error)
    }
  }
  if (link.source === 'split')
    return may('undoSplit') ? (
      <Button size="compact-sm" variant="default" loading={isPending} onClick={undoSplit}>
        {t('people.split.undo')}
      </Button>
    ) : null
  if (link.removedAt !== null || !may('unlinkPeople')) return null
  return (
    <Button size="compact-sm" variant="default" loading={isPending} onClick={take}>
      {t('people.unlink.action')}
    </Button>
  )
}

/** By what somebody is known, and the evidence that all of it is one human. */
export const Known = ({ person }: { readonly person: Person }) => {
  const { t } = useWords()
  const may = useMay()
  const held = [...person.identifiers, ...person.likely]
  const likely = new Set(person.likely.map(({ holder }) => holder))
  const identifiers: Column<Held>[] = [
    { title: t('people.column.identifier'), cell: it => <Identifier type={it.type} value={it.given} /> },
    {
      title: t('people.column.counts'),
      cell: it => (
        <Text size="sm" c={it.standing === null ? undefined : 'var(--warn)'}>
          {t(`people.standing.${it.standing ?? (likely.has(it.holder) ? 'likely' : 'hers')}`)}
        </Text>
      ),
    },
    {
      title: t('people.column.evidence'),
      cell: it => {
        const count = person.links.filter(
          ({ a, b, suppressed }) => suppressed === null && [a, b].includes(it.holder),
        ).length
        return (
          <Text size="sm" c="dimmed">
            {t('people.evidence.count', { count })}
          </Text>
        )
      },
    },
  ]
  const links: Column<Evidence>[] = [
    {
      title: t('people.evidence.between'),
      cell: ({ a, b }) => (
        <Stack gap={4} fw={400} miw={{ base: 0, sm: 260 }}>
          <SideOf holder={a} held={held} />
          <SideOf holder={b} held={held} />
        </Stack>
      ),
    },
    {
      title: t('people.evidence.unites'),
      cell: link => (
        <>
          <StateBadge
            state={link.suppressed === null ? 'united' : 'apart'}
            tone={link.suppressed === null ? 'good' : link.suppressed === 'unverified' ? 'quiet' : 'warn'}
          />
          {link.suppressed !== null && (
            <Text size="sm" c="dimmed" maw={320}>
              {t(`people.suppressed.${link.suppressed}`)}
            </Text>
          )}
        </>
      ),
    },
    { title: t('people.evidence.from'), cell: link => <Cause link={link} /> },
    { title: t('people.evidence.since'), cell: link => <When at={link.firstSeenAt} as="date" /> },
  ]
  const act: Column<Evidence> = {
    title: t('people.column.action'),
    cell: link => <Unlink link={link} />,
    align: 'end',
  }
  return (
    <>
      <Section title={t('people.known')}>
        <DataTable
          caption={t('people.known')}
          columns={identifiers}
          keyOf={it => it.holder}
          rows={rowsOfArray(held)}
          empty={null}
        />
      </Section>
      {person.links.length > 0 && (
        <Section title={t('people.evidence.title')}>
          <DataTable
            caption={t('people.evidence.title')}
            columns={may('unlinkPeople') ? [...links, act] : links}
            keyOf={({ a, b, source }) => a + b + source}
            rows={rowsOfArray(person.links)}
            empty={null}
          />
        </Section>
      )}
    </>
  )
}
