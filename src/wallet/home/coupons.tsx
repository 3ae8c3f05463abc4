import { IconCheck, IconCopy, IconTicket } from '@tabler/icons-react'
import { useContext, useState } from 'react'
import { useWords } from '../../faces/words.ts'
import type { BenefitGiven } from '../../sdk/index.ts'
import { useFormats } from '../amounts.ts'
import type { Moment, Wallet } from '../session.ts'
import { FrameContext } from '../shell.tsx'
import { type UnitOf, useGives } from './gives.ts'

type Coupon = {
  readonly key: string
  readonly name: string
  readonly sentence: string
  readonly benefit: BenefitGiven
  readonly code: string | null
  readonly endsAt: string | null
  /** What it needs of her: nothing, or a code to type or show. */
  readonly note: 'itself' | 'withCode' | 'handedOver'
}

/**
 * What she can use now: what was issued to her, codes of campaigns that she is a member of, and what applies to any basket. Each once.
 *
 *     couponsOf(wallet, moment)   // [{ name: 'A free coffee', note: 'itself', … }]
 */
export const couponsOf = (wallet: Wallet, moment: Moment | undefined): readonly Coupon[] => {
  const grants = wallet.grants
    .filter(it => (it.state === 'issued' || it.state === 'returned') && !it.duplicate && it.fulfilment !== 'fulfilled')
    .map(
      (it): Coupon => ({
        key: it.id,
        name: it.title ?? it.name,
        sentence: it.sentence,
        benefit: it.benefit,
        code: it.code,
        endsAt: it.expiresAt,
        note: it.fulfilment !== undefined ? 'handedOver' : it.code === null ? 'itself' : 'withCode',
      }),
    )
  const codes = wallet.offers.map(
    (it): Coupon => ({
      key: it.offer,
      name: it.name,
      sentence: it.sentence,
      benefit: it.benefit,
      code: it.code,
      endsAt: it.endsAt,
      note: it.code === null ? 'itself' : 'withCode',
    }),
  )
  const known = new Set(codes.map(it => it.key))
  const baskets = (moment?.offers ?? [])
    .filter(it => it.how === 'basket' && !known.has(it.offer))
    .map(
      (it): Coupon => ({
        key: it.offer,
        name: it.name,
        sentence: it.sentence,
        benefit: it.benefit,
        code: null,
        endsAt: it.expiresAt,
        note: 'itself',
      }),
    )
  return [...grants, ...codes, ...baskets]
}

const CopyCode = ({ code }: { readonly code: string }) => {
  const { t } = useWords()
  const { tell } = useContext(FrameContext)
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(code)
      setCopied(true)
      tell(t('home.copied'))
    } catch {
      // Without the right to, she still can read it.
    }
  }
  return (
    <button type="button" className="coupon-code" onClick={copy} aria-label={t('home.copy', { code })}>
      <bdi dir="ltr">{code}</bdi>
      {isCopied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
    </button>
  )
}

type Props = { readonly coupons: readonly Coupon[]; readonly unitOf: UnitOf }

export const Coupons = ({ coupons, unitOf }: Props) => {
  const { t } = useWords()
  const gives = useGives(unitOf)
  const format = useFormats()
  return (
    <ul className="coupons">
      {coupons.map(({ key, name, sentence, benefit, code, endsAt, note }) => (
        <li key={key} className="coupon">
          <span className="coupon-mark">
            <IconTicket aria-hidden />
          </span>
          <div className="coupon-text">
            <h3>
              <bdi>{name}</bdi>
            </h3>
            {gives({ benefit, sentence }) !== name && (
              <p className="quiet-text">
                <bdi>{gives({ benefit, sentence })}</bdi>
              </p>
            )}
            {code !== null && <CopyCode code={code} />}
            {(note !== 'itself' || endsAt !== null) && (
              <p className="small-text quiet-text">
                {note !== 'itself' && t(`home.note.${note}`)}
                {note !== 'itself' && endsAt !== null && ' · '}
                {endsAt !== null && t('home.untilDay', { date: format.lastDay(endsAt) })}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}
