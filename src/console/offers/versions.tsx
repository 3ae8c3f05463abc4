import { Button, List, Stack, Text } from '@mantine/core'
import { requestOf } from '../../faces/api.ts'
import { useChange, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import type { Offer, OfferVersion } from '../../sdk/index.ts'
import { rowsOfList } from '../parts/data-table.tsx'
import { useAct } from '../parts/use-act.ts'
import { useWorkspace } from '../parts/use-workspace.ts'
import { VersionsTable } from '../parts/versions-table.tsx'
import { useLineFields, useNouns, useOfferConditionFields } from './edit/condition-fields.ts'
import { type Draft, draftOf, draftOfVersion, patchOf } from './edit/offer-draft.ts'
import { offerSentence } from './offer-sentence.ts'
import { useOfferWords } from './use-offer-words.ts'
import { changeWords, versionChanges } from './version-changes.ts'

/** What an offer said and says, version by version, and a way back to any of them. */
export const Versions = ({ offer }: { readonly offer: Offer }) => {
  const words = useOfferWords()
  const { t } = words
  const may = useMay()
  const act = useAct()
  const query = { limit: 200 }
  const list = rowsOfList(useList('listOfferVersions', [offer.id, query]))
  const update = useChange('updateOffer', ['getOffer', 'listOffers', 'listOfferVersions'])
  const fields = useOfferConditionFields(offer)
  const lineFields = useLineFields()
  const { channels } = useNouns()
  const workspace = useWorkspace()
  const here = {
    words,
    fields,
    lineFields,
    channels,
    currency: workspace?.currency ?? 'EUR',
    timeZone: offer.validity.timeZone ?? workspace?.timeZone ?? 'UTC',
  }
  const changed = (before: Draft, after: Draft): string[] =>
    versionChanges(before, after, here).map(change => changeWords(change, words))
  const now = draftOf(offer)

  const restore = (version: OfferVersion, changes: readonly string[]): Promise<void> => {
    const named = { name: offer.name, version: version.version }
    return act(
      () => update.mutateAsync([offer.id, patchOf(now, draftOfVersion(version))]),
      t('offers.restore.done', named),
      {
        title: t('offers.restore.title', named),
        action: t('offers.restore.action'),
        text: (
          <Stack gap="xs">
            <Text>{t('offers.restore.text', { next: offer.version + 1 })}</Text>
            <List size="sm" spacing={4}>
              {changes.map(change => (
                <List.Item key={change}>
                  <bdi>{change}</bdi>
                </List.Item>
              ))}
            </List>
            {offer.state === 'live' && <Text>{t('offers.restore.live')}</Text>}
          </Stack>
        ),
      },
    )
  }
  const actionOf = (version: OfferVersion) => {
    if (version.version === offer.version) return t('offers.versions.now')
    const changes = changed(now, draftOfVersion(version))
    // What says the same as now is there already.
    if (changes.length === 0) return null
    return (
      <Button
        size="xs"
        variant="default"
        aria-label={t('offers.restore.label', { version: version.version })}
        onClick={() => restore(version, changes)}
      >
        {t('offers.restore.action')}
      </Button>
    )
  }
  return (
    <VersionsTable<OfferVersion>
      id={offer.id}
      list={list}
      sent={requestOf('listOfferVersions', [offer.id, query])}
      changesOf={(version, before) => (before ? changed(draftOfVersion(before), draftOfVersion(version)) : [])}
      firstOf={version => offerSentence(draftOfVersion(version), here)}
      actionOf={may('updateOffer') && offer.state !== 'ended' ? actionOf : undefined}
    />
  )
}
