import { Button, Group, SegmentedControl, Select, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../faces/queries.ts'
import { useWords } from '../../faces/words.ts'
import type { ConsentInput } from '../../sdk/index.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useNotices } from '../parts/notices.tsx'
import { Problem } from '../parts/problem.tsx'
import { useWorkspace } from '../parts/use-workspace.ts'
import { consentReads, purposes } from './consent-words.ts'
import type { DialogProps } from './dialog-props.ts'

type Channel = ConsentInput['channel']

/** By which channels each type of address is reached. */
const reaches: Readonly<Record<string, readonly Channel[]>> = {
  email: ['email'],
  phone: ['sms', 'call', 'whatsapp'],
  whatsapp: ['whatsapp'],
  device: ['push'],
  userId: ['app', 'web', 'push'],
  social: ['social'],
}

const ways = ['clerk', 'form', 'call'] as const

/** Records what somebody said, with what proves it. */
const ConsentDialog = ({ person, onClose }: DialogProps) => {
  const { t } = useWords()
  const notices = useNotices()
  const topics = useWorkspace()?.topics ?? []
  const types = Object.keys(reaches)
  const addresses = person.identifiers
    .filter(({ type }) => types.includes(type))
    .toSorted((left, right) => types.indexOf(left.type) - types.indexOf(right.type))
  const [address, setAddress] = useState(addresses[0] ? `${addresses[0].type}:${addresses[0].value}` : null)
  const channels = reaches[address?.split(':')[0] ?? ''] ?? []
  const [chosen, setChannel] = useState<Channel>()
  const channel = channels.find(it => it === chosen) ?? channels[0]
  const [purpose, setPurpose] = useState<string>('marketing')
  const [state, setState] = useState<'given' | 'withdrawn'>('given')
  const [how, setHow] = useState<(typeof ways)[number]>('clerk')
  const [proof, setProof] = useState('')
  const put = useChange('putConsents', consentReads)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (address === null || channel === undefined) return
    const evidence = proof.trim() === '' ? {} : { evidence: { proof: proof.trim() } }
    try {
      await put.mutateAsync([address, { consents: [{ channel, purpose, state, how, ...evidence }] }])
      notices.done(t('people.consent.recorded'))
      onClose()
    } catch {
      // It stands in the dialog.
    }
  }
  return (
    <Dialog title={t('people.consent.record')} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <SegmentedControl
            fullWidth
            aria-label={t('people.column.state')}
            value={state}
            onChange={it => setState(it === 'withdrawn' ? 'withdrawn' : 'given')}
            data={[
              { value: 'given', label: t('people.consent.permits') },
              { value: 'withdrawn', label: t('people.consent.refuses') },
            ]}
          />
          <Select
            label={t('people.consent.address')}
            data={addresses.map(({ type, value, given }) => ({ value: `${type}:${value}`, label: given }))}
            value={address}
            onChange={setAddress}
            allowDeselect={false}
          />
          <Select
            label={t('people.consent.by')}
            data={channels.map(value => ({ value, label: t(`people.consent.channel.${value}`) }))}
            value={channel ?? null}
            onChange={it => setChannel(channels.find(known => known === it))}
            allowDeselect={false}
          />
          <Select
            label={t('people.consent.for')}
            data={[
              ...purposes.map(value => ({ value, label: t(`people.consent.purpose.${value}`) })),
              ...topics.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            value={purpose}
            onChange={it => setPurpose(it ?? 'marketing')}
            allowDeselect={false}
          />
          <Select
            label={t('people.consent.way')}
            data={ways.map(value => ({ value, label: t(`people.consent.how.${value}`) }))}
            value={how}
            onChange={it => setHow(ways.find(known => known === it) ?? 'clerk')}
            allowDeselect={false}
          />
          <TextInput
            label={t('people.consent.proof')}
            description={t('people.consent.proofHint')}
            value={proof}
            onChange={event => setProof(event.currentTarget.value)}
            maxLength={200}
          />
          {put.error !== null && <Problem error={put.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" disabled={address === null || channel === undefined} loading={put.isPending}>
              {t('people.consent.record')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

export default ConsentDialog
