import { PassThrough } from 'node:stream'
import type { dump } from '../../contract/backup.ts'
import { dumpInto } from '../backup.ts'
import type { Handler } from '../http/call.ts'
import type { Services } from '../services.ts'

export const backupHandlers = ({ database }: Services) => {
  const stream: Handler<typeof dump> = () => {
    const sink = new PassThrough()
    // A dump that breaks off has no last line, so nobody can take what arrived for a whole one.
    dumpInto(database, sink).then(
      () => sink.end(),
      error => sink.destroy(error),
    )
    return { stream: sink, contentType: 'application/x-ndjson' }
  }
  return { dump: stream }
}
