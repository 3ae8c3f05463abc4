import { Anchor, Button, Code as CodeText, Group, List, Stack, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { useCall, useChange, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { type Code, type CodeRefusal, type Offer, TesseraRefusal } from '../../sdk/index.ts'
import { offerGives } from '../offers/benefit-words.ts'
import { limitWords, validityWords } from '../offers/offer-words.ts'
import { useConditionWords } from '../offers/use-condition-words.ts'
import { useOfferWords } from '../offers/use-offer-words.ts'
import { Callout } from '../parts/callout.tsx'
import { DataTable, rowsOfCall, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { Fact, Facts } from '../parts/facts.tsx'
import { text, useFilters } from '../parts/filters.ts'
import { OfferRef } from '../parts/named.tsx'
import { useNotices } from '../parts/notices.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Panel, Section } from '../parts/panel.tsx'
import { Problem } from '../parts/problem.tsx'
import { reasonWords } from '../parts/reason-words.ts'
import { StateBadge } from '../parts/state-badge.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { Count, Ref, When } from '../parts/values.tsx'
import { Waiting } from '../parts/waiting.tsx'
import { stopsOf } from './stops.ts'
import { TryCode } from './try-code.tsx'

/** What a code looks like, the same in every language. */
const example = 'SPRING-7KQ2'

const SearchForm = ({ code }: { readonly code: string | undefined }) => {
  const { t } = useWords()
  const [, setFilters] = useFilters({ code: text })
  const [typed, setTyped] = useState(code ?? '')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setFilters({ code: typed.trim() || undefined })
  }
  return (
    <form onSubmit={submit} style={{ display: 'flex', gap: 8, maxWidth: 520 }}>
      <TextInput
        style={{ flex: 1 }}
        aria-label={t('codes.code')}
        placeholder={example}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        onChange={event => setTyped(event.currentTarget.value)}
      />
      <Button type="submit" disabled={typed.trim() === ''}>
        {t('codes.lookUp')}
      </Button>
    </form>
  )
}

/** Whether the code can be used here and now, as far as no basket is asked. */
const Verdict = ({ code, offer }: { readonly code: Code; readonly offer: Offer }) => {
  const words = useWords()
  const { t } = words
  const stops = stopsOf(code, offer, Date.now(), words)
  return stops.length === 0 ? (
    <Callout tone="good" title={t('codes.free.title')}>
      <Text size="sm">{t('codes.free.text')}</Text>
    </Callout>
  ) : (
    <Callout tone="bad" title={t('codes.stopped')}>
      <List size="sm">
        {stops.map(stop => (
          <List.Item key={stop}>{stop}</List.Item>
        ))}
      </List>
    </Callout>
  )
}

/** A code of one offer: what it is, what stops it, and the button that blocks it. */
const Found = ({ code }: { readonly code: Code }) => {
  const words = useOfferWords()
  const { t } = words
  const may = useMay()
  const notices = useNotices()
  const offer = useCall('getOffer', [code.offer])
  const update = useChange('updateCode', ['lookupCode', 'listCodeSets'])
  const limits = offer.data ? limitWords(offer.data, words) : []
  const set = async (blocked: boolean, done: () => void): Promise<void> => {
    try {
      await update.mutateAsync([code.code, { blocked, offer: code.offer }])
      done()
    } catch (error) {
      notices.failed(error)
    }
  }
  const turn = (blocked: boolean) =>
    set(blocked, () =>
      notices.doneWithUndo(t(blocked ? 'codes.blockedNow' : 'codes.freeNow', { code: code.code }), () =>
        set(!blocked, () => notices.done(t('codes.undone'))),
      ),
    )
  return (
    <Panel title={offer.data?.name ?? code.offer}>
      <Stack gap="md">
        {offer.data && <Verdict code={code} offer={offer.data} />}
        <Facts>
          <Fact label={t('codes.offer')}>
            <Group gap="xs">
              <OfferRef id={code.offer} />
              {offer.data && <StateBadge state={offer.data.state} />}
            </Group>
            {offer.data && (
              <Text size="sm" c="dimmed">
                <bdi>{offerGives(offer.data, words)}</bdi>
              </Text>
            )}
          </Fact>
          <Fact label={t('codes.kind')}>
            {t(code.grant !== null ? 'codes.kinds.issued' : code.shared ? 'codes.kinds.shared' : 'codes.kinds.unique')}
            {code.grant !== null && (
              <>
                {' '}
                <CodeText dir="ltr">{code.grant}</CodeText>
              </>
            )}
          </Fact>
          <Fact label={t('codes.uses')}>
            <Count value={code.uses} />
            {code.held > 0 && (
              <>
                {' · '}
                {t('codes.held')} <Count value={code.held} />
              </>
            )}
          </Fact>
          <Fact label={t('codes.limits')}>{limits.length === 0 ? t('offers.noLimits') : limits.join(' · ')}</Fact>
          <Fact label={t('codes.valid')}>{offer.data && (validityWords(offer.data, words) ?? t('offers.always'))}</Fact>
          <Fact label={t('codes.made')}>
            <When at={code.createdAt} as="dateTime" />
          </Fact>
        </Facts>
        <Group gap="sm">
          {may('updateCode') &&
            (code.blockedAt === null ? (
              <Button variant="default" c="var(--bad)" loading={update.isPending} onClick={() => turn(true)}>
                {t('codes.block')}
              </Button>
            ) : (
              <Button loading={update.isPending} onClick={() => turn(false)}>
                {t('codes.unblock')}
              </Button>
            ))}
          <Button variant="default" component={Link} to={`/orders?code=${encodeURIComponent(code.code)}`}>
            {t('codes.usedIn')}
          </Button>
          {may('listCodeSets') && (
            <Button variant="default" component={Link} to={`/offers/${code.offer}/codes`}>
              {t('codes.allOfOffer')}
            </Button>
          )}
        </Group>
      </Stack>
    </Panel>
  )
}

const Refusals = ({ code }: { readonly code: string }) => {
  const words = useWords()
  const { t } = words
  const currency = useWorkspace()?.currency ?? 'EUR'
  const sayCondition = useConditionWords(currency)
  const query = { code, limit: 20 }
  const refusals = useList('listCodeRefusals', [query])
  return (
    <Section title={t('codes.refused.title')}>
      <DataTable<CodeRefusal>
        caption={t('codes.refused.title')}
        keyOf={({ order }) => order}
        rows={rowsOfList(refusals)}
        csv={`${code}-refused`}
        sent={requestOf('listCodeRefusals', [query])}
        empty={<Text p="md">{t('codes.refused.none')}</Text>}
        columns={[
          {
            title: t('codes.refused.order'),
            cell: ({ order }) => <Ref kind="order" id={order} name={order} noWrap />,
            csv: ({ order }) => order,
          },
          {
            title: t('codes.refused.why'),
            cell: ({ reason }) => (
              <>
                <bdi>{reasonWords(reason, words, { currency, sayCondition })}</bdi>{' '}
                <CodeText dir="ltr">{reason.code}</CodeText>
              </>
            ),
            csv: ({ reason }) => reason.code,
          },
          {
            title: t('codes.refused.who'),
            cell: ({ person, personName }) =>
              person === null ? '–' : <Ref id={person} {...(personName === null ? {} : { name: personName })} />,
            csv: ({ person, personName }) => personName ?? person,
          },
          {
            title: t('codes.refused.where'),
            cell: ({ channel, location }) => <bdi>{[channel, location].filter(it => it !== null).join(' · ')}</bdi>,
            csv: ({ channel, location }) => [channel, location].filter(it => it !== null).join(' '),
          },
          {
            title: t('codes.refused.at'),
            cell: ({ at }) => <When at={at} as="dateTime" />,
            csv: ({ at }) => at,
            align: 'end',
          },
        ]}
      />
      <Text size="sm" c="dimmed" mt="xs">
        {t('codes.refused.kept')}
      </Text>
    </Section>
  )
}

const Answer = ({ code }: { readonly code: string }) => {
  const { t } = useWords()
  const may = useMay()
  const found = useCall('lookupCode', [code])
  const isUnknown = found.error instanceof TesseraRefusal && found.error.code === 'code_not_found'
  if (found.error && !isUnknown) return <Problem error={found.error} onRetry={found.refetch} />
  if (!found.data && !isUnknown) return <Waiting />
  return (
    <Stack gap="lg">
      {isUnknown && (
        <Callout tone="warn" title={t('codes.unknown.title')}>
          <Text size="sm">{t('codes.unknown.text')}</Text>
        </Callout>
      )}
      {found.data?.data.map(it => (
        <Found key={it.offer} code={it} />
      ))}
      {found.data && may('putOrder') && <TryCode code={code} />}
      <Refusals code={code} />
    </Stack>
  )
}

/** Where codes are made: the offers that a code claims. */
const OffersWithCodes = () => {
  const words = useOfferWords()
  const { t } = words
  const may = useMay()
  const offers = useCall('listOffers', [{ limit: 100 }], { staleMs: 60_000 })
  if (!may('listCodeSets')) return null
  return (
    <Section title={t('codes.offers.title')}>
      <DataTable
        caption={t('codes.offers.title')}
        keyOf={({ id }) => id}
        rows={rowsOfCall(offers, ({ data }) => data.filter(({ trigger }) => trigger.on === 'code'))}
        empty={<Empty title={t('codes.offers.none.title')} text={t('codes.offers.none.text')} />}
        columns={[
          {
            title: t('codes.offer'),
            cell: ({ id, name, sentence, benefit }) => (
              <>
                <Anchor component={Link} to={`/offers/${id}/codes`} inherit>
                  <bdi>{name}</bdi>
                </Anchor>
                <Text size="sm" c="dimmed" fw={400}>
                  <bdi>{offerGives({ sentence, benefit }, words)}</bdi>
                </Text>
              </>
            ),
          },
          { title: t('codes.state'), cell: ({ state }) => <StateBadge state={state} />, align: 'end' },
        ]}
      />
    </Section>
  )
}

export const Page = () => {
  const { t } = useWords()
  const [{ code }] = useFilters({ code: text })
  return (
    <Stack gap={0}>
      <PageHead title={t('codes.title')} text={t('codes.text')} />
      <Stack gap="lg">
        <SearchForm key={code ?? ''} code={code} />
        {code === undefined ? <OffersWithCodes /> : <Answer code={code} />}
      </Stack>
    </Stack>
  )
}
