import { Anchor, Button, Code, Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { requestOf } from '../../faces/api.ts'
import { formatNumber } from '../../faces/format.ts'
import { useCall, useChange } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type {
  Person,
  WalletGrant,
  WalletMoney,
  WalletOffer,
  WalletProgramme,
  Wallet as WalletRead,
} from '../../sdk/index.ts'
import { offerGives } from '../offers/benefit-words.ts'
import { useOfferWords } from '../offers/use-offer-words.ts'
import { useConfirm } from '../parts/confirm.tsx'
import { type Column, DataTable, rowsOfCall } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Panel, Section } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { StateBadge } from '../parts/state-badge.tsx'
import { Count, Money, Ref, When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { Adjustments } from './adjustments.tsx'
import { Points } from './asset-amount.tsx'
import { Lots } from './lots.tsx'
import { Join, Leave } from './memberships.tsx'

/** Only what there is: a line of nothing tells nobody anything. */
const Amounts = ({
  label,
  value,
  children,
}: {
  readonly label: string
  readonly value: number
  readonly children: (value: number) => React.ReactNode
}) => (value === 0 ? null : <Fact label={label}>{children(value)}</Fact>)

/** A balance that opens to its postings, for those who may see them. */
const Opened = ({
  person,
  asset,
  children,
}: {
  readonly person: string
  readonly asset: string
  readonly children: React.ReactNode
}) =>
  useMay()('listAccounts') ? (
    <Anchor component={Link} to={`/loyalty/ledger?person=${person}&asset=${encodeURIComponent(asset)}`} inherit>
      {children}
    </Anchor>
  ) : (
    children
  )

const Programme = ({ of, person }: { readonly of: WalletProgramme; readonly person: string }) => {
  const { t, language } = useWords()
  const points = (value: number) => <Points value={value} unit={of.unit} />
  const { tier, next } = of
  return (
    <Panel title={of.name}>
      <Group justify="space-between" align="flex-end" mb="md">
        <div>
          <Text fz={28} fw={650} lh={1.2}>
            <Opened person={person} asset={`points:${of.programme}`}>
              {points(of.toSpend)}
            </Opened>
          </Text>
          <Text size="sm" c="dimmed">
            {t('people.wallet.toSpend')}
            {of.worth !== null && (
              <>
                {' · '}
                {t('people.wallet.worth')} <Money minor={of.worth.amount} currency={of.worth.currency} />
              </>
            )}
          </Text>
        </div>
        {tier !== null && (
          <div style={{ textAlign: 'end' }}>
            <Text fw={600}>
              <bdi>{tier.name}</bdi>
            </Text>
            <Text size="sm" c="dimmed">
              {t('people.wallet.tierSince')} <When at={tier.since} as="date" />
            </Text>
          </div>
        )}
      </Group>
      {next !== null && (
        <Stack gap={4} mb="md">
          <Progress
            value={(100 * next.have) / Math.max(1, next.have + next.needed)}
            aria-label={t('people.wallet.next', { tier: next.name })}
          />
          <Text size="sm" c="dimmed">
            {t('people.wallet.needed', {
              tier: next.name,
              needed: formatNumber(next.needed, language),
              by: t(`people.wallet.by.${next.by}`),
            })}
          </Text>
        </Stack>
      )}
      <Facts>
        <Fact label={t('people.wallet.member')}>
          <Group gap="sm">
            {of.memberSince === null ? t('people.wallet.noMember') : <When at={of.memberSince} as="date" />}
            <Leave person={person} of={of} />
          </Group>
        </Fact>
        <Amounts label={t('people.wallet.own')} value={of.balance === of.toSpend ? 0 : of.balance}>
          {points}
        </Amounts>
        {of.pending.amount > 0 && (
          <Fact label={t('people.wallet.pending')}>
            {points(of.pending.amount)}
            {of.pending.next.map(({ at, amount }) => (
              <Text key={at} size="sm" c="dimmed">
                {points(amount)} <When at={at} />
              </Text>
            ))}
          </Fact>
        )}
        <Amounts label={t('people.wallet.held')} value={of.held}>
          {points}
        </Amounts>
        <Amounts label={t('people.wallet.debt')} value={of.debt}>
          {points}
        </Amounts>
        {of.expiring.length > 0 && (
          <Fact label={t('people.wallet.expiring')}>
            {of.expiring.slice(0, 3).map(({ at, amount }) => (
              <div key={at}>
                {points(amount)}{' '}
                <Text span size="sm" c="dimmed">
                  <When at={at} />
                </Text>
              </div>
            ))}
          </Fact>
        )}
        {tier !== null && tier.benefits.length > 0 && (
          <Fact label={t('people.wallet.benefits')}>
            <bdi>{tier.benefits.join(' · ')}</bdi>
          </Fact>
        )}
        {of.household !== null && (
          <Fact label={t('people.wallet.household')}>
            <bdi>{of.household.name}</bdi> · {points(of.household.balance)}
          </Fact>
        )}
      </Facts>
    </Panel>
  )
}

const Stored = ({ of, person }: { readonly of: WalletMoney; readonly person: string }) => {
  const { t } = useWords()
  const money = (minor: number) => <Money minor={minor} currency={of.currency} />
  return (
    <Panel title={t(`people.asset.${of.kind}`)}>
      <Text fz={28} fw={650} lh={1.2} mb="md">
        <Opened person={person} asset={`${of.kind}:${of.currency}`}>
          {money(of.balance)}
        </Opened>
      </Text>
      <Facts>
        <Amounts label={t('people.wallet.pending')} value={of.pending}>
          {money}
        </Amounts>
        <Amounts label={t('people.wallet.held')} value={of.held}>
          {money}
        </Amounts>
        <Amounts label={t('people.wallet.debt')} value={of.debt}>
          {money}
        </Amounts>
        {of.expiring.length > 0 && (
          <Fact label={t('people.wallet.expiring')}>
            {of.expiring.slice(0, 3).map(({ at, amount }) => (
              <div key={at}>
                {money(amount)}{' '}
                <Text span size="sm" c="dimmed">
                  <When at={at} />
                </Text>
              </div>
            ))}
          </Fact>
        )}
      </Facts>
    </Panel>
  )
}

const Cards = ({ of }: { readonly of: WalletRead['giftCards'] }) => {
  const { t } = useWords()
  if (of.length === 0) return null
  return (
    <Panel title={t('people.wallet.cards')}>
      <Facts>
        {of.map(card => (
          <Fact key={card.id} label={`•••• ${card.lastFour}`}>
            <Group gap="sm">
              <Money minor={card.balance} currency={card.currency} />
              <StateBadge state={card.state} />
              {card.expiresAt !== null && (
                <Text span size="sm" c="dimmed">
                  {t('people.wallet.until')} <When at={card.expiresAt} as="date" />
                </Text>
              )}
            </Group>
          </Fact>
        ))}
      </Facts>
    </Panel>
  )
}

const Received = ({ of }: { readonly of: WalletRead['received'] }) => {
  const { t } = useWords()
  const currencies = Object.keys(of.ever)
  if (currencies.length === 0) return null
  return (
    <Panel title={t('people.wallet.received')}>
      <Facts>
        {currencies.map(currency => (
          <Fact key={currency} label={t('people.wallet.ever')}>
            <Money minor={of.ever[currency] ?? 0} currency={currency} />
            <Text size="sm" c="dimmed">
              {t('people.wallet.thisYear')} <Money minor={of.thisYear[currency] ?? 0} currency={currency} />
            </Text>
          </Fact>
        ))}
      </Facts>
    </Panel>
  )
}

const Revoke = ({ grant }: { readonly grant: WalletGrant }) => {
  const { t } = useWords()
  const may = useMay()
  const confirm = useConfirm()
  const notices = useNotices()
  const revoke = useChange('revokeGrant', ['getWallet', 'getTimeline', 'decideMoment'])
  if (grant.state !== 'issued' || !may('revokeGrant')) return null
  const take = async (): Promise<void> => {
    const yes = await confirm({
      title: t('people.revoke.title', { name: grant.name }),
      text: t('people.revoke.text'),
      action: t('people.revoke.action'),
      isFinal: true,
    })
    if (!yes) return
    try {
      await revoke.mutateAsync([grant.id])
      notices.done(t('people.revoke.done', { name: grant.name }))
    } catch (error) {
      notices.failed(error)
    }
  }
  return (
    <Button size="compact-sm" variant="default" loading={revoke.isPending} onClick={take}>
      {t('people.revoke.action')}
    </Button>
  )
}

const useGrantColumns = (): Column<WalletGrant>[] => {
  const words = useOfferWords()
  const { t } = words
  return [
    {
      title: t('people.wallet.grant'),
      cell: grant => (
        <>
          <Ref id={grant.offer} name={grant.title ?? grant.name} />
          <Text size="sm" c="dimmed" fw={400}>
            <bdi>{offerGives(grant, words)}</bdi>
          </Text>
        </>
      ),
      csv: grant => grant.name,
    },
    { title: t('people.column.state'), cell: grant => <StateBadge state={grant.state} />, csv: grant => grant.state },
    {
      title: t('people.wallet.code'),
      cell: grant => (grant.code === null ? '–' : <Code dir="ltr">{grant.code}</Code>),
      csv: grant => grant.code,
    },
    {
      title: t('people.wallet.issued'),
      cell: grant => <When at={grant.issuedAt} />,
      csv: grant => grant.issuedAt,
    },
    {
      title: t('people.wallet.ends'),
      cell: grant => (grant.expiresAt === null ? '–' : <When at={grant.expiresAt} as="date" />),
      csv: grant => grant.expiresAt,
    },
    { title: t('people.column.action'), cell: grant => <Revoke grant={grant} />, align: 'end' },
  ]
}

const useOfferColumns = (): Column<WalletOffer>[] => {
  const words = useOfferWords()
  const { t } = words
  return [
    {
      title: t('people.wallet.grant'),
      cell: offer => (
        <>
          <Ref id={offer.offer} name={offer.name} />
          <Text size="sm" c="dimmed" fw={400}>
            <bdi>{offerGives(offer, words)}</bdi>
          </Text>
        </>
      ),
    },
    {
      title: t('people.wallet.code'),
      cell: offer => (offer.code === null ? '–' : <Code dir="ltr">{offer.code}</Code>),
    },
    {
      title: t('people.wallet.usesLeft'),
      cell: offer => (offer.remaining === null ? '–' : <Count value={offer.remaining} />),
      align: 'end',
    },
    {
      title: t('people.wallet.ends'),
      cell: offer => (offer.endsAt === null ? '–' : <When at={offer.endsAt} as="date" />),
      align: 'end',
    },
  ]
}

/** What somebody has and may spend, where it is from and when it ends. */
const Wallet = ({ person }: { readonly person: Person }) => {
  const { t } = useWords()
  const query = useCall('getWallet', [person.id])
  const columns = useGrantColumns()
  const offerColumns = useOfferColumns()
  const may = useMay()
  if (query.error) return <Problem error={query.error} onRetry={query.refetch} />
  const wallet = query.data
  if (!wallet) return <Waiting />
  const { programmes, money, giftCards, grants, offers, received } = wallet
  const hasValue = programmes.length + money.length + giftCards.length > 0
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Join person={person.id} of={programmes} />
        {may('listAccounts') && (
          <Anchor component={Link} to={`/loyalty/ledger?person=${person.id}`} size="sm">
            {t('people.wallet.ledger')}
          </Anchor>
        )}
      </Group>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        {programmes.map(it => (
          <Programme key={it.programme} of={it} person={person.id} />
        ))}
        {money.map(it => (
          <Stored key={it.kind + it.currency} of={it} person={person.id} />
        ))}
        <Cards of={giftCards} />
        <Received of={received} />
      </SimpleGrid>
      <Section title={t('people.wallet.grants')}>
        <DataTable
          caption={t('people.wallet.grants')}
          columns={columns}
          keyOf={grant => grant.id}
          rows={rowsOfCall(query, () => grants)}
          csv="grants"
          sent={requestOf('getWallet', [person.id])}
          empty={<Empty title={t('people.wallet.noGrants')} text={t('people.wallet.noGrantsText')} />}
        />
      </Section>
      {offers.length > 0 && (
        <Section title={t('people.wallet.offers')}>
          <DataTable
            caption={t('people.wallet.offers')}
            columns={offerColumns}
            keyOf={offer => offer.offer}
            rows={rowsOfCall(query, () => offers)}
            empty={null}
          />
        </Section>
      )}
      {hasValue && <Lots id={person.id} title={t('people.lot.title')} />}
      <Adjustments person={person.id} />
    </Stack>
  )
}

export default Wallet
