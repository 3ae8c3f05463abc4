import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import { useWords } from '../../faces/words.ts'
import type { Posting } from '../../sdk/index.ts'
import { ActorName, EventRef, OfferRef } from '../parts/named.tsx'
import { Ref } from '../parts/values.tsx'

type Told = Posting['cause']

/** Why somebody gave or took by hand, in words where it is one of the reasons that we offer. */
const byHand = ['goodwill', 'complaint', 'correction', 'migration', 'fraud', 'other']

export const Reason = ({ reason }: { readonly reason: string }) => {
  const { t } = useWords()
  return byHand.includes(reason) ? t(`people.adjust.reason.${reason}`) : <bdi>{reason}</bdi>
}

/** What a posting came of, each part a link to where it is told: an order, a return, an offer, an event, a reason, somebody. */
export const Cause = ({ of }: { readonly of: Told }) => {
  const { t } = useWords()
  const parts: (readonly [string, ReactNode])[] = []
  if (of.order !== undefined)
    parts.push([
      'order',
      <>
        {t('loyalty.ledger.cause.order')} <Ref id={of.order} kind="order" />
      </>,
    ])
  if (of.return !== undefined && of.order !== undefined)
    parts.push([
      'return',
      <Anchor
        key="return"
        component={Link}
        to={`/orders/${encodeURIComponent(of.order)}?tab=history`}
        inherit
        style={{ overflowWrap: 'anywhere' }}
      >
        {t('loyalty.ledger.cause.return')} <bdi>{of.return}</bdi>
      </Anchor>,
    ])
  if (of.offer !== undefined) parts.push(['offer', <OfferRef key="offer" id={of.offer} />])
  if (of.message !== undefined)
    parts.push([
      'message',
      <>
        {t('loyalty.ledger.cause.event')} <EventRef id={of.message} />
      </>,
    ])
  if (of.reason !== undefined) parts.push(['reason', <Reason key="reason" reason={of.reason} />])
  if (of.order === undefined && of.message === undefined)
    parts.push([
      'actor',
      of.actor === undefined ? (
        t('loyalty.ledger.cause.clock')
      ) : (
        <>
          {t('loyalty.ledger.cause.by')} <ActorName id={of.actor} />
        </>
      ),
    ])
  return parts.map(([name, part], place) => (
    <Fragment key={name}>
      {place > 0 && ' · '}
      {part}
    </Fragment>
  ))
}
