import { Menu } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { chooseColours, colourChoices, useColours } from '../../faces/colours.ts'
import { languageCodes, languages } from '../../faces/languages.ts'
import { changeLanguage, useWords } from '../../faces/words.ts'

const labels = { auto: 'colours.auto', light: 'colours.light', dark: 'colours.dark' } as const

/** Language and colours, as parts of a menu. */
export const PreferenceItems = () => {
  const { t, language } = useWords()
  const { chosen } = useColours()
  const mark = (isChosen: boolean) => (isChosen ? <IconCheck size={16} aria-hidden /> : undefined)
  return (
    <>
      <Menu.Label>{t('language.label')}</Menu.Label>
      {languageCodes.map(code => (
        <Menu.Item
          key={code}
          lang={code}
          role="menuitemradio"
          aria-checked={code === language}
          rightSection={mark(code === language)}
          onClick={() => changeLanguage(code)}
        >
          <bdi>{languages[code]}</bdi>
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Label>{t('colours.label')}</Menu.Label>
      {colourChoices.map(choice => (
        <Menu.Item
          key={choice}
          role="menuitemradio"
          aria-checked={choice === chosen}
          rightSection={mark(choice === chosen)}
          onClick={() => chooseColours(choice)}
        >
          {t(labels[choice])}
        </Menu.Item>
      ))}
    </>
  )
}
