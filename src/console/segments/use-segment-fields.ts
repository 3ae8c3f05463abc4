import { useCall } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { ConditionField } from '../parts/condition-rows.ts'
import { useWorkspace } from '../parts/use-workspace.ts'
import { useTypeWords } from '../people/identifier.tsx'
import { segmentFields } from './segment-conditions.ts'

const consentChannels = ['email', 'sms', 'call', 'whatsapp', 'push', 'app', 'web', 'social', 'store', 'post'] as const
const purposes = ['marketing', 'service', 'research', 'profiling'] as const
const identifierTypes = [
  'email',
  'phone',
  'userId',
  'loyaltyCard',
  'posCustomer',
  'whatsapp',
  'social',
  'device',
] as const
/** Channels that everybody knows, beside those that are described. */
const usualChannels = ['web', 'app', 'store']

const staleMs = 60_000
const named = ({ id, name }: { readonly id: string; readonly name: string }) => ({ value: id, label: name })

/** What a segment may ask, with what this workspace has to choose from. */
export const useSegmentFields = (): readonly ConditionField[] => {
  const { t } = useWords()
  const typeWords = useTypeWords()
  const topics = useWorkspace()?.topics ?? []
  const channels = useCall('listChannels', [{ limit: 100 }], { staleMs }).data?.data ?? []
  const programmes = useCall('listProgrammes', [{ limit: 100 }], { staleMs }).data?.data ?? []
  const segments = useCall('listSegments', [{ limit: 1000 }], { staleMs }).data?.data ?? []
  const others = usualChannels.filter(usual => !channels.some(({ id }) => id === usual))
  return segmentFields(
    {
      channels: [...channels.map(named), ...others.map(value => ({ value, label: value }))],
      consentChannels: consentChannels.map(value => ({ value, label: t(`people.consent.channel.${value}`) })),
      purposes: [
        ...purposes.map(value => ({ value, label: t(`people.consent.purpose.${value}`) })),
        ...topics.map(({ id }) => ({ value: id, label: id })),
      ],
      identifiers: identifierTypes.map(value => ({ value, label: typeWords(value) })),
      segments: segments.map(named),
      programmes: programmes.map(programme => ({
        ...named(programme),
        tiers: programme.tiers?.levels.map(named) ?? [],
      })),
    },
    t,
  )
}
