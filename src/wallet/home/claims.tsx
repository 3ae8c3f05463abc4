import { IconGift } from '@tabler/icons-react'
import { useContext, useRef } from 'react'
import type { Unit } from '../../faces/points.ts'
import { useWords } from '../../faces/words.ts'
import { TesseraRefusal } from '../../sdk/errors.ts'
import { useFormats } from '../amounts.ts'
import { askAgain } from '../answers.ts'
import { api } from '../api.ts'
import { Act } from '../parts/act.tsx'
import { Problem } from '../parts/problem.tsx'
import { useAction } from '../parts/use-action.ts'
import { atHome, type Moment, useSession } from '../session.ts'
import { FrameContext } from '../shell.tsx'
import { type UnitOf, useGives } from './gives.ts'

type Offer = Moment['offers'][number]

const lackOf = ({ missing }: Offer): number | undefined => {
  const points = missing?.points
  return typeof points === 'number' && points > 0 ? points : undefined
}

/** One offer to take; one that costs points asks first. */
const Claim = ({ offer, unitOf }: { readonly offer: Offer; readonly unitOf: UnitOf }) => {
  const { t } = useWords()
  const gives = useGives(unitOf)
  const unit = offer.price && unitOf(offer.price.programme)
  const format = useFormats()
  const { person } = useSession()
  const { tell } = useContext(FrameContext)
  const question = useRef<HTMLDialogElement>(null)
  const price = offer.price === undefined ? undefined : format.points(offer.price.points, unit ?? unitless)
  const lack = lackOf(offer)
  const claim = useAction(async () => {
    question.current?.close()
    const { claimed, refused } = await api.decideMoment({ ...atHome, person, claim: [offer.offer], record: true })
    const reason = refused.find(it => it.offer === offer.offer)?.reason
    if (reason && claimed.length === 0)
      throw new TesseraRefusal(409, { code: reason.code, detail: reason.message, details: reason.details })
    await askAgain('moment', 'wallet')
    tell(t('home.claimed', { name: offer.name }))
  })
  return (
    <li className="coupon">
      <span className="coupon-mark strong">
        <IconGift aria-hidden />
      </span>
      <div className="coupon-text">
        <h3>
          <bdi>{offer.name}</bdi>
        </h3>
        <p className="quiet-text">
          <bdi>{gives(offer)}</bdi>
        </p>
        {offer.expiresAt !== null && (
          <p className="small-text quiet-text">{t('home.untilDay', { date: format.lastDay(offer.expiresAt) })}</p>
        )}
        {claim.error !== undefined && <Problem error={claim.error} />}
        {lack !== undefined ? (
          <p className="small-text">{t('home.lacks', { points: format.points(lack, unit ?? unitless) })}</p>
        ) : (
          <Act
            className="small"
            isBusy={claim.isBusy}
            disabled={!offer.claimable}
            onClick={() => (price === undefined ? claim.run() : question.current?.showModal())}
          >
            {price === undefined ? t('home.claim') : t('home.claimFor', { price })}
          </Act>
        )}
      </div>
      <dialog ref={question} className="question" aria-labelledby={`ask-${offer.offer}`}>
        <h2 id={`ask-${offer.offer}`}>
          <bdi>{offer.name}</bdi>
        </h2>
        <p>{t('home.claimAsk', { price })}</p>
        <div className="row">
          <button type="button" className="button quiet" onClick={() => question.current?.close()}>
            {t('common.cancel')}
          </button>
          <Act isBusy={claim.isBusy} onClick={() => claim.run()}>
            {t('home.claim')}
          </Act>
        </div>
      </dialog>
    </li>
  )
}

const unitless: Unit = { one: '', many: '', decimals: 0 }

type Props = { readonly offers: readonly Offer[]; readonly unitOf: UnitOf }

export const Claims = ({ offers, unitOf }: Props) => (
  <ul className="coupons">
    {offers.map(offer => (
      <Claim key={offer.offer} offer={offer} unitOf={unitOf} />
    ))}
  </ul>
)
