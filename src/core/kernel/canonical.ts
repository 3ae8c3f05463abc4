/**
 * One text for one JSON value: keys sorted by UTF-16 code units, no whitespace, numbers and strings as ECMAScript writes
 * them (RFC 8785). Two bodies are the same request if their canonical texts are equal. A key whose value is undefined is
 * left out; what JSON cannot say (NaN, bigint, functions, undefined in a list) is a bug and throws.
 *
 *     canonicalJson({ b: 1, a: [true, null] })   // '{"a":[true,null],"b":1}'
 */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const members = value as Readonly<Record<string, unknown>>
    const texts = Object.keys(members)
      .sort()
      .filter(key => members[key] !== undefined)
      .map(key => `${JSON.stringify(key)}:${canonicalJson(members[key])}`)
    return `{${texts.join(',')}}`
  }
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  ) {
    return JSON.stringify(value)
  }
  throw new TypeError(`JSON has no word for ${String(value)}`)
}
