import { IconChevronLeft } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useWords } from '../../faces/words.ts'
import { Link } from '../routes.tsx'

type Props = { readonly title: string; readonly back?: string; readonly children: ReactNode; readonly isWide?: boolean }

/** A page of the wallet: its title, which is where a screen reader begins, and the way back. */
export const Page = ({ title, back, children, isWide = false }: Props) => {
  const { t } = useWords()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = title
    heading.current?.focus({ preventScroll: true })
  }, [title])
  return (
    <div className={isWide ? 'page wide' : 'page'}>
      <div className="page-head">
        {back !== undefined && (
          <Link to={back} className="icon-button" aria-label={t('common.back')}>
            <IconChevronLeft className="turns" aria-hidden />
          </Link>
        )}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
      </div>
      {children}
    </div>
  )
}

export const Waiting = () => {
  const { t } = useWords()
  return (
    <div className="waiting" role="status" aria-busy="true">
      <span className="hidden">{t('common.waiting')}</span>
      <div className="skeleton tall" />
      <div className="skeleton" />
      <div className="skeleton" />
    </div>
  )
}
