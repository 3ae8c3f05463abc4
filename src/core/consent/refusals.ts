import { defineRefusals } from '../kernel/refusal.ts'

export const consentRefusals = defineRefusals({
  address_of_another: {
    status: 409,
    title: 'Address of somebody else',
    sentence:
      'The address is not known to be this person’s: link it to her first, or record the consent under the address itself.',
  },
  channel_not_of_address: {
    status: 422,
    title: 'Channel does not fit the address',
    sentence: 'An address of type {type} is not reached by {channel}; it takes {allowed}.',
  },
  topic_unknown: {
    status: 422,
    title: 'No such purpose or topic',
    sentence: '{purpose} is no purpose and no topic of this workspace; known are {known}.',
  },
  consent_in_future: {
    status: 422,
    title: 'Time in the future',
    sentence: 'The consent is dated {seconds} seconds in the future; at most 300 are taken. Check the sender’s clock.',
  },
})
