import { IconCheck } from '@tabler/icons-react'
import { type FormEvent, useRef, useState } from 'react'
import { useWords } from '../../faces/words.ts'
import { useFormats } from '../amounts.ts'
import { askAgain } from '../answers.ts'
import { api } from '../api.ts'
import { Act } from '../parts/act.tsx'
import { AsOf } from '../parts/as-of.tsx'
import { Page, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { useAction } from '../parts/use-action.ts'
import { Link } from '../routes.tsx'
import { type Settings, useSession, useSettings, useWallet, type WalletProgramme } from '../session.ts'
import { recipientOf } from './recipient.ts'

type Club = Settings['programmes'][number]
type Preview = Awaited<ReturnType<typeof api.createTransfer>>

const GiftForm = ({ programme, club }: { readonly programme: WalletProgramme; readonly club: Club }) => {
  const { t } = useWords()
  const format = useFormats()
  const { person } = useSession()
  const { unit, balance } = programme
  const { minimum, dailyLimit, feePercent, between } = club.transfers
  const [to, setTo] = useState('')
  const [points, setPoints] = useState('')
  const [note, setNote] = useState('')
  const [preview, setPreview] = useState<Preview | undefined>()
  const [isGiven, setGiven] = useState(false)
  // One gift, however often the button is pressed and the network breaks.
  const key = useRef(crypto.randomUUID())
  const gift = () => ({
    from: person,
    to: recipientOf(to),
    programme: club.id,
    points: Math.round(Number(points) * 10 ** unit.decimals),
    ...(note.trim() !== '' && { note: note.trim() }),
  })
  const look = useAction(async () => setPreview(await api.createTransfer(gift(), { dryRun: true })))
  const give = useAction(async () => {
    await api.createTransfer(gift(), {}, { idempotencyKey: key.current })
    setGiven(true)
    await askAgain('wallet', 'activity', 'moment')
  })
  const again = (): void => {
    key.current = crypto.randomUUID()
    setPreview(undefined)
    setGiven(false)
    setTo('')
    setPoints('')
    setNote('')
  }

  if (isGiven && preview)
    return (
      <section className="card done" role="status">
        <span className="done-mark">
          <IconCheck size={40} aria-hidden />
        </span>
        <h2>{t('gift.done')}</h2>
        <p>
          {t('gift.doneText', { points: format.points(preview.received, unit) })} <bdi>{to}</bdi>
        </p>
        <div className="row">
          <button type="button" className="button quiet" onClick={again}>
            {t('gift.another')}
          </button>
          <Link to="/" className="button">
            {t('common.home')}
          </Link>
        </div>
      </section>
    )

  if (preview)
    return (
      <section className="card">
        <h2>{t('gift.check')}</h2>
        <dl className="sums">
          <div>
            <dt>{t('gift.to')}</dt>
            <dd>
              <bdi dir="ltr">{to}</bdi>
            </dd>
          </div>
          <div>
            <dt>{t('gift.youGive')}</dt>
            <dd>
              <bdi>{format.points(preview.points, unit)}</bdi>
            </dd>
          </div>
          <div>
            <dt>{t('gift.fee')}</dt>
            <dd>
              <bdi>{format.points(preview.fee, unit)}</bdi>
            </dd>
          </div>
          <div className="sum">
            <dt>{t('gift.arrives')}</dt>
            <dd>
              <bdi>{format.points(preview.received, unit)}</bdi>
            </dd>
          </div>
          <div>
            <dt>{t('gift.youKeep')}</dt>
            <dd>
              <bdi>{format.points(balance - preview.points, unit)}</bdi>
            </dd>
          </div>
        </dl>
        <p className="quiet-text">{t('gift.forGood')}</p>
        {give.error !== undefined && <Problem error={give.error} />}
        <div className="row">
          <button type="button" className="button quiet" onClick={() => setPreview(undefined)}>
            {t('common.back')}
          </button>
          <Act isBusy={give.isBusy} onClick={() => give.run()}>
            {t('gift.give')}
          </Act>
        </div>
      </section>
    )

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void look.run()
  }
  return (
    <form className="card" onSubmit={submit}>
      <p className="quiet-text">
        {t('gift.have')} <bdi>{format.points(balance, unit)}</bdi>
      </p>
      <label className="field">
        {t('gift.recipient')}
        <input
          dir="auto"
          required
          autoCapitalize="none"
          spellCheck={false}
          value={to}
          onChange={event => setTo(event.currentTarget.value)}
        />
        <small className="quiet-text">{t(between === 'household' ? 'gift.household' : 'gift.recipientHelp')}</small>
      </label>
      <label className="field">
        {t('gift.points')}
        <input
          type="number"
          inputMode="decimal"
          dir="ltr"
          required
          min={10 ** -unit.decimals}
          step={10 ** -unit.decimals}
          value={points}
          onChange={event => setPoints(event.currentTarget.value)}
        />
      </label>
      <label className="field">
        {t('gift.note')}
        <input maxLength={200} value={note} onChange={event => setNote(event.currentTarget.value)} />
      </label>
      <ul className="rules small-text quiet-text">
        {minimum > 1 && <li>{t('gift.minimum', { points: format.points(minimum, unit) })}</li>}
        {typeof dailyLimit === 'number' && <li>{t('gift.daily', { points: format.points(dailyLimit, unit) })}</li>}
        <li>{feePercent > 0 ? t('gift.feeRule', { percent: feePercent }) : t('gift.noFee')}</li>
      </ul>
      {look.error !== undefined && <Problem error={look.error} />}
      <Act type="submit" isBusy={look.isBusy}>
        {t('gift.look')}
      </Act>
    </form>
  )
}

/** Points for somebody else; with several programmes she chooses out of which. */
const Gift = () => {
  const { t } = useWords()
  const { workspace } = useSession()
  const wallet = useWallet()
  const settings = useSettings(workspace.id)
  const [chosen, setChosen] = useState<string | undefined>()
  const pairs = (wallet.data?.programmes ?? []).flatMap(programme => {
    const club = settings.data?.programmes.find(it => it.id === programme.programme)
    return club && club.transfers.between !== 'nobody' && programme.memberSince !== null ? [{ programme, club }] : []
  })
  const pair = pairs.find(it => it.club.id === chosen) ?? pairs[0]
  return (
    <Page title={t('gift.title')} back="/">
      <AsOf answer={wallet} />
      {pairs.length > 1 && (
        <label className="field">
          {t('gift.programme')}
          <select value={pair?.club.id} onChange={event => setChosen(event.currentTarget.value)}>
            {pairs.map(({ club }) => (
              <option key={club.id} value={club.id}>
                {club.name}
              </option>
            ))}
          </select>
        </label>
      )}
      {pair ? (
        <GiftForm key={pair.club.id} {...pair} />
      ) : wallet.data === undefined || settings.data === undefined ? (
        (wallet.isLoading || settings.isLoading) && <Waiting />
      ) : (
        <p className="empty">{t('gift.nobody')}</p>
      )}
    </Page>
  )
}

export default Gift
