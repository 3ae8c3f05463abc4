import { Preferences } from '../faces/preferences.tsx'
import { UpdateNotice } from '../faces/update-notice.tsx'
import { useWords } from '../faces/words.ts'

/** Says that there is nothing behind it yet, rather than ask for what it could do nothing with. */
const Door = () => {
  const { t } = useWords()
  return (
    <main className="centred">
      <div>
        <div className="card">
          <h1>{t('door.title')}</h1>
          <p className="quiet-text">{t('door.text')}</p>
          <Preferences />
        </div>
      </div>
    </main>
  )
}

export const App = () => (
  <>
    <UpdateNotice path="/till" />
    <Door />
  </>
)
