/** The store cannot be used and a person must act: the message says what is wrong and what to do; print it without a stack. */
export class StoreRefused extends Error {
  override name = 'StoreRefused'
}
