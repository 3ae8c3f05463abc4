import { useContext } from 'react'
import { useWords } from '../../faces/words.ts'
import { useFormats } from '../amounts.ts'
import { askAgain, useAnswer } from '../answers.ts'
import { api } from '../api.ts'
import { Act } from '../parts/act.tsx'
import { AsOf } from '../parts/as-of.tsx'
import { Page, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { useAction } from '../parts/use-action.ts'
import { FrameContext } from '../shell.tsx'
import { deviceNameOf } from './device-name.ts'

const Devices = () => {
  const { t } = useWords()
  const format = useFormats()
  const { tell } = useContext(FrameContext)
  const devices = useAnswer('devices', () => api.listWalletSessions())
  const end = useAction(async (id: string) => {
    await api.revokeWalletSession(id)
    await askAgain('devices')
    tell(t('you.deviceEnded'))
  })
  return (
    <Page title={t('you.devices')} back="/you">
      <AsOf answer={devices} />
      {devices.data === undefined && devices.isLoading && <Waiting />}
      {end.error !== undefined && <Problem error={end.error} />}
      <p className="quiet-text">{t('you.devicesText')}</p>
      <ul className="plain card">
        {devices.data?.data.map(({ id, userAgent, seenAt, current }) => (
          <li key={id} className="device">
            <span className="grows">
              <strong>
                <bdi>{deviceNameOf(userAgent) ?? t('you.someDevice')}</bdi>
              </strong>
              <small className="quiet-text">
                {current ? t('you.thisDevice') : t('you.seen', { time: format.dateTime(seenAt) })}
              </small>
            </span>
            {!current && (
              <Act className="quiet small" isBusy={end.isBusy} onClick={() => end.run(id)}>
                {t('you.endDevice')}
              </Act>
            )}
          </li>
        ))}
      </ul>
    </Page>
  )
}

export default Devices
