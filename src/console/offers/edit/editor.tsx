import {
  Button,
  createTheme,
  Input,
  MantineThemeProvider,
  NumberInput,
  Select,
  Stack,
  Tabs,
  Text,
  TextInput,
} from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useCall } from '../../../faces/queries.ts'
import { useMay } from '../../../faces/session.ts'
import { useWords } from '../../../faces/words.ts'
import { type Offer, TesseraRefusal, type TrialBasket } from '../../../sdk/index.ts'
import { useConfirm } from '../../parts/confirm.tsx'
import { mistakeWords } from '../../parts/mistake-words.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Problem } from '../../parts/problem.tsx'
import { Ref } from '../../parts/values.tsx'
import { offerSentence } from '../offer-sentence.ts'
import { useOfferWords } from '../use-offer-words.ts'
import { useNouns, useOfferConditionFields } from './condition-fields.ts'
import { type DraftForm, DraftProvider } from './draft-form.tsx'
import { DraftSimulation } from './draft-simulation.tsx'
import classes from './editor.module.css'
import { JsonEditor } from './json-editor.tsx'
import { type Draft, draftOf, isSame } from './offer-draft.ts'
import { OfferForm } from './offer-form.tsx'
import { withValueAt } from './pointer.ts'
import { firstBasket } from './sample-basket.ts'
import { TestBasket } from './test-basket.tsx'
import { type DraftCheck, useDraftCheck } from './use-draft-check.ts'
import { type Extras, useSave } from './use-save.ts'

type Props = {
  readonly start: Draft
  /** The offer of which this becomes a new version; left out: it is a new one. */
  readonly offer?: Offer
  readonly code?: string
  readonly currency: string
  readonly timeZone: string
}

const newCampaign = 'new'

/** What explains a field stands below it, so that fields side by side are in line. */
const fieldsInLine = createTheme({
  components: {
    InputWrapper: Input.Wrapper.extend({
      defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] },
    }),
  },
})

/** What it is called and which campaign it belongs to. */
const Belongs = ({
  draft,
  set,
  isNew,
  extras,
  setExtras,
  isMissing,
}: Pick<DraftForm, 'draft' | 'set' | 'isNew'> & {
  readonly extras: Extras
  readonly setExtras: (extras: Extras) => void
  /** It cannot be stored without a campaign. */
  readonly isMissing: boolean
}) => {
  const { t } = useWords()
  const campaigns = useCall('listCampaigns', [{ limit: 200 }], { staleMs: 10_000 })
  const [isMaking, setMaking] = useState(false)
  const open = (campaigns.data?.data ?? []).filter(({ state, id }) => state !== 'ended' || id === draft.campaign)
  const makes = isMaking || (campaigns.data !== undefined && open.length === 0)
  return (
    <Panel>
      <div className={classes.fields}>
        <TextInput
          label={t('offerForm.name')}
          description={t('offerForm.nameText')}
          value={draft.name}
          required
          error={isMissing && draft.name === '' ? t('offerForm.nameMissing') : undefined}
          onChange={event => set('/name', event.currentTarget.value)}
        />
        <Select
          label={t('offers.column.campaign')}
          description={t('offerForm.campaignText')}
          placeholder={t('offerForm.chooseCampaign')}
          searchable
          disabled={!isNew}
          allowDeselect={false}
          error={isMissing && !makes && draft.campaign === undefined ? t('offerForm.campaignMissing') : undefined}
          data={[
            ...open.map(({ id, name }) => ({ value: id, label: name })),
            { value: newCampaign, label: t('offerForm.newCampaign') },
          ]}
          value={makes ? newCampaign : (draft.campaign ?? null)}
          onChange={chosen => {
            setMaking(chosen === newCampaign)
            set('/campaign', chosen === newCampaign ? undefined : (chosen ?? undefined))
            if (chosen !== newCampaign) setExtras({ ...extras, newCampaign: '' })
          }}
        />
        {makes && (
          <>
            <TextInput
              label={t('offerForm.campaignName')}
              value={extras.newCampaign}
              error={isMissing && extras.newCampaign === '' ? t('offerForm.nameMissing') : undefined}
              onChange={event => setExtras({ ...extras, newCampaign: event.currentTarget.value })}
            />
            <NumberInput
              label={t('campaigns.holdout')}
              description={t('campaigns.holdoutText')}
              suffix=" %"
              min={0}
              max={99}
              hideControls
              value={extras.holdout ?? ''}
              onChange={typed => setExtras({ ...extras, holdout: typed === '' ? undefined : Number(typed) })}
            />
          </>
        )}
        {isNew && draft.trigger.on === 'code' && (
          <TextInput
            label={t('offerForm.code')}
            description={t('offerForm.codeText')}
            value={extras.code}
            dir="ltr"
            onChange={event => setExtras({ ...extras, code: event.currentTarget.value })}
          />
        )}
      </div>
    </Panel>
  )
}

/** The offer as people would say it, and what stands in its way. */
const Told = ({ sentence, check }: { readonly sentence: string; readonly check: DraftCheck }) => {
  const { t } = useWords()
  const { mistakes, conflicts = [] } = check
  return (
    <Panel title={t('offerForm.inWords')}>
      <Stack gap="sm">
        <Text className={classes.sentence}>{sentence}</Text>
        {mistakes.length > 0 && (
          <div>
            <Text size="sm" fw={600} c="var(--bad)">
              {t('offerForm.mistakes', { count: mistakes.length })}
            </Text>
            {mistakes.map(({ pointer, message }) => (
              <Text key={pointer + message} size="sm">
                <bdi dir="ltr">{pointer.slice(1)}</bdi> <bdi>{message}</bdi>
              </Text>
            ))}
          </div>
        )}
        {conflicts.length > 0 && (
          <div>
            <Text size="sm" fw={600} c="var(--warn)">
              {t('offerForm.conflicts')}
            </Text>
            {conflicts.map(({ kind, offer, name }) => (
              <Text key={offer} size="sm">
                {t(`offerForm.conflict.${kind}`)} <Ref id={offer} name={name} />
              </Text>
            ))}
          </div>
        )}
      </Stack>
    </Panel>
  )
}

