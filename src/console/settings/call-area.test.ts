import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { placedTags } from '../../contract/permissions.ts'
import { languageCodes } from '../../faces/languages.ts'
import { callAreaKey } from './call-area.ts'

it.each(languageCodes)('what a role may call is told in %s by its areas', language => {
  const words = JSON.parse(readFileSync(join(import.meta.dirname, '../words', language, 'settings.json'), 'utf8'))
  const keys = Object.keys(words.callArea).map(key => `settings.callArea.${key}`)
  expect(keys.toSorted()).toEqual(placedTags.map(callAreaKey).toSorted())
})
