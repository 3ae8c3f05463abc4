import type { ComponentProps } from 'react'
import { useWords } from '../../faces/words.ts'
import { useOnline } from '../online.ts'

type Props = ComponentProps<'button'> & { readonly isBusy?: boolean }

/** A button of what needs the network: without one it says so and waits. */
export const Act = ({ isBusy = false, className = '', children, disabled, type = 'button', ...rest }: Props) => {
  const { t } = useWords()
  const isOnline = useOnline()
  return (
    <>
      <button
        {...rest}
        type={type}
        className={`button ${className}`}
        disabled={disabled || isBusy || !isOnline}
        aria-busy={isBusy || undefined}
      >
        {children}
      </button>
      {!isOnline && <p className="quiet-text small-text">{t('common.needsNetwork')}</p>}
    </>
  )
}
