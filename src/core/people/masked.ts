type Identifier = { readonly type: string; readonly given: string }

/**
 * Enough of an address or a card to know it again, for whoever knew it before; undefined where it is neither.
 *
 *     masked({ type: 'email', given: 'ana@example.com' })   // 'a…@example.com'
 */
export const masked = ({ type, given }: Identifier): string | undefined => {
  const text = given.trim()
  if (type === 'email') return text.replace(/^(.)[^@]*@/u, '$1…@')
  return type === 'phone' || type === 'whatsapp' || type === 'loyaltyCard' ? `…${text.slice(-2)}` : undefined
}
