import { normalizeCode } from '../../faces/code-text.ts'

/** What is wrong with a line of a file, and where: lines count from 1. */
export type CodeMistake = {
  readonly line: number
  readonly text: string
  readonly mistake: 'empty' | 'tooLong' | 'twice'
}
export type CodesRead = { readonly codes: readonly string[]; readonly mistakes: readonly CodeMistake[] }

const longest = 64

/** The first cell of a line, without the quotes that a spreadsheet puts around it. */
const firstCell = (line: string): string => {
  const quoted = /^"((?:[^"]|"")*)"/.exec(line)
  return (quoted ? quoted[1]!.replaceAll('""', '"') : (line.split(/[,;\t]/)[0] ?? '')).trim()
}

/**
 * The codes of a text, one a line, in the first column where there are several; a head that says `code` is none. What cannot be
 * imported is told and left out.
 *
 *     readCodes('code,offer\nANA-1,x\nana 1,y')   // { codes: ['ANA-1'], mistakes: [{ line: 3, text: 'ana 1', mistake: 'twice' }] }
 */
export const readCodes = (text: string): CodesRead => {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)
  const seen = new Set<string>()
  const codes: string[] = []
  const mistakes: CodeMistake[] = []
  for (const [index, line] of lines.entries()) {
    const code = firstCell(line)
    if (line.trim() === '' || (index === 0 && /^codes?$/i.test(code))) continue
    const key = normalizeCode(code)
    const mistake = key === '' ? 'empty' : code.length > longest ? 'tooLong' : seen.has(key) ? 'twice' : undefined
    if (mistake) mistakes.push({ line: index + 1, text: code, mistake })
    else {
      seen.add(key)
      codes.push(code)
    }
  }
  return { codes, mistakes }
}
