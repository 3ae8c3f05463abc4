import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../../../faces/words.ts'
import { Panel } from '../../parts/panel.tsx'
import type { Draft } from './offer-draft.ts'
import { valueAt } from './pointer.ts'

type Props = { readonly draft: Draft; readonly onChange: (draft: Draft) => void }

/** Enough of an offer that the form can show it; the server says the rest. */
const isDraft = (value: unknown): value is Draft =>
  typeof valueAt(value, '/benefit/kind') === 'string' &&
  typeof valueAt(value, '/trigger/on') === 'string' &&
  typeof valueAt(value, '/name') === 'string'

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The draft as the body of a call, to be changed as text; what the form changes shows here, and the other way round. */
export const JsonEditor = ({ draft, onChange }: Props) => {
  const { t } = useWords()
  const [text, setText] = useState(() => JSON.stringify(draft, null, 2))
  const value = parsed(text)
  const error =
    value === undefined ? t('offerForm.jsonBroken') : isDraft(value) ? undefined : t('offerForm.jsonNoOffer')
  return (
    <Panel>
      <Textarea
        label={t('offerForm.json')}
        description={t('offerForm.jsonText')}
        autosize
        minRows={12}
        spellCheck={false}
        error={error}
        styles={{ input: { fontFamily: 'var(--font-mono)', direction: 'ltr', textAlign: 'left' } }}
        value={text}
        onChange={event => {
          setText(event.currentTarget.value)
          const next = parsed(event.currentTarget.value)
          if (isDraft(next)) onChange(next)
        }}
      />
    </Panel>
  )
}
