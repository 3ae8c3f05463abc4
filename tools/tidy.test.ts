/**
 * The shape of the project as a test. Each rule is a function from files to offenders, and is first shown to catch one
 * that is planted. An offender reads `path:line what is wrong`.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

type File = { readonly path: string; readonly text: string }
type Rule = (files: readonly File[]) => string[]

/** The domains of core: a folder imports only from its left, or from itself. */
const coreOrder = [
  'kernel',
  'workspaces',
  'team',
  'rules',
  'events',
  'people',
  'consent',
  'segments',
  'ledger',
  'loyalty',
  'offers',
  'orders',
  'packs',
  'loop',
  'simulation',
  'measurement',
]

const forFaces = ['react', 'react-dom', 'i18next', '@tanstack/react-query', '@tabler/icons-react']
const forConsole = [
  '@mantine/core',
  '@mantine/hooks',
  '@mantine/notifications',
  '@mantine/spotlight',
  '@tanstack/react-router',
  'echarts',
  'lean-qr',
]

/** What each folder of src may import: other folders (or single files) of src, and packages; 'any' is all packages and Node. */
const layers: Record<string, { sources: readonly string[]; packages: readonly string[] | 'any' }> = {
  core: { sources: [], packages: ['zod', '@marcbachmann/cel-js', 'libphonenumber-js', 'temporal-polyfill'] },
  contract: { sources: ['core'], packages: ['zod'] },
  adapters: { sources: ['core'], packages: 'any' },
  server: { sources: ['core', 'contract', 'adapters'], packages: 'any' },
  // What a wallet's device signs is told in one place.
  sdk: { sources: ['contract/types.ts', 'core/packs/wallet-token.ts'], packages: [] },
  cli: { sources: ['core', 'contract', 'sdk', 'server'], packages: 'any' },
  // How many decimals a currency has, what a spreadsheet takes for a formula and which texts are one code is told in one place.
  faces: {
    sources: ['sdk', 'core/kernel/money.ts', 'core/kernel/csv.ts', 'core/offers/code.ts'],
    packages: ['react', 'i18next', '@tanstack/react-query', 'idb', 'lean-qr'],
  },
  console: {
    sources: ['faces', 'sdk'],
    packages: [...forFaces, ...forConsole],
  },
  wallet: { sources: ['faces', 'sdk'], packages: [...forFaces, 'idb', 'lean-qr'] },
  till: { sources: ['faces', 'sdk'], packages: [...forFaces, 'idb', 'lean-qr'] },
}
const knowsEveryone = 'src/server/compose.ts'
/**
 * The entries of the browser's bundles give the client together with the decision, and what a till needs while offline, so they
 * alone may import core. No other file but a till's may import them: the client of the servers stays without dependencies.
 */
const browserEntries = ['src/sdk/browser.ts', 'src/sdk/offline.ts']
/** Of the demo: it sells by a pack, as a till of somebody else's would. */
const anotherTill = 'src/cli/demo/cut-off.ts'
const environmentReaders = ['src/server/config.ts', 'src/cli/environment.ts']
const longestFile = 700
/** What a generator writes says so in its first line; a check keeps it in step with its source. */
const isGenerated = (file: File): boolean => file.text.startsWith('// Generated')

const isTest = (path: string) => path.endsWith('.test.ts')
const isCode = (path: string) => /\.(m?[tj]s|tsx)$/.test(path)
const isProduct = ({ path }: File) => path.startsWith('src/') && isCode(path) && !isTest(path)
const isCore = (file: File) => isProduct(file) && file.path.startsWith('src/core/')

// Reading code: TypeScript's own parser, so that a comment or a string is never taken for code.

const parsed = new WeakMap<File, ts.SourceFile>()
const parse = (file: File): ts.SourceFile => {
  const known = parsed.get(file)
  if (known) return known
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true)
  parsed.set(file, source)
  return source
}

const nodesOf = (file: File): ts.Node[] => {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(parse(file))
  return nodes
}

