import { useContext, useState } from 'react'
import { useWords } from '../../faces/words.ts'
import { askAgain } from '../answers.ts'
import { api } from '../api.ts'
import { Act } from '../parts/act.tsx'
import { AsOf } from '../parts/as-of.tsx'
import { Page, Waiting } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { useAction } from '../parts/use-action.ts'
import { go } from '../routes.tsx'
import { type Settings, useSession, useSettings, useWallet } from '../session.ts'
import { FrameContext } from '../shell.tsx'
import { Terms } from './terms.tsx'

type Club = Settings['programmes'][number]

const JoinOne = ({ club }: { readonly club: Club }) => {
  const { t } = useWords()
  const { person } = useSession()
  const { tell } = useContext(FrameContext)
  const [agrees, setAgrees] = useState(false)
  const join = useAction(async () => {
    const { thanks } = await api.joinProgramme(club.id, person, {
      source: 'app',
      ...(club.terms !== null && { terms: club.terms }),
    })
    await askAgain('wallet', 'moment')
    tell(thanks ?? t('enter.joined', { name: club.name }))
    go('/', { replace: true })
  })
  return (
    <section className="card">
      <h2>
        <bdi>{club.name}</bdi>
      </h2>
      {club.tiers !== null && (
        <ul className="plain">
          {club.tiers.levels.map(level => (
            <li key={level.id}>
              <strong>
                <bdi>{level.name}</bdi>
              </strong>
              {level.benefits.length > 0 && (
                <span className="quiet-text">
                  {' · '}
                  <bdi>{level.benefits.join(' · ')}</bdi>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      <label className="choice">
        <input type="checkbox" checked={agrees} onChange={event => setAgrees(event.currentTarget.checked)} />
        <Terms name={club.name} version={club.terms} />
      </label>
      {join.error !== undefined && <Problem error={join.error} />}
      <Act isBusy={join.isBusy} disabled={!agrees} onClick={() => join.run()}>
        {t('enter.joinNow')}
      </Act>
    </section>
  )
}

/** The programmes that she is not in yet. */
const Join = () => {
  const { t } = useWords()
  const { workspace } = useSession()
  const settings = useSettings(workspace.id)
  const wallet = useWallet()
  const isIn = (id: string): boolean =>
    wallet.data?.programmes.some(it => it.programme === id && it.memberSince !== null) ?? false
  const open = (settings.data?.programmes ?? []).filter(it => !isIn(it.id))
  return (
    <Page title={t('enter.joinTitle')} back="/">
      <AsOf answer={settings} />
      {settings.data === undefined || wallet.data === undefined ? (
        settings.isLoading && <Waiting />
      ) : open.length === 0 ? (
        <p className="quiet-text">{t('enter.nothingToJoin')}</p>
      ) : (
        open.map(club => <JoinOne key={club.id} club={club} />)
      )}
    </Page>
  )
}

export default Join
