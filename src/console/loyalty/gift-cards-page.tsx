import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { useApi, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { csvMoney } from '../../faces/table-csv.ts'
import { useWords } from '../../faces/words.ts'
import { type GiftCard, TesseraRefusal } from '../../sdk/index.ts'
import { Callout } from '../parts/callout.tsx'
import { DataTable, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { text, useFilters } from '../parts/filters.ts'
import { Section } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { useNowMs, useWorkspace } from '../parts/use-workspace.ts'
import { Money, When } from '../parts/values.tsx'
import { GiftCardFound } from './gift-card.tsx'
import { cardStateOf, cardTones, endOfCode } from './gift-card-words.ts'
import { IssueCards } from './issue-cards.tsx'
import { LoyaltyHead } from './loyalty-head.tsx'

const query = { newest: true, limit: 50 } as const
const example = '7KQ2-9XWM-3FTH-AV'
const firstCards = { method: 'POST', path: '/v1/gift-cards', body: { amount: 5000, count: 10, days: 1095 } } as const

/** Finds a card by its code. The address then has its id: a code in an address, or in whoever keeps addresses, could be spent. */
const LookUp = () => {
  const { t } = useWords()
  const api = useApi()
  const [, setFilters] = useFilters({ card: text })
  const [typed, setTyped] = useState('')
  const [state, setState] = useState<'open' | 'busy' | { readonly error: unknown }>('open')
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setState('busy')
    try {
      const { id } = await api.getGiftCard(typed.trim())
      setState('open')
      setTyped('')
      setFilters({ card: id })
    } catch (error) {
      setState({ error })
    }
  }
  const error = typeof state === 'object' ? state.error : undefined
  const isUnknown = error instanceof TesseraRefusal && error.code === 'gift_card_not_found'
  return (
    <Stack gap="md">
      <form onSubmit={submit} style={{ display: 'flex', gap: 8, maxWidth: 520 }}>
        <TextInput
          style={{ flex: 1 }}
          aria-label={t('loyalty.giftCards.code')}
          placeholder={example}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
        />
        <Button type="submit" loading={state === 'busy'} disabled={typed.trim() === ''}>
          {t('codes.lookUp')}
        </Button>
      </form>
      {isUnknown && (
        <Callout tone="warn" title={t('loyalty.giftCards.unknown')}>
          <Text size="sm">{t('loyalty.giftCards.unknownText')}</Text>
        </Callout>
      )}
      {error !== undefined && !isUnknown && <Problem error={error} />}
    </Stack>
  )
}

const Cards = ({ nowMs }: { readonly nowMs: number }) => {
  const { t } = useWords()
  const cards = useList('listGiftCards', [query])
  return (
    <Section title={t('loyalty.giftCards.list')}>
      <DataTable<GiftCard>
        caption={t('loyalty.giftCards.list')}
        keyOf={({ id }) => id}
        rows={rowsOfList(cards)}
        csv="gift-cards"
        sent={requestOf('listGiftCards', [query])}
        empty={
          <Empty
            title={t('loyalty.giftCards.none.title')}
            text={t('loyalty.giftCards.none.text')}
            example={firstCards}
          />
        }
        columns={[
          {
            title: t('loyalty.giftCards.card'),
            cell: ({ id, code }) => (
              <Anchor component={Link} to={`/loyalty/gift-cards?card=${id}`} inherit>
                <bdi dir="ltr">{endOfCode(code)}</bdi>
              </Anchor>
            ),
            csv: ({ id }) => id,
          },
          {
            title: t('loyalty.giftCards.stateTitle'),
            cell: card => {
              const state = cardStateOf(card, nowMs)
              return <StateBadge state={state} tone={cardTones[state]} label={t(`loyalty.giftCards.state.${state}`)} />
            },
            csv: card => cardStateOf(card, nowMs),
          },
          {
            title: t('loyalty.giftCards.issued'),
            cell: ({ issuedAt }) => <When at={issuedAt} as="date" />,
            csv: ({ issuedAt }) => issuedAt,
          },
          {
            title: t('loyalty.giftCards.ends'),
            cell: ({ expiresAt }) => (expiresAt === null ? '–' : <When at={expiresAt} as="date" />),
            csv: ({ expiresAt }) => expiresAt,
          },
          {
            title: t('loyalty.giftCards.worth'),
            cell: ({ initial, currency }) => <Money minor={initial} currency={currency} />,
            csv: ({ initial, currency }) => csvMoney(initial, currency),
            align: 'end',
          },
          {
            title: t('loyalty.giftCards.left'),
            cell: ({ balance, currency }) => <Money minor={balance} currency={currency} />,
            csv: ({ balance, currency }) => csvMoney(balance, currency),
            align: 'end',
          },
        ]}
      />
    </Section>
  )
}

/** Gift cards: one by its code, all with what is left on them, and issuing more. */
export const Page = () => {
  const { t } = useWords()
  const may = useMay()
  const nowMs = useNowMs()
  const workspace = useWorkspace()
  const [{ card }] = useFilters({ card: text })
  const [isIssuing, setIssuing] = useState(false)
  return (
    <>
      <LoyaltyHead screen="giftCards">
        {may('issueGiftCards') && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setIssuing(true)}>
            {t('loyalty.giftCards.issue.open')}
          </Button>
        )}
      </LoyaltyHead>
      <Stack gap="lg">
        <LookUp />
        {card !== undefined && (
          <>
            <GiftCardFound key={card} id={card} />
            <Anchor component={Link} to="/loyalty/gift-cards" size="sm">
              {t('loyalty.giftCards.list')}
            </Anchor>
          </>
        )}
        {card === undefined && nowMs !== undefined && <Cards nowMs={nowMs} />}
      </Stack>
      {isIssuing && workspace && <IssueCards workspace={workspace} onClose={() => setIssuing(false)} />}
    </>
  )
}
