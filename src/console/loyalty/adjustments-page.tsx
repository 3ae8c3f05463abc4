import { SegmentedControl } from '@mantine/core'
import { useWords } from '../../faces/words.ts'
import { Empty } from '../parts/empty.tsx'
import { oneOf, useFilters } from '../parts/filters.ts'
import { AdjustmentsTable } from '../people/adjustments.tsx'
import { LoyaltyHead } from './loyalty-head.tsx'

const states = ['proposed', 'booked', 'rejected'] as const

/** What waits for a second person, and what became of the others. */
export const Page = () => {
  const { t } = useWords()
  const [{ state = 'proposed' }, setFilters] = useFilters({ state: oneOf(states) })
  return (
    <>
      <LoyaltyHead screen="adjustments" />
      <AdjustmentsTable
        key={state}
        query={{ state, limit: 50 }}
        showsPerson
        empty={
          <Empty
            title={t(`loyalty.adjustments.none.${state}`)}
            text={t(state === 'proposed' ? 'loyalty.adjustments.none.text' : 'loyalty.adjustments.none.other')}
          />
        }
      >
        <SegmentedControl
          aria-label={t('people.column.state')}
          value={state}
          onChange={value => setFilters({ state: oneOf(states)(value) })}
          data={states.map(value => ({ value, label: t(`common.states.${value}`) }))}
        />
      </AdjustmentsTable>
    </>
  )
}
