import { orderColumnNames } from '../simulate/past-columns.ts'

export const importKinds = ['people', 'events', 'orders', 'segments', 'consents'] as const
export type ImportKind = (typeof importKinds)[number]

/**
 * What a column can become, and the names under which shops, tills and mailing tools export it, compared by their letters and
 * digits only. Where two names of one list stand in a file the earlier in the list is taken.
 */
const identityNames = {
  identifiers: 'identifiers',
  identifier: 'identifier ref',
  userId: 'userid customerid customerno customernumber customer clientid memberid accountid personid uid user',
  email: 'email emailaddress mail customeremail useremail',
  phone: 'phone phonenumber mobile mobilephone mobilenumber telephone tel cell cellphone msisdn customerphone',
  loyaltyCard: 'loyaltycard loyaltycardnumber loyaltynumber loyaltyid cardnumber card membershipnumber',
  posCustomer: 'poscustomer poscustomerid',
  whatsapp: 'whatsapp whatsappnumber',
  social: 'social',
  device: 'device deviceid',
  anonymousId: 'anonymousid visitorid',
} as const

const common = { channel: 'channel', verified: 'verified', erasedAt: 'erasedat' } as const

const { customer: _customer, email: _email, ...orderNames } = orderColumnNames

const names = {
  people: {
    ...identityNames,
    userId: `${identityNames.userId} id`,
    ...common,
    createdAt: 'createdat created creationdate signupdate signedupat registeredat registrationdate joinedat joindate',
    traits: 'traits',
  },
  events: {
    messageId: 'messageid eventid',
    type: 'type kind',
    event: 'event eventname',
    timestamp: 'timestamp occurredat time date eventtime eventdate createdat',
    ...identityNames,
    ...common,
    properties: 'properties',
    previousId: 'previousid',
    groupId: 'groupid',
    body: 'body',
    context: 'context',
    traits: 'traits',
  },
  orders: {
    order: `${orderNames.order} ordername id`,
    orderState: 'orderstate orderstatus',
    date: orderNames.date,
    sku: `${orderNames.sku} variantsku`,
    quantity: orderNames.quantity,
    unitPrice: orderNames.unitPrice,
    name: orderNames.name,
    category: orderNames.category,
    currency: orderNames.currency,
    location: orderNames.location,
    codes: orderNames.codes,
    discount: 'discount totaldiscount totaldiscounts discountamount',
    shipping: orderNames.shipping,
    tax: 'tax totaltax vat',
    total: 'total ordertotal totalprice grandtotal',
    ...identityNames,
    ...common,
  },
  segments: { segment: 'segment segmentid list listid', ...identityNames, erasedAt: common.erasedAt },
  consents: {
    address: 'address identifier',
    channel: 'channel',
    purpose: 'purpose topic',
    state: 'state status consent optin optedin subscribed permission',
    at: 'at timestamp consentedat optinat subscribedat date time createdat updatedat',
    how: 'how method',
    textVersion: 'textversion version',
    language: 'language lang locale',
    evidence: 'evidence proof',
    ...identityNames,
    erasedAt: common.erasedAt,
  },
} as const satisfies Record<ImportKind, Readonly<Record<string, string>>>

export const targetNames = (kind: ImportKind): Readonly<Record<string, string>> => names[kind]

/** The types of identifiers that a column may hold by itself, in the order in which they say whose a row is. */
export const identityTypes = [
  'userId',
  'email',
  'phone',
  'loyaltyCard',
  'posCustomer',
  'whatsapp',
  'social',
  'device',
  'anonymousId',
] as const

/** Where columns go that a kind has no target for; what is not here is left out. */
export const restOf: Readonly<Partial<Record<ImportKind, 'traits' | 'properties'>>> = {
  people: 'traits',
  events: 'properties',
}

/** What an export tells beside, and what the file of bad rows adds: nothing to import. */
export const toldOnly = new Set(
  'person orders spend firstorderat lastorderat receivedat sentat originaltimestamp integrations enteredat importline importreason'.split(
    ' ',
  ),
)

/** Of an order's row what belongs to the line: in NDJSON it lies in the list of lines. */
export const lineTargets = new Set(['sku', 'quantity', 'unitPrice', 'name', 'category'])

/** The names under which a line of NDJSON holds the lines of an order. */
export const lineLists = ['lines', 'products', 'line_items', 'lineItems', 'items'] as const
