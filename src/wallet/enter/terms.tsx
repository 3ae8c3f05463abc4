import { useWords } from '../../faces/words.ts'

/** What somebody who joins agrees to. */
export const Terms = ({ name, version }: { readonly name: string; readonly version: string | null }) => {
  const { t } = useWords()
  return (
    <span>
      <strong>
        <bdi>{t('enter.join', { name })}</bdi>
      </strong>
      <br />
      <span className="quiet-text">
        {t('enter.joinText')} {version !== null && t('enter.terms', { version })}
      </span>
    </span>
  )
}
