import { z } from 'zod'
import { callerId, instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { brandInput, channelId, channelInput, locationId, locationInput } from '../core/workspaces/nouns.ts'
import { workspaceRefusals } from '../core/workspaces/refusals.ts'
import { defineEndpoint } from './endpoint.ts'

const scopes = ['admin', 'secret'] as const
const times = { createdAt: instant, updatedAt: instant }
const timesExample = { createdAt: '2026-03-01T08:00:00.000Z', updatedAt: '2026-03-01T08:00:00.000Z' }
/** All that four calls on one kind of noun have in common. */
const read = { method: 'GET', tag: 'Workspaces', scopes } as const
const write = { tag: 'Workspaces', scopes } as const
const notFound = [workspaceRefusals.setting_not_found]
const putAbout = 'What the body leaves out goes back to its default. It decides nothing: orders may name others.'

const brandParams = z.strictObject({ id: callerId })
const brand = z.strictObject({ id: callerId, ...brandInput.shape, ...times }).meta({ id: 'Brand' })
const brandBody = { name: 'Acme Coffee', website: 'https://acme.example' }
const brandPath = { params: { id: 'acme-coffee' } }
const brandExample = { id: 'acme-coffee', ...brandBody, ...timesExample }
const brands = { path: '/v1/brands/{id}', params: brandParams, answer: { 200: brand } } as const

export const listBrands = defineEndpoint({
  ...read,
  name: 'listBrands',
  path: '/v1/brands',
  summary: 'The brands of a business',
  query: pageQuery,
  answer: { 200: pageOf(brand) },
  refusals: [],
  example: { query: { limit: 100 }, answer: { data: [brandExample], nextCursor: null } },
})
export const getBrand = defineEndpoint({
  ...read,
  ...brands,
  name: 'getBrand',
  summary: 'A brand',
  refusals: notFound,
  example: { ...brandPath, answer: brandExample },
})
export const putBrand = defineEndpoint({
  ...write,
  ...brands,
  name: 'putBrand',
  method: 'PUT',
  summary: 'Describe a brand',
  description: putAbout,
  body: brandInput,
  refusals: [],
  example: { ...brandPath, body: brandBody, answer: brandExample },
})
export const deleteBrand = defineEndpoint({
  ...write,
  ...brands,
  name: 'deleteBrand',
  method: 'DELETE',
  summary: 'Remove a brand',
  refusals: notFound,
  example: { ...brandPath, answer: brandExample },
})

const locationParams = z.strictObject({ id: locationId })
const location = z.strictObject({ id: locationId, ...locationInput.shape, ...times }).meta({ id: 'Location' })
const locationBody = {
  name: 'Rome, Via del Corso',
  timeZone: 'Europe/Rome',
  brand: 'acme-coffee',
  address: 'Via del Corso 1, Roma',
  tills: [{ id: 'till-1', name: 'Counter' }],
}
const locationPath = { params: { id: 'store-12' } }
const locationExample = { id: 'store-12', ...locationBody, ...timesExample }
const locations = { path: '/v1/locations/{id}', params: locationParams, answer: { 200: location } } as const

export const listLocations = defineEndpoint({
  ...read,
  name: 'listLocations',
  path: '/v1/locations',
  summary: 'Stores and their tills',
  query: pageQuery,
  answer: { 200: pageOf(location) },
  refusals: [],
  example: { query: { limit: 100 }, answer: { data: [locationExample], nextCursor: null } },
})
export const getLocation = defineEndpoint({
  ...read,
  ...locations,
  name: 'getLocation',
  summary: 'A store and its tills',
  refusals: notFound,
  example: { ...locationPath, answer: locationExample },
})
export const putLocation = defineEndpoint({
  ...write,
  ...locations,
  name: 'putLocation',
  method: 'PUT',
  summary: 'Describe a store and its tills',
  description: putAbout,
  body: locationInput,
  refusals: [],
  example: { ...locationPath, body: locationBody, answer: locationExample },
})
export const deleteLocation = defineEndpoint({
  ...write,
  ...locations,
  name: 'deleteLocation',
  method: 'DELETE',
  summary: 'Remove a store',
  refusals: notFound,
  example: { ...locationPath, answer: locationExample },
})

const channelParams = z.strictObject({ id: channelId })
const channel = z.strictObject({ id: channelId, ...channelInput.shape, ...times }).meta({ id: 'Channel' })
const channelBody = {
  name: 'WhatsApp',
  canShow: true,
  canRedeem: false,
  canContact: true,
  costPerContact: { amount: 7, currency: 'EUR' },
}
const channelPath = { params: { id: 'whatsapp' } }
const channelExample = { id: 'whatsapp', ...channelBody, ...timesExample }
const channels = { path: '/v1/channels/{id}', params: channelParams, answer: { 200: channel } } as const

export const listChannels = defineEndpoint({
  ...read,
  name: 'listChannels',
  path: '/v1/channels',
  summary: 'Channels and what can be done there',
  query: pageQuery,
  answer: { 200: pageOf(channel) },
  refusals: [],
  example: { query: { limit: 100 }, answer: { data: [channelExample], nextCursor: null } },
})
export const getChannel = defineEndpoint({
  ...read,
  ...channels,
  name: 'getChannel',
  summary: 'A channel and what can be done there',
  refusals: notFound,
  example: { ...channelPath, answer: channelExample },
})
export const putChannel = defineEndpoint({
  ...write,
  ...channels,
  name: 'putChannel',
  method: 'PUT',
  summary: 'Describe a channel and what can be done there',
  description: putAbout,
  body: channelInput,
  refusals: [],
  example: { ...channelPath, body: channelBody, answer: channelExample },
})
export const deleteChannel = defineEndpoint({
  ...write,
  ...channels,
  name: 'deleteChannel',
  method: 'DELETE',
  summary: 'Remove what was said of a channel',
  refusals: notFound,
  example: { ...channelPath, answer: channelExample },
})

export const nounEndpoints = [
  listBrands,
  getBrand,
  putBrand,
  deleteBrand,
  listLocations,
  getLocation,
  putLocation,
  deleteLocation,
  listChannels,
  getChannel,
  putChannel,
  deleteChannel,
] as const
