import { useContext } from 'react'
import { useWords } from '../../faces/words.ts'
import { useFormats } from '../amounts.ts'
import { askAgain, useAnswer } from '../answers.ts'
import { api } from '../api.ts'
import { useOnline } from '../online.ts'
import { AsOf } from '../parts/as-of.tsx'
import { Page, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { useAction } from '../parts/use-action.ts'
import { usePerson, useSession, useSettings } from '../session.ts'
import { FrameContext } from '../shell.tsx'

type Body = Parameters<typeof api.putConsents>[1]
type Channel = 'email' | 'sms' | 'call' | 'whatsapp'
type Purpose = 'marketing' | 'service' | 'research' | 'profiling'

/** By which channels an address can be reached. */
const channelsOf: Readonly<Record<string, readonly Channel[]>> = {
  email: ['email'],
  phone: ['sms', 'call', 'whatsapp'],
  whatsapp: ['whatsapp'],
}
const furtherPurposes: readonly Purpose[] = ['service', 'research', 'profiling']
const rates = ['7/7', '3/7', '1/7', '2/30', '1/30'] as const
const pauses = [7, 30, 90] as const
const dayMs = 86_400_000

type SwitchProps = {
  readonly label: string
  readonly isOn: boolean
  readonly isOff: boolean
  readonly onChange: (isOn: boolean) => unknown
}

const Switch = ({ label, isOn, isOff, onChange }: SwitchProps) => (
  <label className="switch">
    <span>
      <bdi>{label}</bdi>
    </span>
    <input type="checkbox" checked={isOn} disabled={isOff} onChange={event => onChange(event.currentTarget.checked)} />
  </label>
)

/** What the business may do with her addresses, and how often; each change is said at once. */
const Permissions = () => {
  const { t, language } = useWords()
  const format = useFormats()
  const isOnline = useOnline()
  const { person: id, workspace } = useSession()
  const { tell } = useContext(FrameContext)
  const consents = useAnswer('consents', () => api.getConsents(id))
  const person = usePerson()
  const settings = useSettings(workspace.id)
  const save = useAction(async (body: Body) => {
    await api.putConsents(id, body)
    await askAgain('consents')
    tell(t('you.saved'))
  })
  const say = (address: string, channel: Channel, purpose: Purpose, isGiven: boolean): Promise<void> =>
    save.run({
      consents: [
        {
          address,
          channel,
          purpose,
          state: isGiven ? 'given' : 'withdrawn',
          how: 'preferencePage',
          textVersion: 'wallet-1',
          language,
        },
      ],
    })
  const wish = (preferences: Body['preferences']): Promise<void> =>
    save.run({ consents: [], ...(preferences && { preferences }) })
  const topics = settings.data?.topics ?? []
  const addresses = (person.data?.identifiers ?? []).flatMap(({ type, value, given }) =>
    (channelsOf[type] ?? []).map(channel => ({ address: `${type}:${value}`, given, channel })),
  )
  const {
    channelsOff = [],
    topicsOff = [],
    atMost = null,
    pausedUntil = null,
    quietHours = [],
  } = consents.data?.preferences ?? {}
  const isGiven = (address: string, channel: Channel, purpose: Purpose): boolean =>
    consents.data?.consents.some(
      it => it.address === address && it.channel === channel && it.purpose === purpose && it.state === 'given',
    ) ?? false
  const switchOf = (address: string, channel: Channel, purpose: Purpose) => (
    <Switch
      key={purpose}
      label={t(`you.purpose.${purpose}`)}
      isOn={isGiven(address, channel, purpose)}
      isOff={isOff}
      onChange={isOn => say(address, channel, purpose, isOn)}
    />
  )
  const isPaused = pausedUntil !== null && Date.parse(pausedUntil) > Date.now()
  const isOff = save.isBusy || !isOnline
  const rate = atMost === null ? '' : `${atMost.messages}/${atMost.days}`
  const quiet = quietHours[0]
  if (consents.data === undefined || person.data === undefined)
    return (
      <Page title={t('you.permissions')} back="/you">
        <AsOf answer={consents} />
        {consents.isLoading && <Waiting />}
      </Page>
    )
  return (
    <Page title={t('you.permissions')} back="/you">
      <AsOf answer={consents} />
      {!isOnline && <p className="quiet-text">{t('common.needsNetwork')}</p>}
      {save.error !== undefined && <Problem error={save.error} />}
      {addresses.map(({ address, given, channel }) => (
        <section key={`${address} ${channel}`} className="card">
          <h2>
            {t(`you.channel.${channel}`)} <bdi dir="ltr">{given}</bdi>
          </h2>
          {switchOf(address, channel, 'marketing')}
          <details className="more">
            <summary>{t('you.more')}</summary>
            {furtherPurposes.map(purpose => switchOf(address, channel, purpose))}
          </details>
        </section>
      ))}
      {topics.length > 0 && (
        <section className="card">
          <h2>{t('you.topics')}</h2>
          {topics.map(({ id: topic, name }) => (
            <Switch
              key={topic}
              label={name}
              isOn={!topicsOff.includes(topic)}
              isOff={isOff}
              onChange={isOn =>
                wish({ topicsOff: isOn ? topicsOff.filter(it => it !== topic) : [...topicsOff, topic] })
              }
            />
          ))}
        </section>
      )}
      <section className="card">
        <h2>{t('you.howOften')}</h2>
        <label className="field">
          {t('you.atMost')}
          <select
            value={rate}
            disabled={isOff}
            onChange={event => {
              const [messages, days] = event.currentTarget.value.split('/').map(Number)
              void wish({ atMost: messages && days ? { messages, days } : null })
            }}
          >
            <option value="">{t('you.noLimit')}</option>
            {[...new Set([...rates, ...(rate === '' ? [] : [rate])])].map(it => {
              const [messages, days] = it.split('/').map(Number)
              return (
                <option key={it} value={it}>
                  {t('you.rate', { messages, days })}
                </option>
              )
            })}
          </select>
        </label>
        <div className="row">
          <label className="field">
            {t('you.quietFrom')}
            <input
              type="time"
              value={quiet?.from ?? ''}
              disabled={isOff}
              onChange={event => {
                const from = event.currentTarget.value
                if (from === '') void wish({ quietHours: [] })
                else if (from !== (quiet?.to ?? '08:00'))
                  void wish({ quietHours: [{ from, to: quiet?.to ?? '08:00' }] })
              }}
            />
          </label>
          <label className="field">
            {t('you.quietTo')}
            <input
              type="time"
              value={quiet?.to ?? ''}
              disabled={isOff || quiet === undefined}
              onChange={event => {
                const to = event.currentTarget.value
                if (quiet && to !== '' && to !== quiet.from) void wish({ quietHours: [{ ...quiet, to }] })
              }}
            />
          </label>
        </div>
        <label className="field">
          {t('you.pause')}
          <select
            value={isPaused ? 'keep' : ''}
            disabled={isOff}
            onChange={event => {
              const days = Number(event.currentTarget.value)
              if (event.currentTarget.value === 'keep') return
              const until = days > 0 ? new Date(Date.now() + days * dayMs).toISOString() : null
              void wish({ pausedUntil: until })
            }}
          >
            <option value="">{t('you.noPause')}</option>
            {isPaused && <option value="keep">{t('you.pausedUntil', { date: format.date(pausedUntil) })}</option>}
            {pauses.map(days => (
              <option key={days} value={days}>
                {t('you.pauseDays', { count: days })}
              </option>
            ))}
          </select>
        </label>
        {channelsOff.length > 0 && (
          <Switch label={t('you.someOff')} isOn={false} isOff={isOff} onChange={() => wish({ channelsOff: [] })} />
        )}
      </section>
    </Page>
  )
}

export default Permissions
