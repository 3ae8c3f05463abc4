import type { CodePurpose, walletLanguages } from '../../contract/wallet-session.ts'

type Language = (typeof walletLanguages)[number]

const isLanguage = (text: string): text is Language => Object.hasOwn(messages, text)

/** What a message with a code says. `{name}` is the business. */
const messages: Readonly<Record<Language, Readonly<Record<CodePurpose, string>>>> = {
  en: {
    signIn: '{code} is your sign-in code for {name}. It is good for 10 minutes. Tell it to nobody.',
    erase:
      '{code} erases everything {name} keeps about you, for good. It is good for 10 minutes. If you did not ask for it, do nothing and tell it to nobody.',
  },
  id: {
    signIn: '{code} adalah kode masuk Anda untuk {name}. Berlaku 10 menit. Jangan beri tahu siapa pun.',
    erase:
      '{code} menghapus selamanya semua yang disimpan {name} tentang Anda. Berlaku 10 menit. Jika Anda tidak memintanya, abaikan dan jangan beri tahu siapa pun.',
  },
  it: {
    signIn: '{code} è il tuo codice di accesso per {name}. Vale 10 minuti. Non dirlo a nessuno.',
    erase:
      '{code} cancella per sempre tutto ciò che {name} conserva su di te. Vale 10 minuti. Se non l’hai chiesto, non fare nulla e non dirlo a nessuno.',
  },
  ms: {
    signIn: '{code} ialah kod log masuk anda untuk {name}. Sah selama 10 minit. Jangan beritahu sesiapa.',
    erase:
      '{code} memadamkan selama-lamanya semua yang {name} simpan tentang anda. Sah selama 10 minit. Jika anda tidak memintanya, abaikan dan jangan beritahu sesiapa.',
  },
  ar: {
    signIn: '{code} هو رمز دخولك إلى {name}. صالح لمدة 10 دقائق. لا تخبر به أحدًا.',
    erase: '{code} يمحو نهائيًا كل ما تحتفظ به {name} عنك. صالح لمدة 10 دقائق. إن لم تطلبه فتجاهله ولا تخبر به أحدًا.',
  },
}

/**
 * The text of a message, in the first of the languages that there is, else in English.
 *
 *     codeMessage('signIn', { code: '042917', name: 'Acme Coffee' }, ['it-IT'])
 *     // '042917 è il tuo codice di accesso per Acme Coffee. …'
 */
export const codeMessage = (
  purpose: CodePurpose,
  { code, name }: { readonly code: string; readonly name: string },
  wishes: readonly (string | undefined)[],
): string => {
  const language = wishes.flatMap(wish => wish?.split('-')[0] ?? []).find(isLanguage) ?? 'en'
  return messages[language][purpose].replace('{code}', () => code).replace('{name}', () => name)
}
