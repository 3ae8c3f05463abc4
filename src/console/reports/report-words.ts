import { formatNumber, formatTime } from '../../faces/format.ts'
import { useWords } from '../../faces/words.ts'
import type { Workspace } from '../../sdk/index.ts'
import { changeOf } from '../home/measures.ts'
import type { Spans } from './period.ts'

export type ReportProps = { readonly workspace: Workspace; readonly spans: Spans }

/** '2026-03-08' as people write days; a month stays '2026-03'. */
export const useBucketName = (): ((bucket: string) => string) => {
  const { language } = useWords()
  return bucket => (bucket.length === 10 ? formatTime(`${bucket}T12:00:00Z`, 'date', language, 'UTC') : bucket)
}

/** `before('€10.00', 1200, 1000)` is 'before: €10.00 (+20%)'. */
export const useBefore = (): ((written: string, now: number, before: number) => string) => {
  const { t, language } = useWords()
  return (written, now, before) => {
    const change = changeOf(now, before)
    if (change === undefined) return t('reports.before', { value: written })
    const share = formatNumber(change, language, {
      style: 'percent',
      maximumFractionDigits: 0,
      signDisplay: 'exceptZero',
    })
    return t('reports.beforeAndChange', { value: written, share })
  }
}