const offendingNodes = (files: readonly File[], judge: (node: ts.Node, file: File) => string | undefined): string[] =>
  files.flatMap(file =>
    nodesOf(file).flatMap(node => {
      const wrong = judge(node, file)
      if (wrong === undefined) return []
      const line = parse(file).getLineAndCharacterOfPosition(node.getStart()).line + 1
      return `${file.path}:${line} ${wrong}`
    }),
  )

const offendingLines = (files: readonly File[], pattern: RegExp, wrong: string): string[] =>
  files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? `${path}:${index + 1} ${wrong}` : [])),
  )

/** `./x.ts`, and `dist/x.js` that tsc makes of it, as the path of the source; undefined for a package or Node. */
const sourcePath = (from: string, specifier: string): string | undefined => {
  if (!specifier.startsWith('.')) return undefined
  const path = posix.join(posix.dirname(from), specifier)
  return path.startsWith('dist/') ? path.replace(/^dist\/(.*)\.js$/, 'src/$1.ts') : path
}

const importsOf = ({ text }: File): string[] =>
  ts.preProcessFile(text, true, true).importedFiles.map(file => file.fileName)

/** Files that a file imports, or starts by `new URL('./worker.js', import.meta.url)`. */
const filesReachedBy = (file: File): string[] => {
  const urls = nodesOf(file).flatMap(node => {
    if (!ts.isNewExpression(node) || node.expression.getText() !== 'URL') return []
    const first = node.arguments?.[0]
    return first && ts.isStringLiteral(first) ? [first.text.replace(/\.js$/, '.ts'), first.text] : []
  })
  return [...importsOf(file), ...urls].flatMap(specifier => sourcePath(file.path, specifier) ?? [])
}

// The rules.

const importsGoDown: Rule = files =>
  files.filter(isProduct).flatMap(file => {
    if (file.path === knowsEveryone) return []
    const [, layer = '', domain = ''] = file.path.split('/')
    const may = layers[layer]
    if (!may) return `${file.path} is in no known layer: give ${layer} a line in tools/tidy.test.ts`
    if (layer === 'core' && !coreOrder.includes(domain))
      return `${file.path} is in no known domain: give ${domain} its place in coreOrder`
    return importsOf(file).flatMap(specifier => {
      const target = sourcePath(file.path, specifier)
      if (target === undefined) {
        const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
        return may.packages === 'any' || may.packages.includes(name) ? [] : `${file.path} imports ${specifier}`
      }
      const inside = posix.relative('src', target)
      const [toLayer = '', toDomain = ''] = inside.split('/')
      const allowed =
        layer === 'core' && toLayer === 'core'
          ? coreOrder.slice(0, coreOrder.indexOf(domain) + 1).includes(toDomain)
          : toLayer === layer || may.sources.includes(toLayer) || may.sources.includes(inside)
      if (browserEntries.includes(target))
        return layer === 'till' || file.path === anotherTill ? [] : `${file.path} imports ${target}`
      if (browserEntries.includes(file.path) && toLayer === 'core') return []
      return allowed ? [] : `${file.path} imports ${target}`
    })
  })

const noCycles: Rule = files => {
  const imports = new Map(files.filter(isProduct).map(file => [file.path, filesReachedBy(file)]))
  const done = new Set<string>()
  const cycles: string[] = []
  const follow = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      return
    }
    if (done.has(path)) return
    for (const next of imports.get(path) ?? []) follow(next, [...trail, path])
    done.add(path)
  }
  for (const path of imports.keys()) follow(path, [])
  return cycles
}

