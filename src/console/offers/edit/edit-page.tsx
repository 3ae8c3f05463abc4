import { useParams } from '@tanstack/react-router'
import { useCall } from '../../../faces/queries.ts'
import { Problem } from '../../parts/problem.tsx'
import { useWorkspace } from '../../parts/use-workspace.ts'
import { Waiting } from '../../parts/waiting.tsx'
import { Editor } from './editor.tsx'
import { draftOf } from './offer-draft.ts'

/** An offer that is there already: what is changed becomes its next version. */
export const Page = () => {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  const { data: offer, error, refetch } = useCall('getOffer', [id])
  const workspace = useWorkspace()
  if (error) return <Problem error={error} onRetry={refetch} />
  if (!offer || !workspace) return <Waiting />
  return (
    <Editor
      key={`${offer.id}/${offer.version}`}
      start={draftOf(offer)}
      offer={offer}
      currency={workspace.currency}
      timeZone={workspace.timeZone}
    />
  )
}
