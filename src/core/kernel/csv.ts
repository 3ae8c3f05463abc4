/**
 * Reads CSV as RFC 4180 has it: fields between commas, quoted where they hold a comma, a quote (doubled) or a line break;
 * lines end in CRLF or LF. Text comes in pieces cut anywhere, so a file of any size needs the memory of one piece and one
 * record. Empty lines are passed over.
 */

/** A mistake in the text; `line` is the physical line from 1, as an editor shows it. */
export class CsvError extends Error {
  override name = 'CsvError'
  readonly line: number
  constructor(line: number, problem: string) {
    super(problem)
    this.line = line
  }
}

/** `line` is the line the record starts on. */
export type CsvRecord = {
  readonly line: number
  readonly fields: readonly string[]
  /** What is wrong with its quotes, where the parser was asked to go on. */
  readonly mistake?: string
}

export type CsvOptions = {
  /** Between fields: `,` where left out, else `;`, a tab or another single character. */
  readonly separator?: string
  /** A stray quote marks its record and the next line is read as any other, instead of ending the reading. */
  readonly lenient?: boolean
}

/** Longer than any honest field; without it a forgotten closing quote would read the rest of a large file into memory. */
const maxFieldLength = 1_000_000

const quote = 34
const lineFeed = 10
const carriageReturn = 13

type State = 'fieldStart' | 'plain' | 'quoted' | 'quoteSeen'

/**
 * Hands back the records complete so far; throws a `CsvError` for stray or unclosed quotes.
 *
 *     const csv = csvParser()
 *     csv.push('sku,name\r\n7,"Tea,')   // [{ line: 1, fields: ['sku', 'name'] }]
 *     csv.push(' green"')              // []
 *     csv.end()                        // [{ line: 2, fields: ['7', 'Tea, green'] }]
 */
export const csvParser = ({
  separator = ',',
  lenient = false,
}: CsvOptions = {}): {
  push(text: string): CsvRecord[]
  end(): CsvRecord[]
  line(): number
} => {
  const between = separator.charCodeAt(0)
  let mistake: string | undefined
  let state: State = 'fieldStart'
  let field = ''
  let fields: string[] = []
  let line = 1
  let startLine = 1
  let quoteLine = 1
  let done: CsvRecord[] = []

  const fail = (at: number, problem: string): never => {
    throw new CsvError(at, problem)
  }
  /** Of a quote that stands where none may: where the next line begins is clear all the same. */
  const stray = (problem: string): void => {
    if (!lenient) fail(line, problem)
    mistake ??= problem
    state = 'plain'
  }
  const endField = (): void => {
    fields.push(field)
    field = ''
    state = 'fieldStart'
  }
  const endRecord = (): void => {
    if (state !== 'quoteSeen' && field.endsWith('\r')) field = field.slice(0, -1)
    const isEmptyLine = fields.length === 0 && field === '' && state !== 'quoteSeen'
    endField()
    if (!isEmptyLine)
      done.push(mistake === undefined ? { line: startLine, fields } : { line: startLine, fields, mistake })
    fields = []
    mistake = undefined
  }

  const push = (text: string): CsvRecord[] => {
    done = []
    let at = 0
    while (at < text.length) {
      if (state === 'quoted') {
        const close = text.indexOf('"', at)
        const part = text.slice(at, close < 0 ? text.length : close)
        for (let feed = part.indexOf('\n'); feed >= 0; feed = part.indexOf('\n', feed + 1)) line++
        field += part
        if (field.length > maxFieldLength)
          fail(
            quoteLine,
            `a field of more than ${maxFieldLength} characters starts here; is its closing quote missing?`,
          )
        if (close >= 0) state = 'quoteSeen'
        at = close < 0 ? text.length : close + 1
        continue
      }
      const char = text.charCodeAt(at)
      if (char === between) {
        endField()
        at++
      } else if (char === lineFeed) {
        endRecord()
        line++
        startLine = line
        at++
      } else if (char === quote) {
        if (state === 'plain') {
          stray('a quote inside a field that does not start with one; quote the whole field and double the quote')
          field += '"'
        } else {
          if (state === 'quoteSeen') field += '"'
          else quoteLine = line
          state = 'quoted'
        }
        at++
      } else if (state === 'quoteSeen') {
        if (char === carriageReturn) at++
        else stray('text after a closing quote; a quote within a quoted field must be doubled')
      } else {
        let end = at + 1
        while (end < text.length) {
          const next = text.charCodeAt(end)
          if (next === between || next === lineFeed || next === quote) break
          end++
        }
        field += text.slice(at, end)
        if (field.length > maxFieldLength) fail(line, `a field of more than ${maxFieldLength} characters`)
        state = 'plain'
        at = end
      }
    }
    return done
  }

  const end = (): CsvRecord[] => {
    done = []
    if (state === 'quoted') fail(quoteLine, 'the quote that opens here is never closed')
    endRecord()
    return done
  }

  return { push, end, line: () => line }
}

/** What a spreadsheet would run as a formula; apostrophes before it count, so that the one put in front can be told again. */
const formula = /^'*[=+\-@\t\r]/

/**
 * One cell of CSV. A spreadsheet runs text that begins with = + - @ a tab or a carriage return as a formula, so such a text is led
 * by an apostrophe, which `withoutEscape` takes away again; numbers stay numbers.
 *
 *     csvCell('+39 333')     // "'+39 333"
 *     csvCell(-5)            // '-5'
 *     csvCell('a "b", c')    // '"a ""b"", c"'
 *     csvCell(null)          // ''
 */
export const csvCell = (value: string | number | boolean | null | undefined): string => {
  if (typeof value !== 'string') return value === null || value === undefined ? '' : String(value)
  const safe = formula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** `csvLine(['a', 1, null])` is 'a,1,' with the line's end; a line of one empty cell has quotes, else it would be an empty line. */
export const csvLine = (cells: readonly (string | number | boolean | null | undefined)[]): string => {
  const line = cells.map(csvCell).join(',')
  return line === '' ? '""\r\n' : `${line}\r\n`
}

/** A text as it was before `csvCell` wrote it: `withoutEscape("'+39 333")` is '+39 333'. */
export const withoutEscape = (text: string): string =>
  text.startsWith("'") && formula.test(text) ? text.slice(1) : text
