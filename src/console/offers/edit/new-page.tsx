import { Stack, Text } from '@mantine/core'
import { useCall } from '../../../faces/queries.ts'
import { useWords } from '../../../faces/words.ts'
import { oneOf, text, useFilters } from '../../parts/filters.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { Problem } from '../../parts/problem.tsx'
import { useWorkspace } from '../../parts/use-workspace.ts'
import { Waiting } from '../../parts/waiting.tsx'
import classes from './editor.module.css'
import { Editor } from './editor.tsx'
import { type Draft, draftOf } from './offer-draft.ts'
import { unitOf } from './sample-basket.ts'
import { templates } from './templates.ts'

const empty = 'empty'
const ids = [empty, ...templates.map(({ id }) => id)]

const emptyDraft: Draft = { name: '', trigger: { on: 'basket' }, benefit: { kind: 'percentOff', percent: 10 } }

/** What to begin with. */
const Chooser = ({ onChoose }: { readonly onChoose: (id: string) => void }) => {
  const { t } = useWords()
  return (
    <Stack gap="md">
      <PageHead
        title={t('offerForm.newOffer')}
        trail={[{ title: t('offers.title'), to: '/offers' }]}
        text={t('offerForm.chooseText')}
      />
      <div className={classes.templates}>
        {ids.map(id => (
          <button key={id} type="button" className={classes.template} onClick={() => onChoose(id)}>
            <Text fw={650} component="span">
              {t(`offerForm.templates.${id}.title`)}
            </Text>
            <Text size="sm" c="dimmed" component="span">
              {t(`offerForm.templates.${id}.text`)}
            </Text>
          </button>
        ))}
      </div>
    </Stack>
  )
}

/** A name that is saved holds nothing that only guides the eye. */
const asTyped = { interpolation: { escapeValue: false } }

export const Page = () => {
  const { t } = useWords()
  const [{ template: chosen, copy, campaign }, setFilters] = useFilters({
    template: oneOf(ids),
    copy: text,
    campaign: text,
  })
  const workspace = useWorkspace()
  const original = useCall('getOffer', [copy ?? ''], { enabled: copy !== undefined })
  const programmes = useCall('listProgrammes', [{ limit: 1 }], { staleMs: 60_000 })
  if (original.error) return <Problem error={original.error} onRetry={original.refetch} />
  if (chosen === undefined && copy === undefined) return <Chooser onChoose={id => setFilters({ template: id })} />
  if (!workspace || (copy !== undefined && !original.data) || programmes.isPending) return <Waiting />
  const { currency, timeZone } = workspace
  const template = templates.find(({ id }) => id === chosen)
  const facts = { currency, unit: unitOf(currency), programme: programmes.data?.data[0]?.id ?? 'club' }
  const start = original.data
    ? { ...draftOf(original.data), name: t('offerForm.copyOf', { name: original.data.name, ...asTyped }) }
    : (template?.draft(facts, t(`offerForm.templates.${template.id}.title`)) ?? emptyDraft)
  return (
    <Editor
      key={`${chosen}/${copy}`}
      start={{ ...start, ...(campaign !== undefined && { campaign }) }}
      {...(template?.code === undefined ? {} : { code: template.code })}
      currency={currency}
      timeZone={timeZone}
    />
  )
}
