import { chooseColours, colourChoices, useColours } from './colours.ts'
import { languageCodes, languages } from './languages.ts'
import { changeLanguage, useWords } from './words.ts'

const labels = { auto: 'colours.auto', light: 'colours.light', dark: 'colours.dark' } as const

/** Language and colours, as two plain choices. */
export const Preferences = () => {
  const { t, language } = useWords()
  const { chosen } = useColours()
  return (
    <>
      <label className="field">
        {t('language.label')}
        <select value={language} onChange={event => changeLanguage(event.currentTarget.value)}>
          {languageCodes.map(code => (
            <option key={code} value={code} lang={code}>
              {languages[code]}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('colours.label')}
        <select
          value={chosen}
          onChange={event => chooseColours(colourChoices.find(it => it === event.currentTarget.value) ?? 'auto')}
        >
          {colourChoices.map(choice => (
            <option key={choice} value={choice}>
              {t(labels[choice])}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}
