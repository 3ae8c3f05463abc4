/**
 * Whom somebody means by what she typed: an e-mail address, a phone number, or a card.
 *
 *     recipientOf('ben@example.com')   // 'email:ben@example.com'
 *     recipientOf('+39 333 123 4567')  // 'phone:+39 333 123 4567'
 *     recipientOf('C-4711')            // 'loyaltyCard:C-4711'
 */
export const recipientOf = (typed: string): string => {
  const text = typed.trim()
  if (text.includes('@')) return `email:${text}`
  return /^(\+|00|0\d)[\d ()./-]{5,}$/.test(text) ? `phone:${text}` : `loyaltyCard:${text}`
}
