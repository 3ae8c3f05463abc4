import { formatNumber } from '../faces/format.ts'
import { useWords } from '../faces/words.ts'
import type { Answer } from './decide.ts'
import { Money, Points, programmeName } from './parts.tsx'
import { reasonText } from './reason-text.ts'
import { setSale } from './selling.ts'
import { till } from './till-state.ts'

const dropCode = (code: string): void => setSale(sale => ({ ...sale, codes: sale.codes.filter(it => it !== code) }))

/** What a basket lacks for an offer: money as money, anything else as a number of it. */
const Missing = ({ missing }: { readonly missing: Readonly<Record<string, unknown>> }) => {
  const { t, language } = useWords()
  const [measure, amount] = Object.entries(missing).find(([, it]) => typeof it === 'number') ?? []
  if (typeof amount !== 'number') return null
  return (
    <span className="quiet-text">
      {t('offers.missing')}{' '}
      {measure === 'subtotal' || measure === 'total' ? (
        <Money minor={amount} />
      ) : (
        <bdi>{formatNumber(amount, language)}</bdi>
      )}
    </span>
  )
}

/** What applies, what is not far, what waits for the network, and codes that do not apply with the reason. */
export const OfferLines = ({
  answer,
  codes,
}: {
  readonly answer: Answer | undefined
  readonly codes: readonly string[]
}) => {
  const { t, language } = useWords()
  const { currency } = till().pack ?? {}
  // What gives points alone is told as what the sale earns.
  const applied = (answer?.applied ?? []).filter(it => it.amount > 0 || it.gives?.some(({ what }) => what !== 'points'))
  const refused = answer?.refused.filter(it => it.code !== undefined) ?? []
  const told = new Set([...(answer?.applied ?? []), ...refused].map(it => it.code))
  const waiting = codes.filter(code => !told.has(code))
  const onlineOnly = answer?.onlineOnly ?? []
  const earned = answer?.earned ?? []
  if (
    applied.length + refused.length + waiting.length + onlineOnly.length + earned.length === 0 &&
    !answer?.available.length
  )
    return null
  return (
    <ul className="offers" aria-label={t('offers.title')}>
      {applied.map(it => (
        <li key={`${it.offer} ${it.code ?? ''}`} className="offer good">
          <span>
            <bdi>{it.name}</bdi>
            {it.code !== undefined && (
              <>
                {' '}
                <bdi dir="ltr" className="code">
                  {it.code}
                </bdi>
              </>
            )}
          </span>
          {it.gives?.map(
            given =>
              given.what === 'gift' && (
                <bdi key={given.sku}>
                  {given.quantity} × {given.name ?? given.sku}
                </bdi>
              ),
          )}
          {it.amount > 0 && <Money minor={-it.amount} />}
          {it.code !== undefined && <Drop code={it.code} />}
        </li>
      ))}
      {earned.map(it => (
        <li key={it.programme} className="offer good">
          <span>
            {t('offers.earns')} <bdi>{programmeName(it.programme)}</bdi>
          </span>
          <Points programme={it.programme} points={it.points} />
        </li>
      ))}
      {refused.map(it => (
        <li key={it.code} className="offer bad">
          <span>
            <bdi dir="ltr" className="code">
              {it.code}
            </bdi>{' '}
            <bdi>{reasonText(it.reason, { t, language, currency })}</bdi>
          </span>
          <Drop code={it.code!} />
        </li>
      ))}
      {waiting.map(code => (
        <li key={code} className="offer">
          <bdi dir="ltr" className="code">
            {code}
          </bdi>
          <Drop code={code} />
        </li>
      ))}
      {onlineOnly.map(it => (
        <li key={it.offer} className="offer warn">
          <span>
            <bdi>{it.name}</bdi>
          </span>
          <span className="badge">{t('offers.onlineOnly')}</span>
        </li>
      ))}
      {answer?.available.map(it => (
        <li key={it.offer} className="offer">
          <bdi>{it.name}</bdi>
          <Missing missing={it.missing} />
        </li>
      ))}
    </ul>
  )
}

const Drop = ({ code }: { readonly code: string }) => {
  const { t } = useWords()
  return (
    <button type="button" className="round" aria-label={t('offers.drop', { code })} onClick={() => dropCode(code)}>
      ×
    </button>
  )
}
