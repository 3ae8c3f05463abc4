import type { InputError } from '../../core/kernel/refusal.ts'

/** What may be told of a call that was refused: where and why, never what it said. */

/** Names of fields are the sender's own and can be anybody's address; what a programmer calls a field is told as it is. */
export const plainPointer = (pointer: string): string =>
  pointer.startsWith('/')
    ? pointer.replaceAll(/(?<=\/)[^/]*/g, step => (/^(?:[A-Za-z_][\w-]{0,39}|\d{1,4})$/.test(step) ? step : '*'))
    : pointer

/** A parser quotes what it could not read. */
export const plainMessage = (message: string): string =>
  message
    .replace(/(is not valid JSON).*/s, '$1')
    .replaceAll(/\S*@\S*/g, '*')
    .slice(0, 200)

export const plainIssue = ({ pointer, message }: InputError): InputError => ({
  pointer: plainPointer(pointer),
  message: plainMessage(message),
})
