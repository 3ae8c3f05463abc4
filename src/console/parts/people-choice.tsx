import { SegmentedControl, Select, Textarea } from '@mantine/core'
import { useState } from 'react'
import { formatNumber } from '../../faces/format.ts'
import { useCall } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'

/** As the API takes them: by person id or `type:value`, or all of a segment. */
export type PeopleChosen = { readonly people: readonly string[] } | { readonly segment: string }

const mostAtOnce = 1000
/** How people may be named, the same in every language. */
const example = 'email:ana@example.com\nphone:+393331234567\nloyaltyCard:4711'

/** The people that a text names, one a line. */
const namedIn = (text: string): string[] =>
  text
    .split(/[\r\n]+/)
    .map(it => it.trim())
    .filter(it => it !== '')

/** Several people at once: those that are named, or a segment. It tells undefined while nobody, or too many, are chosen. */
export const PeopleChoice = ({ onChange }: { readonly onChange: (chosen: PeopleChosen | undefined) => void }) => {
  const { t, language } = useWords()
  const may = useMay()
  const [to, setTo] = useState<'people' | 'segment'>('people')
  const [named, setNamed] = useState('')
  const [segment, setSegment] = useState<string | null>(null)
  const segments = useCall('listSegments', [{ limit: 100 }], { enabled: to === 'segment' })
  const tell = (next: { readonly to?: typeof to; readonly named?: string; readonly segment?: string | null }): void => {
    const chosen = { to, named, segment, ...next }
    const people = namedIn(chosen.named)
    if (chosen.to === 'people') onChange(people.length > 0 && people.length <= mostAtOnce ? { people } : undefined)
    else onChange(chosen.segment === null ? undefined : { segment: chosen.segment })
    setTo(chosen.to)
    setNamed(chosen.named)
    setSegment(chosen.segment)
  }
  return (
    <>
      {may('listSegments') && (
        <SegmentedControl
          aria-label={t('common.whom.to')}
          value={to}
          onChange={chosen => tell({ to: chosen === 'segment' ? 'segment' : 'people' })}
          data={[
            { value: 'people', label: t('common.whom.people') },
            { value: 'segment', label: t('common.whom.segment') },
          ]}
        />
      )}
      {to === 'people' ? (
        <Textarea
          label={t('common.whom.named')}
          description={t('common.whom.namedText', { most: formatNumber(mostAtOnce, language) })}
          placeholder={example}
          rows={6}
          dir="ltr"
          value={named}
          onChange={event => tell({ named: event.currentTarget.value })}
        />
      ) : (
        <Select
          label={t('common.whom.segment')}
          searchable
          data={segments.data?.data.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={segment}
          onChange={chosen => tell({ segment: chosen })}
          nothingFoundMessage={t('common.whom.noSegment')}
        />
      )}
    </>
  )
}
