import { createHash } from 'node:crypto'
import { fill, type Language, languages } from './texts.ts'

const style = `
:root { color-scheme: light dark; --line: light-dark(#bbb, #555); --soft: light-dark(#f5f5f3, #222); --mark: light-dark(#7a3210, #f0a070) }
* { box-sizing: border-box }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; padding: 1rem; overflow-wrap: anywhere }
main { max-inline-size: 44rem; margin-inline: auto }
h1, h2 { line-height: 1.2 }
fieldset { border: 1px solid var(--line); border-radius: 8px; margin: 0 0 1rem; padding: .5rem 1rem 1rem; min-inline-size: 0 }
legend { font-weight: 600; padding-inline: .25rem }
.boxes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)) }
.box { display: flex; gap: .75rem; align-items: center; min-block-size: 2.75rem }
.box input { inline-size: 1.25rem; block-size: 1.25rem; flex: none }
.field { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; margin-block: .5rem }
.field > label { min-inline-size: 8rem }
@media (max-width: 30rem) { .field > label { min-inline-size: 100% } }
select, input[type=time] { font: inherit; min-block-size: 2.75rem; max-inline-size: 100%; padding-inline: .5rem }
button { font: inherit; font-weight: 600; min-block-size: 2.75rem; padding-inline: 1.25rem; border: 1px solid var(--mark); border-radius: 6px; background: var(--mark); color: light-dark(#fff, #111); cursor: pointer }
button.quiet { background: none; color: var(--mark) }
:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px }
.note { background: var(--soft); border-inline-start: 4px solid var(--mark); padding: .75rem 1rem; margin-block: 0 1rem }
.note ul { margin: 0; padding-inline-start: 1.25rem }
`

/**
 * The pages run nothing and ask nobody: one style sheet, known by its hash, and forms that go to where they came from. The icon is an empty
 * one of their own, or browsers would ask for it.
 */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const html = (text: string): string => text.replaceAll(/[&<>"']/g, char => escapes[char]!)

/** An address in running text: it is read from left to right in any language. */
export const ltr = (text: string): string => `<bdi dir="ltr">${html(text)}</bdi>`

/** A sentence with values in it that are HTML already. */
export const sentence = (text: string, values: Readonly<Record<string, string>>): string => fill(html(text), values)

export const document = (language: Language, title: string, content: string): string => `<!doctype html>
<html lang="${language}" dir="${languages[language].dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${html(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`

/** A page of one thing: a heading, what it is about, and a button where there is something to do. */
export const shortPage = (
  language: Language,
  title: string,
  paragraphs: readonly string[],
  button?: { readonly label: string; readonly name: string; readonly value: string },
): string =>
  document(
    language,
    title,
    [
      `<h1>${html(title)}</h1>`,
      ...paragraphs.map(text => `<p>${text}</p>`),
      ...(button
        ? [
            `<form method="post"><button name="${html(button.name)}" value="${html(button.value)}">${html(button.label)}</button></form>`,
          ]
        : []),
    ].join('\n'),
  )
