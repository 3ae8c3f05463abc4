import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CsvError } from './csv.ts'

type Watch = {
  /** The line that was read last: errors name it. */
  readonly line: () => number
  /** Told how many bytes of the file, as it lies there, have been read. */
  readonly onRead: (bytes: number) => void
}

/**
 * The text of a file piece by piece, gunzipped where its content says so; a byte order mark is dropped.
 *
 *     for await (const text of textOfFile('orders.csv.gz', { line: parser.line, onRead: () => {} })) …
 *
 * Throws a `CsvError` for what is no UTF-8 or a broken gzip; a missing file is Node's `ENOENT`.
 */
export async function* textOfFile(path: string, { line, onRead }: Watch): AsyncGenerator<string, void> {
  const file = basename(path)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const source = createReadStream(path)
  await once(source, 'readable')
  const magic: Buffer | null = source.read(2)
  if (magic) source.unshift(magic)
  const isGzip = magic?.[0] === 0x1f && magic[1] === 0x8b
  const pieces = isGzip ? pipeline(source, createGunzip({ chunkSize: 65_536 }), () => {}) : source
  try {
    for await (const piece of pieces as AsyncIterable<Buffer>) {
      onRead(source.bytesRead)
      yield decoder.decode(piece, { stream: true })
    }
    yield decoder.decode()
  } catch (cause) {
    const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new CsvError(
        `${file}, after line ${line()}: not UTF-8 text; save the file as UTF-8, or make it one: iconv -f WINDOWS-1252 -t UTF-8 ${file} > utf8-${file}`,
        { cause },
      )
    if (code?.startsWith('Z_'))
      throw new CsvError(`${file}, after line ${line()}: damaged or cut short; gzip it anew`, { cause })
    throw cause
  }
}
