import { useWords } from '../../faces/words.ts'
import { TesseraRefusal, TesseraUnreachable } from '../../sdk/errors.ts'
import { problemText } from './problem-text.ts'

/** What went wrong as a sentence that says what to do: in the reader's language where it is known, else as the server says it. */
export const useProblemText = (): ((error: unknown) => string) => {
  const { t, language } = useWords()
  return error => {
    if (error instanceof TesseraUnreachable) return t(navigator.onLine ? 'error.unreachable' : 'problem.offline')
    if (!(error instanceof TesseraRefusal)) return t('error.unexpected')
    return problemText(error, { t, language })
  }
}

export const Problem = ({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => unknown }) => {
  const { t } = useWords()
  const text = useProblemText()
  return (
    <div className="problem" role="alert">
      <p>{text(error)}</p>
      {onRetry && (
        <button type="button" className="button quiet small" onClick={() => onRetry()}>
          {t('error.retry')}
        </button>
      )}
    </div>
  )
}