/** An offer as it is written: the form and its JSON, what it says, and a basket to try it on. */
export const Editor = ({ start, offer, code = '', currency, timeZone }: Props) => {
  const words = useOfferWords()
  const { t } = words
  const may = useMay()
  const confirm = useConfirm()
  const [draft, setDraft] = useState(start)
  const [extras, setExtras] = useState<Extras>({ code, newCampaign: '', holdout: undefined })
  const [basket, setBasket] = useState<TrialBasket>(() => firstBasket(start, currency))
  const [wantsAll, setWantsAll] = useState(false)
  const [simulation, setSimulation] = useState<string>()
  const check = useDraftCheck(draft, basket, offer?.id)
  const save = useSave()
  const isLeaving = useRef(false)
  const isTouched = !isSame(draft, start)
  useBlocker({
    enableBeforeUnload: () => isTouched && !isLeaving.current,
    shouldBlockFn: async () =>
      isTouched &&
      !isLeaving.current &&
      !(await confirm({
        title: t('offerForm.leave.title'),
        text: t('offerForm.leave.text'),
        action: t('offerForm.leave.action'),
        isFinal: true,
      })),
  })
  const refused =
    save.error instanceof TesseraRefusal
      ? save.error.errors.map(it => ({ pointer: it.pointer, message: mistakeWords(it, words) }))
      : []
  // A name that nobody has typed yet is no mistake to shout about.
  const mistakes = [...check.mistakes, ...refused].filter(({ pointer }) => wantsAll || pointer !== '/name')
  const set = (pointer: string, value: unknown): void => setDraft(now => withValueAt(now, pointer, value))
  const form: DraftForm = { draft, set, mistakes, currency, timeZone, isNew: offer === undefined }
  const fields = useOfferConditionFields(draft)
  const { channels } = useNouns()
  const sentence = offerSentence(draft, { words, fields, currency, timeZone, channels })
  const isComplete = draft.name !== '' && (draft.campaign !== undefined || extras.newCampaign !== '')

  const store = async (state: 'live' | 'paused'): Promise<void> => {
    setWantsAll(true)
    if (!isComplete) return
    if (offer ? offer.state === 'live' : state === 'live') {
      const yes = await confirm({
        title: t(offer ? 'offerForm.askChange' : 'offerForm.askLive', { name: draft.name }),
        text: (
          <>
            <Text fw={600}>{sentence}</Text>
            <Text mt="xs">{t(offer ? 'offerForm.changeText' : 'offerForm.liveText')}</Text>
          </>
        ),
        action: t(offer ? 'offerForm.saveVersion' : 'offerForm.putLive'),
      })
      if (!yes) return
    }
    isLeaving.current = true
    const stored = await (offer ? save.change(offer, draftOf(offer), draft) : save.make(draft, state, extras))
    if (!stored) isLeaving.current = false
  }

  return (
    <MantineThemeProvider theme={fieldsInLine}>
      <DraftProvider value={form}>
        <PageHead
          title={draft.name || t('offerForm.newOffer')}
          trail={[
            { title: t('offers.title'), to: '/offers' },
            ...(offer ? [{ title: offer.name, to: `/offers/${offer.id}` }] : []),
          ]}
          text={offer ? t('offerForm.newVersionText', { version: offer.version + 1 }) : t('offerForm.newOfferText')}
        >
          {offer ? (
            <Button loading={save.isSaving} disabled={!isTouched} onClick={() => store('live')}>
              {t('offerForm.saveVersion')}
            </Button>
          ) : (
            <>
              <Button variant="default" loading={save.isSaving} onClick={() => store('paused')}>
                {t('offerForm.saveDraft')}
              </Button>
              <Button loading={save.isSaving} onClick={() => store('live')}>
                {t('offerForm.putLive')}
              </Button>
            </>
          )}
        </PageHead>
        <div className={classes.layout}>
          <Stack gap="md">
            {save.error ? <Problem error={save.error} /> : null}
            <Belongs
              draft={draft}
              set={set}
              isNew={form.isNew}
              extras={extras}
              setExtras={setExtras}
              isMissing={wantsAll && !isComplete}
            />
            <Tabs defaultValue="form" keepMounted={false}>
              <Tabs.List mb="md">
                <Tabs.Tab value="form">{t('offerForm.tab.form')}</Tabs.Tab>
                <Tabs.Tab value="json">{t('offerForm.tab.json')}</Tabs.Tab>
                {may('createSimulation') && <Tabs.Tab value="simulate">{t('offerForm.tab.simulate')}</Tabs.Tab>}
              </Tabs.List>
              <Tabs.Panel value="form">
                <Stack gap="md">
                  <OfferForm />
                </Stack>
              </Tabs.Panel>
              <Tabs.Panel value="json">
                <JsonEditor draft={draft} onChange={setDraft} />
              </Tabs.Panel>
              <Tabs.Panel value="simulate">
                <DraftSimulation draft={draft} replaces={offer?.id} job={simulation} onStart={setSimulation} />
              </Tabs.Panel>
            </Tabs>
          </Stack>
          <div className={classes.side}>
            <Told sentence={sentence} check={{ ...check, mistakes }} />
            <TestBasket basket={basket} onChange={setBasket} check={check} />
          </div>
        </div>
      </DraftProvider>
    </MantineThemeProvider>
  )
}
