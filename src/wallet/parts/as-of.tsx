import { formatTime } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'
import type { Answer } from '../answers.ts'
import { Problem } from './problem.tsx'

/** Of when what is shown is, where it could not be asked anew; a plain problem where nothing is known. */
export const AsOf = ({ answer }: { readonly answer: Answer<unknown> }) => {
  const { t, language } = useWords()
  const { error, at, data, reload } = answer
  if (error === undefined) return null
  if (data === undefined || at === undefined) return <Problem error={error} onRetry={reload} />
  return (
    <p className="as-of" role="status">
      {t('common.asOf', { time: formatTime(new Date(at).toISOString(), 'dateTime', language) })}
    </p>
  )
}
