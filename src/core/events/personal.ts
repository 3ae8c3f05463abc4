/**
 * Keeps personal values apart, so that a person is erased by overwriting one column while the event stays countable.
 * Only the event's own properties are kept as facts about what happened; everything else that was sent (traits, context
 * with IP address and user agent, fields we do not know) is personal, and so are values inside the properties whose name
 * or look says so. Better one address of a shop too many in the personal column than one of a customer left behind.
 *
 * `name` is not in this list: in properties Segment uses it for products, pages and promotions. In traits it is personal.
 */
const personalNames = new Set(
  [
    'email emailAddress mail phone phoneNumber mobile telephone whatsapp ip ipAddress userAgent userName',
    'firstName middleName lastName fullName surname customerName birthday birthDate dateOfBirth',
    'address addresses billingAddress shippingAddress street zip postalCode postcode customer recipient contact iban',
  ].flatMap(line => line.toLowerCase().split(' ')),
)

/** What the envelope becomes fields of the event for; a write key is a secret and is not stored at all. */
const envelope = new Set([
  ...['type', 'event', 'messageId', 'userId', 'anonymousId', 'previousId', 'groupId', 'writeKey'],
  ...['timestamp', 'originalTimestamp', 'sentAt', 'receivedAt'],
])

type Json = Readonly<Record<string, unknown>>

export type SplitBody = {
  /** The event's own properties without personal values. A list keeps null in the place of one. */
  readonly properties: Json
  /** The rest of the body; `personal.properties` maps JSON pointers into `properties` to the values lifted out. */
  readonly personal: Json
}

/**
 * Splits the body of an event; `joinBody` undoes it exactly.
 *
 *     splitBody({ type: 'track', event: 'Lead', properties: { email: 'ana@example.com', plan: 'gold' }, traits: { age: 40 } })
 *       // { properties: { plan: 'gold' }, personal: { traits: { age: 40 }, properties: { '/email': 'ana@example.com' } } }
 */
export const splitBody = (body: Json): SplitBody => {
  const rest = Object.entries(body).filter(([key]) => !envelope.has(key) && key !== 'properties')
  if (!isObject(body.properties)) {
    const absent = body.properties === undefined ? [] : [['properties', body.properties] as const]
    return { properties: {}, personal: Object.fromEntries([...rest, ...absent]) }
  }
  const lifted: [string, unknown][] = []
  const properties = holdsPersonal(body.properties) ? liftObject(body.properties, '', lifted) : body.properties
  return { properties, personal: Object.fromEntries([...rest, ['properties', Object.fromEntries(lifted)]]) }
}

/** The body as it was sent, without its envelope: what a person gets to see of her own events. */
export const joinBody = ({ properties, personal }: SplitBody): Json => {
  if (!isObject(personal.properties)) return personal
  const lifted = personal.properties
  return Object.fromEntries(
    Object.entries(personal).map(([key, value]) => [
      key,
      key === 'properties'
        ? Object.entries(lifted).reduce<unknown>(
            (whole, [pointer, inner]) => setAt(whole, pointer.slice(1).split('/').map(unescapePointer), inner),
            properties,
          )
        : value,
    ]),
  )
}

/** Most properties hold nothing personal and are kept without being copied. */
const holdsPersonal = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(holdsPersonal)
  if (!isObject(value)) return looksPersonal(value)
  for (const key of Object.keys(value)) {
    if (isPersonalName(key) || holdsPersonal(value[key])) return true
  }
  return false
}

const isPersonalName = (key: string): boolean =>
  personalNames.has(key) || personalNames.has(key.replaceAll(/[_\s-]/g, '').toLowerCase())

const liftObject = (object: Json, pointer: string, lifted: [string, unknown][]): Json =>
  Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      const at = `${pointer}/${escapePointer(key)}`
      if (isPersonalName(key) || looksPersonal(value)) {
        lifted.push([at, value])
        return []
      }
      return [[key, liftValue(value, at, lifted)] as const]
    }),
  )

const liftValue = (value: unknown, pointer: string, lifted: [string, unknown][]): unknown => {
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => {
      const at = `${pointer}/${index}`
      if (!looksPersonal(item)) return liftValue(item, at, lifted)
      lifted.push([at, item])
      return null
    })
  }
  return isObject(value) ? liftObject(value, pointer, lifted) : value
}

/** An e-mail address anywhere in a text, such as in the address of a page. */
const looksPersonal = (value: unknown): boolean =>
  typeof value === 'string' && value.includes('@') && /[^\s@]@[^\s@]+\.[^\s@]/.test(value)

const setAt = (whole: unknown, [key, ...deeper]: readonly string[], value: unknown): unknown => {
  if (key === undefined) return value
  if (Array.isArray(whole)) {
    return whole.map((item: unknown, index) => (String(index) === key ? setAt(item, deeper, value) : item))
  }
  const object = whole as Json
  const inner = setAt(Object.hasOwn(object, key) ? object[key] : undefined, deeper, value)
  return Object.fromEntries([...Object.entries(object), [key, inner]])
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** One step of a JSON pointer (RFC 6901 section 3). */
export const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')
const unescapePointer = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~')
