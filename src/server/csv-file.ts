import type { Readable } from 'node:stream'
import { CsvError, type CsvRecord, csvParser } from '../core/kernel/csv.ts'
import type { InputError } from '../core/kernel/refusal.ts'

/** Carries the first mistake of a file out of the reading of it. */
export class FileMistake extends Error {
  readonly mistake: InputError
  constructor(line: number, message: string) {
    super(message)
    this.mistake = { pointer: `line ${line}`, message }
  }
}

/** Decompressed: room for a million long lines, and an end for a gzip of nothing but repetition. */
const mostBytes = 256 * 1024 * 1024

/** The records of a CSV file as they come in. `seen` is told every piece of the file. Throws a `FileMistake`. */
export async function* csvRecords(file: Readable, seen: (piece: Buffer) => void): AsyncGenerator<CsvRecord> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const parser = csvParser()
  let line = 1
  let bytes = 0
  const decode = (piece?: Buffer): string => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined })
    } catch {
      throw new FileMistake(line, 'or one after it is not UTF-8; save the file as UTF-8')
    }
  }

  try {
    // Leaving early must not end the connection: the answer that names the line goes out on it.
    for await (const piece of file.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      seen(piece)
      bytes += piece.length
      if (bytes > mostBytes) throw new FileMistake(line, `and more: a file has at most ${mostBytes} bytes`)
      for (const record of parser.push(decode(piece))) {
        line = record.line
        yield record
      }
    }
    for (const record of [...parser.push(decode()), ...parser.end()]) {
      line = record.line
      yield record
    }
  } catch (error) {
    if (error instanceof CsvError) throw new FileMistake(error.line, error.message)
    if (String((error as { code?: unknown }).code).startsWith('Z_'))
      throw new FileMistake(line, 'or one after it does not decompress')
    throw error
  } finally {
    file.resume()
  }
}
