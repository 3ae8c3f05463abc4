import { Link, useLocation } from '@tanstack/react-router'
import scrolls from './scrolls.module.css'
import classes from './sub-areas.module.css'
import { useShown } from './use-shown.ts'

type Props = {
  /** What they are of, for those who hear it. */
  readonly label: string
  readonly items: readonly { readonly to: string; readonly label: string }[]
}

/** The screens of an area, above the head of each: each has its own address. The longest address that the page lies below is the one. */
export const SubAreas = ({ label, items }: Props) => {
  const { pathname } = useLocation()
  const here = items
    .map(({ to }) => to)
    .filter(to => `${pathname}/`.startsWith(`${to}/`))
    .sort((a, b) => b.length - a.length)[0]
  const row = useShown<HTMLElement>('[aria-current]', here)
  return (
    <nav ref={row} aria-label={label} className={`${scrolls.row} ${classes.bar}`}>
      <ul className={classes.list}>
        {items.map(item => (
          <li key={item.to}>
            <Link
              to={item.to}
              className={classes.link}
              activeOptions={{ exact: true }}
              aria-current={item.to === here ? 'page' : undefined}
            >
              {item.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
