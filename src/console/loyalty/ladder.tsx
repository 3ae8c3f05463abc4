import { Text } from '@mantine/core'
import { formatNumber, formatShare } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'
import type { Programme, TierPopulation } from '../../sdk/index.ts'
import { useWorkspace } from '../parts/use-workspace.ts'
import classes from './ladder.module.css'
import { thresholdWords } from './programme-words.ts'

type Props = { readonly programme: Programme; readonly population: TierPopulation }
type Step = { readonly key: string; readonly name: string; readonly note: string; readonly people: number }

/** The tiers from the highest down, and how many people stand on each. */
export const Ladder = ({ programme, population }: Props) => {
  const words = useWords()
  const { t, language } = words
  const currency = useWorkspace()?.currency ?? ''
  const benefitsOf = (tier: string) => programme.tiers?.levels.find(({ id }) => id === tier)?.benefits ?? []
  const steps: Step[] = [
    ...population.removed.map(({ tier, people }) => ({
      key: `removed ${tier}`,
      name: tier,
      note: t('loyalty.ladder.removed'),
      people,
    })),
    ...population.tiers.toReversed().map(({ tier, name, threshold, people }) => ({
      key: tier,
      name,
      note: [
        t('loyalty.ladder.from', { amount: thresholdWords(programme, threshold, currency, words) }),
        ...benefitsOf(tier),
      ].join(' · '),
      people,
    })),
    { key: '', name: t('loyalty.ladder.none'), note: '', people: population.none },
  ]
  const most = Math.max(1, ...steps.map(({ people }) => people))
  return (
    <ol className={classes.ladder}>
      {steps.map(({ key, name, note, people }) => (
        <li key={key} className={classes.step}>
          <div className={classes.name}>
            <Text fw={600} size="sm">
              <bdi>{name}</bdi>
            </Text>
            {note && (
              <Text size="xs" c="dimmed">
                <bdi>{note}</bdi>
              </Text>
            )}
          </div>
          <svg className={classes.bar} viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect width={(100 * people) / most} height="10" />
          </svg>
          <Text size="sm" className={classes.people}>
            <bdi>{formatNumber(people, language)}</bdi>{' '}
            <Text span size="xs" c="dimmed">
              <bdi>{population.people > 0 && formatShare(people / population.people, language)}</bdi>
            </Text>
          </Text>
        </li>
      ))}
    </ol>
  )
}
