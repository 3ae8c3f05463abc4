/**
 * What the web faces say: complete in every language, nothing said twice or never, and nothing said past the words.
 * A face reads its own words and those of src/faces; `t('offers.title')` is `title` in words/<language>/offers.json.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { languageCodes } from '../src/faces/languages.ts'

const root = join(import.meta.dirname, '../src')
const folders = ['faces', 'console', 'wallet', 'till'] as const
type Folder = (typeof folders)[number]
type Words = ReadonlyMap<string, string>

const flatten = (value: unknown, path: string): [string, string][] =>
  typeof value === 'string'
    ? [[path, value]]
    : Object.entries(value as object).flatMap(([key, inner]) => flatten(inner, path === '' ? key : `${path}.${key}`))

const areasOf = (folder: Folder, language: string): string[] => {
  const path = join(root, folder, 'words', language)
  return existsSync(path) ? readdirSync(path).sort() : []
}

const wordsOf = (folder: Folder, language: string): Words =>
  new Map(
    areasOf(folder, language).flatMap(file => {
      const text = readFileSync(join(root, folder, 'words', language, file), 'utf8')
      return flatten(JSON.parse(text), file.replace('.json', ''))
    }),
  )

const pluralForm = /_(zero|one|two|few|many|other)$/
const pluralFormsOf = (language: string): string[] => new Intl.PluralRules(language).resolvedOptions().pluralCategories

/** The keys that a language needs so that it says what English says: of a plural, a key for each of its own forms. */
const neededKeys = (english: Words, language: string): string[] => {
  const keys = [...english.keys()]
  const single = keys.filter(key => !pluralForm.test(key))
  const plural = new Set(keys.filter(key => pluralForm.test(key)).map(key => key.replace(pluralForm, '')))
  return [...single, ...[...plural].flatMap(key => pluralFormsOf(language).map(form => `${key}_${form}`))].sort()
}

const placesIn = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!).sort()

const sourcesOf = (folder: Folder): { path: string; source: ts.SourceFile }[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(path => /\.tsx?$/.test(path) && !path.endsWith('.test.ts'))
    .map(path => {
      const text = readFileSync(join(root, folder, path), 'utf8')
      return { path: `src/${folder}/${path}`, source: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) }
    })

const nodesOf = (source: ts.SourceFile): ts.Node[] => {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return nodes
}

type Uses = {
  /** Texts of the code that may be keys. */
  readonly texts: ReadonlySet<string>
  /** Of `t(`offers.trigger.${on}`)` the part before what is known later only. */
  readonly beginnings: readonly string[]
  /** Keys given to t() as they are, with where. */
  readonly asked: readonly { readonly key: string; readonly where: string }[]
}

const usesOf = (folder: Folder): Uses => {
  const texts = new Set<string>()
  const beginnings: string[] = []
  const asked: { key: string; where: string }[] = []
  for (const { path, source } of sourcesOf(folder)) {
    for (const node of nodesOf(source)) {
      if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.add(node.text)
      if (ts.isTemplateExpression(node) && /^[a-z]\w*\.[\w.]*$/i.test(node.head.text)) beginnings.push(node.head.text)
      if (ts.isCallExpression(node) && node.expression.getText(source) === 't') {
        const [first] = node.arguments
        const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
        if (first && ts.isStringLiteral(first)) asked.push({ key: first.text, where: `${path}:${line}` })
      }
    }
  }
  return { texts, beginnings, asked }
}

/** Attributes that people read or hear. */
const spoken = /^(title|label|placeholder|alt|aria-label|aria-description|description|text|hint|caption|heading)$/
/** Names, which are the same in every language. */
const names = /\b(Tessera|CSV|JSON|CEL|SQL|API|curl|QR|PIN|Ctrl K)\b/g
const saysSomething = (text: string): boolean => /\p{L}{2,}/u.test(text.replaceAll(names, ''))

const literalsOf = (folder: Folder): string[] =>
  sourcesOf(folder)
    .filter(({ path }) => path.endsWith('.tsx'))
    .flatMap(({ path, source }) =>
      nodesOf(source).flatMap(node => {
        const said = ts.isJsxText(node)
          ? node.text
          : ts.isJsxAttribute(node) && spoken.test(node.name.getText(source)) && node.initializer
            ? ts.isStringLiteral(node.initializer)
              ? node.initializer.text
              : ''
            : ts.isJsxExpression(node) &&
                node.expression &&
                ts.isStringLiteral(node.expression) &&
                !ts.isJsxAttribute(node.parent)
              ? node.expression.text
              : ''
        const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
        return saysSomething(said) ? [`${path}:${line} ${said.trim()}`] : []
      }),
    )

describe.each(folders)('%s', folder => {
  const english = wordsOf(folder, 'en')
  const others = languageCodes.filter(language => language !== 'en')

  it('says something, in files of the same names in every language', () => {
    expect(english.size).toBeGreaterThan(0)
    for (const language of others)
      expect([language, areasOf(folder, language)]).toEqual([language, areasOf(folder, 'en')])
  })

  it.each(languageCodes)('has in %s what it has in English, with the plural forms of that language', language => {
    const keys = [...wordsOf(folder, language).keys()].sort()
    expect(keys).toEqual(neededKeys(english, language))
  })

  it.each(others)('leaves in %s the same places open as in English', language => {
    const wrong = [...wordsOf(folder, language)].flatMap(([key, text]) => {
      const model = english.get(key) ?? english.get(key.replace(pluralForm, '_other')) ?? ''
      // A form for exactly one or two may say the number in a word.
      const may = pluralForm.test(key)
        ? placesIn(model).filter(place => !['count', 'value'].includes(place))
        : placesIn(model)
      const has = placesIn(text)
      const isRight = may.every(place => has.includes(place)) && has.every(place => placesIn(model).includes(place))
      return isRight ? [] : [`${key}: ${text}`]
    })
    expect(wrong).toEqual([])
  })

  it.each(others)('is translated into %s', language => {
    const copies = [...wordsOf(folder, language)].filter(
      ([key, text]) => text === english.get(key) && /\p{Ll}{3,} \p{Ll}{2,}/u.test(text),
    )
    expect(copies).toEqual([])
    if (language === 'ar') {
      const latin = [...wordsOf(folder, 'ar')].filter(([, text]) => {
        const plain = text.replaceAll(/\{\{\w+\}\}/g, '')
        return saysSomething(plain) && !/\p{Script=Arabic}/u.test(plain)
      })
      expect(latin).toEqual([])
    }
  })

  it('asks only for what there is', () => {
    const known = new Set([...english.keys(), ...wordsOf('faces', 'en').keys()])
    const has = (key: string): boolean => known.has(key) || known.has(`${key}_other`)
    expect(
      usesOf(folder)
        .asked.filter(({ key }) => !has(key))
        .map(({ key, where }) => `${where} ${key}`),
    ).toEqual([])
  })

  it('has no words that nobody asks for', () => {
    const users = (folder === 'faces' ? folders : [folder]).map(usesOf)
    const isUsed = (key: string): boolean => {
      const plain = key.replace(pluralForm, '')
      return users.some(({ texts, beginnings }) => texts.has(plain) || beginnings.some(it => plain.startsWith(it)))
    }
    expect([...english.keys()].filter(key => !isUsed(key))).toEqual([])
  })

  it('writes no text into its pages past the words', () => {
    expect(literalsOf(folder)).toEqual([])
  })
})
