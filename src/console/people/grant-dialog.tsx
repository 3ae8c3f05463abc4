import { Button, Group, Select, Stack, Switch, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useCall, useChange } from '../../faces/queries.ts'
import { offerGives } from '../offers/benefit-words.ts'
import { useOfferWords } from '../offers/use-offer-words.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useNotices } from '../parts/notices.tsx'
import { nameOf } from '../parts/person-name.ts'
import { Problem } from '../parts/problem.tsx'
import type { DialogProps } from './dialog-props.ts'
import { valueReads } from './value-reads.ts'

/** Issues an offer to one person. */
const GrantDialog = ({ person, onClose }: DialogProps) => {
  const words = useOfferWords()
  const { t } = words
  const notices = useNotices()
  const [chosen, setChosen] = useState<string | null>(null)
  const [withCode, setWithCode] = useState(false)
  const live = useCall('listOffers', [{ state: 'live', limit: 1000 }])
  const grant = useChange('createGrants', valueReads)
  const offers = (live.data?.data ?? []).filter(({ trigger }) => trigger.on === 'grant')
  const offer = offers.find(({ id }) => id === chosen)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!offer) return
    try {
      await grant.mutateAsync([offer.id, { people: [person.id], ...(withCode ? { withCode } : {}) }])
      notices.done(t('people.grant.done', { offer: offer.name, name: nameOf(person, t) }))
      onClose()
    } catch {
      // It stands in the dialog.
    }
  }
  return (
    <Dialog onClose={onClose} title={t('people.grant.title', { name: nameOf(person, t) })}>
      <form onSubmit={submit}>
        <Stack>
          <Select
            label={t('people.grant.offer')}
            placeholder={t('people.grant.choose')}
            nothingFoundMessage={t('people.grant.none')}
            searchable
            data={offers.map(({ id, name }) => ({ value: id, label: name }))}
            value={chosen}
            onChange={setChosen}
          />
          {offer && (
            <Text size="sm" c="dimmed">
              <bdi>{offerGives(offer, words)}</bdi>
            </Text>
          )}
          {live.data !== undefined && offers.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('people.grant.none')}
            </Text>
          )}
          <Switch
            label={t('people.grant.withCode')}
            checked={withCode}
            onChange={event => setWithCode(event.currentTarget.checked)}
          />
          {grant.error !== null && <Problem error={grant.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" disabled={!offer} loading={grant.isPending}>
              {t('people.grant.action')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

export default GrantDialog
