import { NativeSelect } from '@mantine/core'
import { chooseColours, colourChoices, useColours } from '../../faces/colours.ts'
import { languageCodes, languages } from '../../faces/languages.ts'
import { changeLanguage, useWords } from '../../faces/words.ts'

const labels = { auto: 'colours.auto', light: 'colours.light', dark: 'colours.dark' } as const

/** Language and colours. */
export const Preferences = () => {
  const { t, language } = useWords()
  const { chosen } = useColours()
  return (
    <>
      <NativeSelect
        label={t('language.label')}
        value={language}
        onChange={event => changeLanguage(event.currentTarget.value)}
        data={languageCodes.map(code => ({ value: code, label: languages[code] }))}
      />
      <NativeSelect
        label={t('colours.label')}
        value={chosen}
        onChange={event => chooseColours(colourChoices.find(it => it === event.currentTarget.value) ?? 'auto')}
        data={colourChoices.map(choice => ({ value: choice, label: t(labels[choice]) }))}
      />
    </>
  )
}
