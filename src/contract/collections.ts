import { z } from 'zod'
import { pageOf, pageQuery } from '../core/kernel/schema.ts'
import { catalogueRefusals } from '../core/offers/refusals.ts'
import { collection, collectionId, collectionInput } from '../core/offers/schema.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Collections'
const scopes = ['admin', 'secret'] as const
const params = z.strictObject({ id: collectionId })
const example = {
  id: 'coffee',
  description: 'Everything with caffeine',
  size: 2,
  createdAt: '2026-02-20T08:00:00.000Z',
  updatedAt: '2026-02-20T08:00:00.000Z',
} as const

export const createCollection = defineEndpoint({
  name: 'createCollection',
  method: 'PUT',
  path: '/v1/collections/{id}',
  summary: 'Make or replace a collection of SKUs',
  description:
    'With `skus` they replace all items at once; without, the items stay as they are. Import larger ones as CSV.',
  tag,
  scopes,
  params,
  body: collectionInput,
  bodyLimit: 8 * 1024 * 1024,
  answer: { 200: collection },
  refusals: [],
  example: {
    params: { id: 'coffee' },
    body: { description: 'Everything with caffeine', skus: ['LATTE', 'ESPRESSO'] },
    answer: example,
  },
})

export const importCollection = defineEndpoint({
  name: 'importCollection',
  method: 'POST',
  path: '/v1/collections/{id}/items',
  summary: 'Replace the items of a collection by a CSV file',
  description:
    'A column named `sku` in the header line, or one column and no header; up to 1,000,000 items, doubles count once. ' +
    'The new items count all at once when the file has been read; a line that cannot be taken is named and nothing changes.',
  tag,
  scopes,
  params,
  streamBody: ['text/csv'],
  answer: { 200: collection },
  refusals: [catalogueRefusals.collection_not_found],
  example: { params: { id: 'coffee' }, answer: example },
})

export const getCollection = defineEndpoint({
  name: 'getCollection',
  method: 'GET',
  path: '/v1/collections/{id}',
  summary: 'A collection',
  tag,
  scopes,
  params,
  answer: { 200: collection },
  refusals: [catalogueRefusals.collection_not_found],
  example: { params: { id: 'coffee' }, answer: example },
})

export const listCollections = defineEndpoint({
  name: 'listCollections',
  method: 'GET',
  path: '/v1/collections',
  summary: 'Collections by id',
  tag,
  scopes,
  query: pageQuery,
  answer: { 200: pageOf(collection) },
  refusals: [],
  example: { query: { limit: 100 }, answer: { data: [example], nextCursor: null } },
})

export const listCollectionItems = defineEndpoint({
  name: 'listCollectionItems',
  method: 'GET',
  path: '/v1/collections/{id}/items',
  summary: 'The SKUs of a collection',
  tag,
  scopes,
  params,
  query: pageQuery,
  answer: { 200: pageOf(z.string()) },
  refusals: [catalogueRefusals.collection_not_found],
  example: {
    params: { id: 'coffee' },
    query: { limit: 100 },
    answer: { data: ['ESPRESSO', 'LATTE'], nextCursor: null },
  },
})

export const collectionEndpoints = [
  createCollection,
  importCollection,
  getCollection,
  listCollections,
  listCollectionItems,
] as const
