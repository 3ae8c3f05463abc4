import { Anchor, Code } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useCall } from '../../faces/queries.ts'
import { useMay } from '../../faces/session.ts'
import { useWords } from '../../faces/words.ts'
import { nameOf } from './person-name.ts'
import { Ref } from './values.tsx'

const staleMs = 60_000
const many = { limit: 200 } as const

/** An offer by its name, with a link. The list is read once for all who ask; who is not in it is asked for alone. */
export const OfferRef = ({ id }: { readonly id: string }) => {
  const offers = useCall('listOffers', [many], { staleMs })
  const listed = offers.data?.data.find(offer => offer.id === id)
  const alone = useCall('getOffer', [id], { staleMs, enabled: offers.data !== undefined && listed === undefined })
  return <Ref id={id} name={listed?.name ?? alone.data?.name ?? id} />
}

/** A campaign likewise. */
export const CampaignRef = ({ id }: { readonly id: string }) => {
  const campaigns = useCall('listCampaigns', [many], { staleMs })
  const listed = campaigns.data?.data.find(campaign => campaign.id === id)
  const alone = useCall('getCampaign', [id], { staleMs, enabled: campaigns.data !== undefined && listed === undefined })
  return <Ref id={id} name={listed?.name ?? alone.data?.name ?? id} />
}

/** Somebody by her name, or by what she is known by; `id` is hers, or that of one of her holders. Just the id for roles that may not see people. */
export const PersonRef = ({ id }: { readonly id: string }) => {
  const { t } = useWords()
  const may = useMay()
  const ref = id.replace(/^hol_/, 'per_')
  const { data } = useCall('getPerson', [ref], { enabled: may('getPerson'), staleMs })
  return <Ref id={data?.id ?? ref} kind="person" name={data ? nameOf(data, t) : ref} />
}

/** A link to an event by its messageId, whatever stands in it. */
export const EventRef = ({ id, name }: { readonly id: string; readonly name?: string }) => {
  const may = useMay()
  const label = name === undefined ? <Code dir="ltr">{id}</Code> : <bdi>{name}</bdi>
  if (!may('getEvent')) return label
  return (
    <Anchor component={Link} to={`/events/${encodeURIComponent(id)}`} inherit style={{ overflowWrap: 'anywhere' }}>
      {label}
    </Anchor>
  )
}

/** A team member or a key by its name: whoever changed, proposed or closed something. Who has none (the admin key, a customer in her wallet) is told by its kind. */
export const ActorName = ({ id }: { readonly id: string }) => {
  const { t } = useWords()
  const { data } = useCall('listActors', [{ ids: id }], { staleMs })
  const actor = data?.data[0]
  const hasNoId = actor?.kind === 'admin' || actor?.kind === 'customer' || actor?.kind === 'nobody'
  return <bdi>{actor?.name ?? (hasNoId ? t(`settings.audit.kind.${actor.kind}`) : id)}</bdi>
}
