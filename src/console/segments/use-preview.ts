import { useDebouncedValue } from '@mantine/hooks'
import { useCall } from '../../faces/queries.ts'
import { type Job, TesseraRefusal } from '../../sdk/index.ts'

/** Whom a condition is true of, as a job of the server counts it. */
export type Preview = {
  readonly count: number
  readonly of: number
  readonly sample: readonly { readonly person: string; readonly identifiers: readonly string[] }[]
  /** How many of them are in each segment. */
  readonly overlap: Readonly<Record<string, number>>
}

const pauseMs = 600
const askMs = 400

const failureOf = ({ code, message, details = {} }: NonNullable<Job['error']>): Error =>
  code === undefined ? new Error(message) : new TesseraRefusal(422, { code, detail: message, details })

/** Counts a condition when the typing pauses: the same text is counted once. */
export const usePreview = (
  when: string,
): {
  readonly preview: Preview | undefined
  /** A part of one, while it is counted. */
  readonly progress: number | undefined
  readonly error: unknown
} => {
  const [asked] = useDebouncedValue(when.trim(), pauseMs)
  const isAsked = asked !== ''
  const begun = useCall('previewSegment', [{ when: asked }], { enabled: isAsked, staleMs: Number.POSITIVE_INFINITY })
  const id = begun.data?.id ?? ''
  const job = useCall('getJob', [id], {
    enabled: isAsked && id !== '',
    refetchIntervalMs: found => (found === undefined || ['queued', 'running'].includes(found.state) ? askMs : false),
  })
  const failed = job.data?.error ? failureOf(job.data.error) : null
  const preview = isAsked && job.data?.state === 'done' ? (job.data.result as Preview | null) : null
  const { done = 0, total = null } = job.data ?? {}
  const waits = isAsked && begun.error === null && preview === null && failed === null
  return {
    preview: preview ?? undefined,
    progress: waits ? (total ? done / total : 0) : undefined,
    error: isAsked ? (begun.error ?? job.error ?? failed) : null,
  }
}
