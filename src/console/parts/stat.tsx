import { Skeleton, Text } from '@mantine/core'
import { IconArrowDownRight, IconArrowRight, IconArrowUpRight } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { formatShare } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'
import classes from './stat.module.css'

type Props = {
  readonly label: string
  /** Undefined while it is fetched. */
  readonly value: ReactNode
  /** Against the usual: 0.12 is 12 % more. */
  readonly change?: number | undefined
  readonly note?: ReactNode
}

/** One figure, with what it is usually. */
export const Stat = ({ label, value, change, note }: Props) => {
  const { t, language } = useWords()
  const hundredths = change === undefined ? 0 : Math.round(change * 100)
  const Arrow = hundredths < 0 ? IconArrowDownRight : hundredths > 0 ? IconArrowUpRight : IconArrowRight
  return (
    <div className={classes.tile}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      {value === undefined ? <Skeleton height={32} width={96} my={4} /> : <div className={classes.value}>{value}</div>}
      <div>
        {change !== undefined && (
          <Text fz={13} c="dimmed" className={classes.change}>
            <Arrow size={16} aria-hidden />
            {hundredths === 0
              ? t('common.asUsual')
              : t(hundredths < 0 ? 'common.lessThanUsual' : 'common.moreThanUsual', {
                  share: formatShare(Math.abs(hundredths) / 100, language),
                })}
          </Text>
        )}
        {note && (
          <Text fz={13} c="dimmed">
            {note}
          </Text>
        )}
      </div>
    </div>
  )
}

/** Figures side by side, as many as there is room for. */
export const Stats = ({ children }: { readonly children: ReactNode }) => <div className={classes.row}>{children}</div>
