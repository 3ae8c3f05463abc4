import { Badge, Code, Group, Text } from '@mantine/core'
import { useWords } from '../../faces/words.ts'
import type { OrderStory } from '../../sdk/index.ts'
import { offerGives } from '../offers/benefit-words.ts'
import { useConditionWords } from '../offers/use-condition-words.ts'
import { useOfferWords } from '../offers/use-offer-words.ts'
import { useAssets } from '../parts/asset-words.ts'
import { type Reason, reasonWords } from '../parts/reason-words.ts'
import { StateBadge } from '../parts/state-badge.tsx'
import { Money, Ref } from '../parts/values.tsx'
import classes from './candidates.module.css'
import { givenWords, missingWords } from './order-words.ts'

type Told = OrderStory['offers'][number]
type Applied = OrderStory['order']['applied'][number]
type Use = OrderStory['uses'][number]

type Candidate = {
  readonly key: string
  /** Undefined: a code that nobody knows. */
  readonly offer: string | undefined
  readonly name: string
  readonly told: Told | undefined
  readonly version: number | undefined
  readonly outcome: Told['outcome']
  readonly code: string | undefined
  readonly amount: number
  readonly gives: Use['gives']
  /** What became of its use since. */
  readonly state: Use['state'] | undefined
  readonly reason: Reason | undefined
  readonly missing: Readonly<Record<string, unknown>> | undefined
}

/** Every offer and code that came into question, winners first: an offer that was claimed twice stands twice. */
const candidatesOf = ({ order, offers, uses }: OrderStory): readonly Candidate[] => {
  const tell = (offer: string | undefined, outcome: Told['outcome'], more: Partial<Candidate>): Candidate => {
    const told = offers.find(it => it.offer === offer)
    const key = [outcome, offer, more.code, more.state].join(' ')
    return {
      key,
      offer,
      name: told?.name ?? more.code ?? offer ?? '',
      told,
      version: told?.version ?? undefined,
      outcome,
      code: undefined,
      amount: 0,
      gives: [],
      state: undefined,
      reason: undefined,
      missing: undefined,
      ...more,
    }
  }
  const given = ({ code, amount, gives = [], redemption }: Applied): Partial<Candidate> => ({
    code,
    amount,
    gives,
    state: uses.find(use => use.id === redemption)?.state,
  })
  const named = [
    ...order.applied.map(it => tell(it.offer, 'applied', given(it))),
    ...(order.withheld ?? []).map(it => tell(it.offer, 'withheld', given(it))),
    ...order.refused.map(({ offer, code, reason }) => tell(offer, 'refused', { code, reason })),
    ...order.available.map(({ offer, missing }) => tell(offer, 'available', { missing })),
  ]
  const rest = offers.filter(({ offer }) => !named.some(it => it.offer === offer))
  return [...named, ...rest.map(({ offer, outcome }) => tell(offer, outcome, {}))].map((it, place) => ({
    ...it,
    key: `${place} ${it.key}`,
  }))
}

const tones = {
  applied: 'good',
  withheld: 'quiet',
  refused: 'bad',
  available: 'warn',
  fitted: 'quiet',
} as const

const Item = ({ candidate, story }: { readonly candidate: Candidate; readonly story: OrderStory }) => {
  const words = useOfferWords()
  const { t } = words
  const { offer, name, told, version, outcome, code, amount, gives, state, reason, missing } = candidate
  const assets = useAssets()
  const nameOf = (id: string): string => story.offers.find(it => it.offer === id)?.name ?? id
  const { currency } = story.order
  const sayCondition = useConditionWords(currency)
  return (
    <li className={classes.item}>
      <div className={classes.outcome}>
        <StateBadge state={outcome} tone={tones[outcome]} label={t(`orders.outcome.${outcome}`)} />
      </div>
      <div>
        <Group gap={8}>
          <Text fw={600} component="span">
            {offer === undefined ? <bdi dir="ltr">{name}</bdi> : <Ref kind="offer" id={offer} name={name} />}
          </Text>
          {code !== undefined && offer !== undefined && <Code dir="ltr">{code}</Code>}
          {version !== undefined && (
            <Text size="xs" c="dimmed">
              {t('orders.version', { version })}
            </Text>
          )}
          {state !== undefined && !['redeemed', 'withheld'].includes(state) && <StateBadge state={state} />}
        </Group>
        {told && (
          <Text size="sm" c="dimmed">
            <bdi>{offerGives(told, words)}</bdi>
          </Text>
        )}
        {gives.map(it => (
          <Text size="sm" key={JSON.stringify(it)}>
            <bdi>{givenWords(it, words, { nameOf, assets })}</bdi>
          </Text>
        ))}
        {reason && (
          <Group gap={8}>
            <Text size="sm">
              <bdi>{reasonWords(reason, words, { currency, sayCondition })}</bdi>
            </Text>
            <Badge variant="default" tt="none" fw={400}>
              <Code dir="ltr" bg="transparent">
                {reason.code}
              </Code>
            </Badge>
          </Group>
        )}
        {missing && (
          <Text size="sm">
            {t('orders.lacks')} <bdi>{missingWords(missing, currency, words)}</bdi>
          </Text>
        )}
        {(outcome === 'fitted' || outcome === 'withheld') && (
          <Text size="sm">{t(`orders.outcomeText.${outcome}`)}</Text>
        )}
      </div>
      <div className={classes.amount}>{amount > 0 && <Money minor={-amount} currency={currency} />}</div>
    </li>
  )
}

/** Who competed, who won, and why the others did not. */
export const Candidates = ({ story }: { readonly story: OrderStory }) => {
  const { t } = useWords()
  const candidates = candidatesOf(story)
  if (candidates.length === 0) return <Text c="dimmed">{t('orders.noCandidates')}</Text>
  return (
    <ul className={classes.list}>
      {candidates.map(candidate => (
        <Item key={candidate.key} candidate={candidate} story={story} />
      ))}
    </ul>
  )
}
