import { Button, NativeSelect, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { requestOf } from '../../faces/api.ts'
import { formatList } from '../../faces/format.ts'
import { useCall, useChange, useList } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import type { Brand, Key, Location } from '../../sdk/index.ts'
import { DataTable, rowsOfCall, rowsOfList } from '../parts/data-table.tsx'
import { Empty } from '../parts/empty.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { idOf } from '../parts/id-of.ts'
import { Section } from '../parts/panel.tsx'
import { RowMenu } from '../parts/row-menu.tsx'
import { useAct } from '../parts/use-act.ts'
import { useWorkspace } from '../parts/use-workspace.ts'
import { When } from '../parts/values.tsx'
import { IdText } from './id-text.tsx'
import { PairDialog } from './pair-dialog.tsx'
import { SettingsHead } from './settings-head.tsx'

const query = { limit: 100 } as const
const firstLocation = {
  method: 'PUT',
  path: '/v1/locations/store-12',
  body: { name: 'Corso Italia 5', tills: [{ id: 'till-1', name: 'Till 1' }] },
} as const

const BrandDialog = ({ brand, onClose }: { readonly brand: Brand | undefined; readonly onClose: () => void }) => {
  const { t } = useWords()
  const [name, setName] = useState(brand?.name ?? '')
  const [website, setWebsite] = useState(brand?.website ?? '')
  const put = useChange('putBrand', ['listBrands'])
  return (
    <FormDialog
      title={brand?.name ?? t('settings.locations.newBrand')}
      action={t('common.save')}
      onClose={onClose}
      isReady={name.trim() !== ''}
      onSubmit={async () => {
        const site = website.trim()
        await put.mutateAsync([brand?.id ?? idOf(name), { name: name.trim(), ...(site && { website: site }) }])
      }}
    >
      <TextInput
        label={t('settings.field.name')}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        data-autofocus
        required
      />
      <TextInput
        label={t('settings.locations.website')}
        type="url"
        dir="ltr"
        value={website}
        onChange={event => setWebsite(event.currentTarget.value)}
      />
    </FormDialog>
  )
}

type LocationProps = {
  readonly location: Location | undefined
  readonly brands: readonly Brand[]
  readonly onClose: () => void
}

const LocationDialog = ({ location, brands, onClose }: LocationProps) => {
  const { t } = useWords()
  const workspace = useWorkspace()
  const [name, setName] = useState(location?.name ?? '')
  const [id, setId] = useState<string>()
  const [brand, setBrand] = useState(location?.brand ?? '')
  const [timeZone, setTimeZone] = useState(location?.timeZone ?? '')
  const [address, setAddress] = useState(location?.address ?? '')
  const [tills, setTills] = useState((location?.tills ?? []).map(till => till.name))
  const put = useChange('putLocation', ['listLocations'])
  const chosenId = location?.id ?? id ?? idOf(name)
  return (
    <FormDialog
      title={location?.name ?? t('settings.locations.new')}
      action={t('common.save')}
      onClose={onClose}
      isReady={name.trim() !== '' && chosenId !== ''}
      onSubmit={async () => {
        const given = { brand, timeZone, address: address.trim() }
        await put.mutateAsync([
          chosenId,
          {
            name: name.trim(),
            ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
            // Tills that were there keep their ids: orders name them.
            tills: tills.map(till => ({
              id: location?.tills.find(known => known.name === till)?.id ?? idOf(till),
              name: till,
            })),
          },
        ])
      }}
    >
      <TextInput
        label={t('settings.field.name')}
        value={name}
        onChange={event => setName(event.currentTarget.value)}
        data-autofocus
        required
      />
      {location === undefined && (
        <TextInput
          label={t('settings.field.id')}
          description={t('settings.locations.idText')}
          dir="ltr"
          value={chosenId}
          onChange={event => setId(event.currentTarget.value)}
          required
        />
      )}
      <TextInput
        label={t('settings.locations.address')}
        value={address}
        onChange={event => setAddress(event.currentTarget.value)}
      />
      {brands.length > 0 && (
        <NativeSelect
          label={t('settings.locations.brand')}
          value={brand}
          onChange={event => setBrand(event.currentTarget.value)}
          data={[{ value: '', label: '–' }, ...brands.map(it => ({ value: it.id, label: it.name }))]}
        />
      )}
      <NativeSelect
        label={t('settings.field.timeZone')}
        value={timeZone}
        onChange={event => setTimeZone(event.currentTarget.value)}
        data={[
          { value: '', label: t('settings.locations.asWorkspace', { zone: workspace?.timeZone ?? 'UTC' }) },
          ...Intl.supportedValuesOf('timeZone'),
        ]}
      />
      <TagsInput
        label={t('settings.locations.tills')}
        description={t('settings.locations.tillsText')}
        value={tills}
        onChange={setTills}
        maxTags={200}
      />
    </FormDialog>
  )
}

const PairedTills = ({ locations }: { readonly locations: readonly Location[] }) => {
  const { t } = useWords()
  const act = useAct()
  const keys = useCall('listKeys', [{ limit: 200 }])
  const revoke = useChange('revokeKey', ['listKeys', 'listSources'])
  const nameOf = (id: string | null): string => locations.find(location => location.id === id)?.name ?? id ?? '–'
  return (
    <Section title={t('settings.pair.paired')}>
      <DataTable<Key>
        caption={t('settings.pair.paired')}
        keyOf={({ id }) => id}
        rows={rowsOfCall(keys, ({ data }) => data.filter(key => key.scope === 'till' && key.revokedAt === null))}
        empty={<Empty title={t('settings.pair.none')} text={t('settings.pair.noneText')} />}
        columns={[
          { title: t('settings.pair.till'), cell: ({ name }) => <bdi>{name}</bdi> },
          { title: t('settings.pair.location'), cell: ({ location }) => <bdi>{nameOf(location)}</bdi> },
          { title: t('settings.pair.since'), cell: ({ createdAt }) => <When at={createdAt} as="date" /> },
          {
            title: t('settings.actions'),
            align: 'end',
            cell: ({ id, name }) => (
              <RowMenu
                label={t('settings.more', { name })}
                items={[
                  {
                    label: t('settings.pair.end'),
                    isFinal: true,
                    run: () =>
                      act(() => revoke.mutateAsync([id]), t('settings.pair.ended', { name }), {
                        title: t('settings.pair.endTitle', { name }),
                        text: t('settings.pair.endText'),
                        action: t('settings.pair.end'),
                        isFinal: true,
                      }),
                  },
                ]}
              />
            ),
          },
        ]}
      />
    </Section>
  )
}

type Open =
  | { readonly what: 'brand'; readonly brand?: Brand }
  | { readonly what: 'location'; readonly location?: Location }
  | { readonly what: 'pair'; readonly location: Location }

export const Page = () => {
  const { t, language } = useWords()
  const may = useMay()
  const act = useAct()
  const [open, setOpen] = useState<Open>()
  const locations = useList('listLocations', [query])
  const brands = useList('listBrands', [query])
  const removeLocation = useChange('deleteLocation', ['listLocations'])
  const removeBrand = useChange('deleteBrand', ['listBrands'])
  const knownBrands = rowsOfList(brands).rows ?? []
  const knownLocations = rowsOfList(locations).rows ?? []
  const close = () => setOpen(undefined)
  const brandName = (id: string | undefined) => knownBrands.find(brand => brand.id === id)?.name ?? id
  const question = (name: string) => ({
    title: t('settings.removeTitle', { name }),
    text: t('settings.locations.removeText'),
    action: t('common.remove'),
    isFinal: true,
  })
  return (
    <Stack gap="lg">
      <div>
        <SettingsHead screen="locations">
          {may('putBrand') && (
            <Button variant="default" onClick={() => setOpen({ what: 'brand' })}>
              {t('settings.locations.newBrand')}
            </Button>
          )}
          {may('putLocation') && (
            <Button onClick={() => setOpen({ what: 'location' })}>{t('settings.locations.new')}</Button>
          )}
        </SettingsHead>
        <DataTable<Location>
          caption={t('settings.title.locations')}
          keyOf={({ id }) => id}
          rows={rowsOfList(locations)}
          csv="locations"
          sent={requestOf('listLocations', [query])}
          empty={
            <Empty
              title={t('settings.locations.none')}
              text={t('settings.locations.noneText')}
              example={firstLocation}
            />
          }
          columns={[
            {
              title: t('settings.locations.location'),
              cell: ({ id, name }) => <IdText id={id} name={name} />,
              csv: ({ id }) => id,
            },
            {
              title: t('settings.locations.address'),
              cell: ({ address, brand }) => (
                <>
                  <Text size="sm">{address ?? '–'}</Text>
                  {brand !== undefined && (
                    <Text size="sm" c="dimmed">
                      <bdi>{brandName(brand)}</bdi>
                    </Text>
                  )}
                </>
              ),
              csv: ({ address }) => address,
            },
            {
              title: t('settings.locations.tills'),
              cell: ({ tills }) => (
                <bdi>
                  {tills.length === 0
                    ? '–'
                    : formatList(
                        tills.map(it => it.name),
                        language,
                      )}
                </bdi>
              ),
              csv: ({ tills }) => tills.map(it => it.id).join(' '),
            },
            {
              title: t('settings.field.timeZone'),
              cell: ({ timeZone }) => <bdi dir="ltr">{timeZone ?? '–'}</bdi>,
              csv: ({ timeZone }) => timeZone,
            },
            {
              title: t('settings.actions'),
              align: 'end',
              cell: location => (
                <Stack gap={6} align="flex-end" style={{ flexDirection: 'row', justifyContent: 'flex-end' }}>
                  {may('createKey') && (
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={t('settings.pair.actionAt', { name: location.name })}
                      onClick={() => setOpen({ what: 'pair', location })}
                    >
                      {t('settings.pair.action')}
                    </Button>
                  )}
                  {may('putLocation') && (
                    <RowMenu
                      label={t('settings.more', { name: location.name })}
                      items={[
                        { label: t('common.edit'), run: () => setOpen({ what: 'location', location }) },
                        {
                          label: t('common.remove'),
                          isFinal: true,
                          run: () =>
                            act(
                              () => removeLocation.mutateAsync([location.id]),
                              t('settings.removed', { name: location.name }),
                              question(location.name),
                            ),
                        },
                      ]}
                    />
                  )}
                </Stack>
              ),
            },
          ]}
        />
      </div>
      {may('listKeys') && <PairedTills locations={knownLocations} />}
      <Section title={t('settings.locations.brands')}>
        <DataTable<Brand>
          caption={t('settings.locations.brands')}
          keyOf={({ id }) => id}
          rows={rowsOfList(brands)}
          empty={<Empty title={t('settings.locations.noBrands')} text={t('settings.locations.noBrandsText')} />}
          columns={[
            { title: t('settings.locations.brand'), cell: ({ id, name }) => <IdText id={id} name={name} /> },
            { title: t('settings.locations.website'), cell: ({ website }) => <bdi dir="ltr">{website ?? '–'}</bdi> },
            {
              title: t('settings.actions'),
              align: 'end',
              cell: brand =>
                may('putBrand') && (
                  <RowMenu
                    label={t('settings.more', { name: brand.name })}
                    items={[
                      { label: t('common.edit'), run: () => setOpen({ what: 'brand', brand }) },
                      {
                        label: t('common.remove'),
                        isFinal: true,
                        run: () =>
                          act(
                            () => removeBrand.mutateAsync([brand.id]),
                            t('settings.removed', { name: brand.name }),
                            question(brand.name),
                          ),
                      },
                    ]}
                  />
                ),
            },
          ]}
        />
      </Section>
      {open?.what === 'brand' && <BrandDialog brand={open.brand} onClose={close} />}
      {open?.what === 'location' && <LocationDialog location={open.location} brands={knownBrands} onClose={close} />}
      {open?.what === 'pair' && <PairDialog location={open.location} onClose={close} />}
    </Stack>
  )
}
