import type { ReactNode } from 'react'
import type { CallName } from '../../faces/api.ts'
import { useMay } from '../../faces/session.ts'
import { PageHead } from './page-head.tsx'
import { SubAreas } from './sub-areas.tsx'
import { useHasPage } from './use-has-page.ts'

type Props = {
  /** What the area is called. */
  readonly area: string
  /** Its screens, each with the call without which there is nothing to see. */
  readonly screens: readonly { readonly to: string; readonly label: string; readonly needs: CallName }[]
  readonly title: string
  readonly text: string
  /** Buttons. */
  readonly children?: ReactNode
}

/** The top of every screen of an area: the way to the others, in one place on all of them, and what this one is. */
export const AreaHead = ({ area, screens, title, text, children }: Props) => {
  const may = useMay()
  const hasPage = useHasPage()
  return (
    <>
      <SubAreas label={area} items={screens.filter(({ needs, to }) => may(needs) && hasPage(to))} />
      <PageHead title={title} text={text}>
        {children}
      </PageHead>
    </>
  )
}
