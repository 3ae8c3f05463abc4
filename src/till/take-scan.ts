import { addArticle, type Customer, toggleTender, withCustomer } from './basket.ts'
import { findCustomer, readToken } from './customers.ts'
import { decide } from './decide.ts'
import { readScan } from './scan.ts'
import { setSale } from './selling.ts'
import { isOnline } from './till-api.ts'
import { till } from './till-state.ts'
import { go } from './views.ts'

const setCustomer = (customer: Customer): void => setSale(sale => withCustomer(sale, customer))

export const addCode = (code: string): void =>
  setSale(sale => (sale.codes.includes(code) ? sale : { ...sale, codes: [...sale.codes, code] }))

/** Whether an offer knows a code; of an empty basket nobody can tell, so it is taken. */
const isCode = async (code: string): Promise<boolean> => {
  const { sale } = till()
  if (sale.lines.length === 0) return true
  const { refused } = await decide({ ...sale, codes: [...sale.codes, code] })
  return !refused.some(it => it.code === code && it.reason.code === 'code_unknown')
}

/**
 * Does what a scanned or typed text asks for: an article goes into the basket, a card says who buys, a receipt is taken back, anything else is a
 * code. Answers the text where it is none of them: then only a person can tell.
 */
export const takeScan = async (text: string): Promise<string | undefined> => {
  const scanned = readScan(text, till().articles)
  switch (scanned.what) {
    case 'article':
      setSale(sale => addArticle(sale, scanned.article, scanned.quantity))
      return undefined
    case 'receipt':
      go({ name: 'returns', number: scanned.number })
      return undefined
    case 'walletToken':
      setCustomer(await readToken(scanned.token))
      return undefined
    case 'customer': {
      const customer = await findCustomer(scanned.ref.replace(/^\w+:/, ''))
      if (!customer) return text
      setCustomer(customer)
      return undefined
    }
    case 'unknown': {
      // Without a network nobody knows whether it is a card: whoever identifies somebody says so.
      const customer = isOnline() ? await findCustomer(scanned.text) : undefined
      if (customer?.isKnown) setCustomer(customer)
      else if (await isCode(scanned.text)) addCode(scanned.text)
      else return scanned.text
      return undefined
    }
  }
}

/** While a sale is paid: what is nothing else is a gift card, and an answer says if it is none. */
export const takePaying = async (text: string): Promise<void> => {
  const code = await takeScan(text)
  if (code !== undefined && isOnline()) setSale(sale => toggleTender(sale, { type: 'giftCard', code }))
}