/** Alive is what a test, a program outside src (bin, tools, bench), a page or an export of package.json reaches. */
const noDeadFiles: Rule = files => {
  const code = new Map(files.filter(file => isCode(file.path)).map(file => [file.path, file]))
  const exported = files.find(file => file.path === 'package.json')?.text.matchAll(/dist\/([\w/.-]+)\.js"/g) ?? []
  const alive = new Set<string>()
  const reach = (path: string): void => {
    const file = code.get(path)
    if (!file || alive.has(path)) return
    alive.add(path)
    filesReachedBy(file).forEach(reach)
  }
  for (const path of code.keys()) if (!path.startsWith('src/') || isTest(path)) reach(path)
  for (const page of files.filter(file => file.path.endsWith('.html')))
    for (const [, name] of page.text.matchAll(/<script[^>]* src="([^"]+)"/g))
      reach(posix.join(posix.dirname(page.path), name!))
  for (const [, name] of exported) reach(`src/${name}.ts`)
  return files
    .filter(file => isProduct(file) && !alive.has(file.path))
    .map(file => `${file.path} is reached by nothing`)
}

const localDateMethods =
  /^(get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds)$|^getTimezoneOffset$|^to(Date|Time)String$/
const localeMethods = /^toLocale|^localeCompare$/
const impure = ['Date.now', 'performance.now', 'Math.random', 'Temporal.Now', 'process.env']

const coreIsPure: Rule = files =>
  offendingNodes(files.filter(isCore), node => {
    if (ts.isPropertyAccessExpression(node)) {
      const name = node.name.text
      if (impure.includes(node.getText())) return `${node.getText()}: pass now and dice as arguments`
      if (localDateMethods.test(name)) return `${name} depends on the time zone of the process`
      if (localeMethods.test(name)) return `${name} depends on the locale of the process`
    }
    if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return undefined
    const called = node.expression.getText()
    const given = node.arguments ?? []
    if (called === 'Date') {
      if (ts.isCallExpression(node) || given.length === 0) return 'reads the clock: pass now as an argument'
      if (given.length > 1) return 'new Date(year, month, …) depends on the time zone of the process: use Date.UTC'
    }
    if (called.startsWith('Intl.')) {
      if (given[0] === undefined || given[0].getText() === 'undefined') return `${called} without a locale`
      if (called === 'Intl.DateTimeFormat' && given.length < 2) return `${called} without a time zone`
    }
    return undefined
  })

const environmentInOnePlace: Rule = files =>
  offendingNodes(
    files.filter(file => isProduct(file) && !environmentReaders.includes(file.path)),
    node =>
      ts.isPropertyAccessExpression(node) && node.getText() === 'process.env'
        ? `reads the environment: only ${environmentReaders.join(' and ')} may`
        : undefined,
  )

const noLongFiles: Rule = files =>
  files
    .filter(file => isCode(file.path) && !isGenerated(file) && file.text.trimEnd().split('\n').length > longestFile)
    .map(file => `${file.path} is longer than ${longestFile} lines: an idea in it wants its own file`)

const compilerNotSilenced: Rule = files => {
  const code = files.filter(file => isCode(file.path))
  return [
    ...offendingNodes(code, node => (node.kind === ts.SyntaxKind.AnyKeyword ? 'any' : undefined)),
    ...offendingLines(code, /@ts-(?:ignore|expect-error|nocheck)/, 'silences the compiler'),
  ]
}

const everyTestRuns: Rule = files =>
  offendingNodes(
    files.filter(file => isCode(file.path) && file.path !== 'test/real-data.ts'),
    node => {
      if (!ts.isPropertyAccessExpression(node) || !/^(only|skip|todo|skipIf|runIf)$/.test(node.name.text))
        return undefined
      const [root = ''] = node.expression.getText().split(/\W/)
      return ['it', 'test', 'describe'].includes(root) ? `${root}.${node.name.text}` : undefined
    },
  )

const testsDoNotSleep: Rule = files =>
  offendingNodes(
    files.filter(file => isTest(file.path)),
    node => {
      if (!ts.isCallExpression(node)) return undefined
      const name = ts.isPropertyAccessExpression(node.expression)
        ? node.expression.name.text
        : node.expression.getText()
      return ['setTimeout', 'sleep', 'waitForTimeout'].includes(name)
        ? `${name}: wait for the condition, with vi.waitFor`
        : undefined
    },
  )

/** A clone works anywhere: nobody's home or work folder, no address that only one network knows. */
const nothingOfOneMachine: Rule = files => [
  ...offendingLines(files, /(^|[\s"'`(=:])\/(home|Users|root|work)\//, 'is a path of one machine'),
  ...offendingLines(
    files.filter(file => file.path === 'package-lock.json'),
    /"resolved": *"http/,
    'names a registry: install with omit-lockfile-registry-resolved',
  ),
  ...offendingLines(
    files.filter(file => file.path === '.npmrc'),
    /registry *=/,
    'names a registry',
  ),
]

const versionsAreExact: Rule = files =>
  files
    .filter(file => file.path === 'package.json')
    .flatMap(file => {
      const manifest = JSON.parse(file.text) as Record<string, Record<string, string> | undefined>
      return ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'].flatMap(part =>
        Object.entries(manifest[part] ?? {})
          .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
          .map(([name, version]) => `package.json ${name} ${version}`),
      )
    })

// What each rule must catch, and something close to it that it must let pass.

type Case = { rule: Rule; name: string; caught: readonly (readonly File[])[]; passes: readonly File[] }

const file = (path: string, text = ''): File => ({ path, text })
const core = (text: string) => [file('src/core/offers/apply.ts', text)]
const aTest = (text: string) => [file('src/core/offers/apply.test.ts', text)]

const cases: Case[] = [
  {
    rule: importsGoDown,
    name: 'imports go down',
    caught: [
      [file('src/core/kernel/a.ts', `import { b } from '../offers/b.ts'`)],
      [file('src/core/kernel/a.ts', `import type { B } from '../offers/b.ts'`)],
      [file('src/core/offers/a.ts', `export { b } from '../../adapters/b.ts'`)],
      [file('src/core/offers/a.ts', `import { readFileSync } from 'node:fs'`)],
      [file('src/core/novelty/a.ts')],
      [file('src/contract/a.ts', `import { b } from '../server/b.ts'`)],
      [file('src/adapters/a.ts', `import { b } from '../contract/b.ts'`)],
      [file('src/server/a.ts', `import { b } from '../cli/b.ts'`)],
      [file('src/sdk/a.ts', `import { z } from 'zod'`)],
      [file('src/sdk/a.ts', `import { b } from '../contract/orders.ts'`)],
      [file('src/sdk/a.ts', `import { b } from '../core/orders/b.ts'`)],
      [file('src/sdk/index.ts', `export * from './browser.ts'`)],
      [file('src/wallet/a.ts', `export * from '../sdk/browser.ts'`)],
      [file('src/sdk/browser.ts', `export { b } from '../server/b.ts'`)],
      [file('src/cli/a.ts', `const b = await import('../adapters/b.ts')`)],
      [file('src/misc/a.ts')],
      [file('src/faces/a.ts', `import { b } from '../console/b.ts'`)],
      [file('src/faces/a.ts', `import { b } from '../core/kernel/id.ts'`)],
      [file('src/console/a.tsx', `import { b } from '../wallet/b.tsx'`)],
      [file('src/console/a.tsx', `import { b } from '../contract/b.ts'`)],
      [file('src/wallet/a.tsx', `import { Button } from '@mantine/core'`)],
      [file('src/till/a.ts', `import { readFileSync } from 'node:fs'`)],
    ],
    passes: [
      file('src/faces/a.ts', `import { b } from '../core/kernel/money.ts'\nimport { c } from '../sdk/index.ts'`),
      file('src/till/a.ts', `const engine = await import('../sdk/browser.ts')`),
      file('src/console/a.tsx', `import { Button } from '@mantine/core'\nimport { b } from '../faces/b.tsx'`),
      file(
        'src/core/offers/a.ts',
        `import { b } from '../kernel/b.ts'\nimport { c } from './kinds/c.ts'\nimport { z } from 'zod'`,
      ),
      file('src/contract/a.ts', `import { b } from '../core/kernel/b.ts'`),
      file('src/adapters/a.ts', `import { b } from '../core/kernel/b.ts'\nimport pg from 'pg'`),
      file('src/server/a.ts', `import { b } from '../adapters/b.ts'\nimport { c } from '../contract/c.ts'`),
      file('src/server/compose.ts', `import { b } from '../cli/b.ts'`),
      file('src/sdk/a.ts', `import type { B } from '../contract/types.ts'`),
      file('src/sdk/browser.ts', `export { b } from '../core/orders/b.ts'\nexport * from './index.ts'`),
      file('src/cli/a.ts', `import { b } from '../server/b.ts'\nimport { c } from '../sdk/c.ts'`),
      file('src/core/kernel/a.test.ts', `import { b } from '../offers/b.ts'`),
    ],
  },
  {
    rule: noCycles,
    name: 'no import cycle',
    caught: [
      [
        file('src/server/a.ts', `import './b.ts'`),
        file('src/server/b.ts', `import './c.ts'`),
        file('src/server/c.ts', `import './b.ts'`),
      ],
    ],
    passes: [
      file('src/server/a.ts', `import './b.ts'\nimport './c.ts'`),
      file('src/server/b.ts', `import './c.ts'`),
      file('src/server/c.ts'),
    ],
  },
  {
    rule: noDeadFiles,
    name: 'no dead file',
    caught: [
      [file('src/cli/main.ts'), file('bin/tessera.mjs', `await import('../dist/cli/other.js')`)],
      [file('src/server/a.ts', `// import './a.ts'`)],
    ],
    passes: [
      file('bin/tessera.mjs', `await import('../dist/cli/main.js')`),
      file('src/cli/main.ts', `import './serve.ts'`),
      file('src/cli/serve.ts', `new Worker(new URL('./worker.js', import.meta.url))`),
      file('src/cli/worker.ts'),
      file('package.json', `{ "exports": { "./sdk": "./dist/sdk/index.js" } }`),
      file('src/sdk/index.ts'),
      file('src/core/kernel/money.test.ts', `import { add } from './money.ts'`),
      file('src/core/kernel/money.ts'),
      file('src/console/index.html', '<script type="module" src="./main.tsx"></script>'),
      file('src/console/main.tsx', `import('./page.tsx')`),
      file('src/console/page.tsx'),
    ],
  },
  {
    rule: coreIsPure,
    name: 'core has no clock, no dice, no locale, no time zone of its own',
    caught: [
      core('const now = Date.now()'),
      core('const clock = Date.now'),
      core('const now = new Date()'),
      core('const now = new Date'),
      core('const text = Date()'),
      core('const t = performance.now()'),
      core('const dice = Math.random()'),
      core('const now = Temporal.Now.instant()'),
      core('const zone = process.env.TZ'),
      core('const midnight = new Date(2026, 0, 1)'),
      core('const hour = date.getHours()'),
      core('const offset = date.getTimezoneOffset()'),
      core('const text = total.toLocaleString()'),
      core('const order = a.localeCompare(b)'),
      core('const format = new Intl.NumberFormat()'),
      core('const format = new Intl.NumberFormat(undefined, options)'),
      core(`const format = Intl.DateTimeFormat('en')`),
    ],
    passes: [
      file(
        'src/core/offers/apply.ts',
        `// Date.now() is not for us
        const date = new Date(now), text = 'Math.random()', year = date.getUTCFullYear(), at = Date.UTC(2026, 0, 1)
        const format = new Intl.DateTimeFormat('en', { timeZone })`,
      ),
      file('src/server/clock.ts', 'const now = Date.now()'),
    ],
  },
  {
    rule: environmentInOnePlace,
    name: 'the environment is read in one place',
    caught: [
      [file('src/adapters/a.ts', 'const url = process.env.DATABASE_URL')],
      [file('src/cli/a.ts', 'const { env } = { env: process.env }')],
    ],
    passes: [
      file('src/server/config.ts', 'process.env.PORT'),
      file('src/cli/environment.ts', 'process.env.TESSERA_KEY'),
    ],
  },
  {
    rule: noLongFiles,
    name: `no file over ${longestFile} lines`,
    caught: [[file('src/server/a.ts', 'a()\n'.repeat(longestFile + 1))]],
    passes: [
      file('src/server/a.ts', 'a()\n'.repeat(longestFile)),
      file('src/sdk/api.ts', `// Generated\n${'a()\n'.repeat(longestFile)}`),
    ],
  },
  {
    rule: compilerNotSilenced,
    name: 'the compiler is not silenced',
    caught: [
      core('const a = b as any'),
      core('const a: any[] = []'),
      core(`// @ts-${'ignore'}`),
      aTest(`// @ts-${'expect-error'}`),
    ],
    passes: core('const any = "any" // any as any'),
  },
  {
    rule: everyTestRuns,
    name: 'every test runs',
    caught: [
      aTest(`it.only('a', () => {})`),
      aTest(`describe.skip('a', () => {})`),
      aTest(`test.each([1]).skip('a', () => {})`),
      aTest(`it.skipIf(slow)('a', () => {})`),
      aTest(`it.todo('a')`),
    ],
    passes: aTest(`it('a', () => list.skip(2))\n// it.only`),
  },
  {
    rule: testsDoNotSleep,
    name: 'tests do not sleep',
    caught: [
      aTest('await new Promise(done => setTimeout(done, 100))'),
      aTest('await sleep(5)'),
      aTest('await page.waitForTimeout(5)'),
    ],
    passes: aTest(`await vi.waitFor(() => expect(a).toBe(1)) // not setTimeout(1)`),
  },
  {
    rule: nothingOfOneMachine,
    name: 'nothing of one machine',
    caught: [
      [file('docs/a.md', `see /${'home'}/ana/notes`)],
      [file('src/server/a.ts', `const data = '/${'Users'}/ana/data'`)],
      [file('package-lock.json', `"resolved": "${'http'}s://registry.example/a.tgz",`)],
      [file('.npmrc', 'registry=https://registry.example')],
    ],
    passes: [
      file('docs/a.md', 'https://tessera.example/home/ and ../work/ and src/root/a.ts'),
      file('.npmrc', 'save-exact=true'),
    ],
  },
  {
    rule: versionsAreExact,
    name: 'versions are exact',
    caught: [
      [file('package.json', '{ "dependencies": { "a": "^1.0.0" } }')],
      [file('package.json', '{ "devDependencies": { "a": "1.x" } }')],
      [file('package.json', '{ "overrides": { "a": "latest" } }')],
    ],
    passes: [file('package.json', '{ "dependencies": { "a": "1.0.0", "b": "2.0.0-rc.1" } }')],
  },
]

const root = join(import.meta.dirname, '..')
const notOurs = ['.git', 'node_modules', 'dist', 'data', '.tools']
const isText = (name: string) => /\.([cm]?[tj]sx?|json|md|sql|ya?ml|sh|html|css|txt)$|^[^.]+$|^\.[^.]+$/.test(name)

const filesUnder = (folder: string): File[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = posix.join(folder, entry.name)
    if (notOurs.includes(entry.name)) return []
    if (entry.isDirectory()) return filesUnder(path)
    return entry.isFile() && isText(entry.name) ? file(path, readFileSync(join(root, path), 'utf8')) : []
  })

const project = filesUnder('')

describe('the project', () => {
  it('is what the rules look at', () => {
    const paths = project.map(({ path }) => path)
    expect(paths).toEqual(expect.arrayContaining(['package.json', '.ci/run', 'LICENSE', 'src/core/kernel/refusal.ts']))
  })

  it.each(cases)('$name', ({ rule }) => {
    expect(rule(project)).toEqual([])
  })
})

describe('a rule catches what is planted and lets the innocent pass:', () => {
  it.each(cases)('$name', ({ rule, caught, passes }) => {
    expect(caught.length).toBeGreaterThan(0)
    expect(caught.filter(files => rule(files).length !== 1)).toEqual([])
    expect(rule(passes)).toEqual([])
  })
})
