import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { computedTrait, computedTraitName } from '../core/people/computed-trait.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { ruleRefusals } from '../core/rules/refusals.ts'
import { defineEndpoint } from './endpoint.ts'

const tag = 'Computed traits'
const scopes = ['admin', 'secret'] as const
const params = z.strictObject({ name: computedTraitName })

export const traitAnswer = z
  .strictObject({
    name: computedTraitName,
    definition: computedTrait.nullable().meta({ description: 'What answers now; null while the first is counted' }),
    next: computedTrait.nullable().meta({ description: 'What answers as soon as all past events are counted for it' }),
    state: z.enum(['ready', 'building']),
    generation: z.int().meta({ description: 'Raised by every change; 0 while the first is counted' }),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'ComputedTrait' })

const definition = { kind: 'mostFrequent', event: 'Product Viewed', property: 'category', days: 90 } as const
const example = {
  name: 'favourite',
  definition,
  next: null,
  state: 'ready',
  generation: 1,
  createdAt: '2026-03-01T08:00:00.000Z',
  updatedAt: '2026-03-01T08:00:07.000Z',
} as const
const path = { params: { name: example.name } }

export const putTrait = defineEndpoint({
  name: 'putTrait',
  method: 'PUT',
  path: '/v1/traits/{name}',
  summary: 'Declare or change a computed trait',
  description:
    'Conditions read it as `person.computed.<name>`. An expression answers at once. What counts events is counted for all past ones by a job ' +
    'first; until then the definition before it answers.',
  tag,
  scopes,
  params,
  body: computedTrait,
  answer: { 200: traitAnswer },
  refusals: [ruleRefusals.condition_invalid, peopleRefusals.trait_not_found, peopleRefusals.trait_cycle],
  example: {
    ...path,
    body: definition,
    answer: { ...example, definition: null, next: definition, state: 'building', generation: 0 },
  },
})

export const listTraits = defineEndpoint({
  name: 'listTraits',
  method: 'GET',
  path: '/v1/traits',
  summary: 'Computed traits, by name',
  tag,
  scopes,
  query: pageQuery,
  answer: { 200: pageOf(traitAnswer) },
  refusals: [],
  example: { answer: { data: [example], nextCursor: null } },
})

export const getTrait = defineEndpoint({
  name: 'getTrait',
  method: 'GET',
  path: '/v1/traits/{name}',
  summary: 'A computed trait',
  tag,
  scopes,
  params,
  answer: { 200: traitAnswer },
  refusals: [peopleRefusals.trait_not_found],
  example: { ...path, answer: example },
})

export const deleteTrait = defineEndpoint({
  name: 'deleteTrait',
  method: 'DELETE',
  path: '/v1/traits/{name}',
  summary: 'Remove a computed trait',
  description: 'Refused while an offer that has not ended, a segment or another trait asks for it.',
  tag,
  scopes,
  params,
  answer: { 200: traitAnswer },
  refusals: [peopleRefusals.trait_not_found, peopleRefusals.trait_in_use],
  example: { ...path, answer: example },
})

export const traitEndpoints = [putTrait, listTraits, getTrait, deleteTrait] as const
