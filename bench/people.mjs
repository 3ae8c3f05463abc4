/**
 * People who tell who they are, so that each event can be made from its number alone. Most are ordinary: a user id, an e-mail address,
 * a browser, and of each three people two a phone and two a loyalty card. Some share an address with their neighbour, some use one of
 * a few kiosks.
 */

/** Events in which each of them appears: when she signs up, and later when she comes back. */
const eventsOfPerson = 2
/** So many sign up before the first of them comes back: what is linked then is stored already. */
const wave = 1000
/** Of a hundred people. */
const ordinary = 90
const sharing = 8
const kiosks = 5

/** On average: address, browser, and two thirds of a phone and of a card. */
const linksPerPerson = 2 + 4 / 3

const hasPhone = (/** @type {number} */ person) => person % 3 !== 0
const hasCard = (/** @type {number} */ person) => Math.floor(person / 3) % 3 !== 0
export const isOrdinary = (/** @type {number} */ person) => person % 100 < ordinary

/** How many links there are in all that the first so many people tell of. */
export const linksOf = (/** @type {number} */ people) => {
  let links = 0
  for (let person = 0; person < people; person++) links += 2 + Number(hasPhone(person)) + Number(hasCard(person))
  return links
}

/** How many events that takes. */
export const eventsOf = (/** @type {number} */ people) => people * eventsOfPerson

/** The people of so many links, in whole waves, so that everybody comes back. */
export const peopleOf = (/** @type {number} */ links) => Math.max(1, Math.round(links / linksPerPerson / wave)) * wave

const userId = (/** @type {number} */ person) => `person-${person}`
/** Those in a hundred after the ordinary ones have an address with their neighbour, in pairs. */
const emailOf = (/** @type {number} */ person) =>
  isOrdinary(person) || person % 100 >= ordinary + sharing
    ? `person-${person}@example.com`
    : `family-${person >> 1}@example.com`
const browserOf = (/** @type {number} */ person) =>
  person % 100 < ordinary + sharing ? `browser-${person}` : `kiosk-${Math.floor(person / 100) % kiosks}`
const phoneOf = (/** @type {number} */ person) => `+39333${String(person).padStart(7, '0')}`
const cardOf = (/** @type {number} */ person) => `card-${person}`

/** The identifiers that an ordinary person ends with. */
export const identifiersOf = (/** @type {number} */ person) =>
  [
    `userId:${userId(person)}`,
    `email:${emailOf(person)}`,
    `anonymousId:${browserOf(person)}`,
    ...(hasPhone(person) ? [`phone:${phoneOf(person)}`] : []),
    ...(hasCard(person) ? [`loyaltyCard:${cardOf(person)}`] : []),
  ].sort()

/** @param {string} id @param {string} user @param {string} at @param {string} more */
const identify = (id, user, at, more) =>
  `{"type":"identify","messageId":"${id}","userId":"${user}","timestamp":"${at}"${more}}`

/** Event `n` of all. @param {number} n @param {string} at */
export const identifyEvent = (n, at) => {
  const inWave = n % (wave * eventsOfPerson)
  const person = Math.floor(n / (wave * eventsOfPerson)) * wave + (inWave % wave)
  const more =
    inWave < wave
      ? `,"traits":{"email":"${emailOf(person)}"${hasPhone(person) ? `,"phone":"${phoneOf(person)}"` : ''}}`
      : `,"anonymousId":"${browserOf(person)}"${
          hasCard(person) ? `,"context":{"externalIds":[{"id":"${cardOf(person)}","type":"loyaltyCard"}]}` : ''
        }`
  return identify(`identify-${n}`, userId(person), at, more)
}

/** One user id, as of a robot, and always another browser. @param {number} n @param {string} at */
export const stormEvent = (n, at) => identify(`storm-${n}`, 'robot', at, `,"anonymousId":"storm-${n}"`)
