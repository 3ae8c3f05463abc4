import { z } from 'zod'
import { instant, pageOf, pageQuery } from '../core/kernel/schema.ts'
import { peopleRefusals } from '../core/people/refusals.ts'
import { identifierType, personId, personRef } from '../core/people/schema.ts'
import { ruleRefusals } from '../core/rules/refusals.ts'
import { segmentRefusals } from '../core/segments/refusals.ts'
import { explainedPart, segment, segmentCondition, segmentId, segmentInput } from '../core/segments/schema.ts'
import { defineEndpoint } from './endpoint.ts'
import { grantExample } from './grants.ts'
import { job, jobExample } from './jobs.ts'

const tag = 'Segments'
const scopes = ['admin', 'secret'] as const
const params = z.strictObject({ id: segmentId })
const path = { params: { id: 'regulars' } }
const when = "orders(30) >= 2 && ordersIn('store') == 0"

const example = {
  id: 'regulars',
  kind: 'live' as const,
  name: 'Regulars of the web shop',
  description: 'Twice in 30 days, and never in store',
  when,
  generation: 1,
  state: 'ready' as const,
  next: null,
  createdAt: '2026-03-01T08:00:00.000Z',
  updatedAt: '2026-03-01T08:00:00.000Z',
}
const listExample = { ...example, id: 'winners', kind: 'list' as const, name: 'Winners', description: '', when: null }

export const putSegment = defineEndpoint({
  name: 'putSegment',
  method: 'PUT',
  path: '/v1/segments/{id}',
  summary: 'Make or change a segment',
  description:
    'Another condition of a live segment finds its members anew, beside those that count, which go on counting until all are found; with ' +
    'them, those of the segments that ask for it. They then begin to count together. Being found makes no `Segment Entered`.',
  tag,
  scopes,
  params,
  body: segmentInput,
  answer: { 200: segment },
  refusals: [
    peopleRefusals.trait_not_found,
    ruleRefusals.condition_invalid,
    segmentRefusals.segment_not_found,
    segmentRefusals.segment_cycle,
    segmentRefusals.segment_kind_conflict,
  ],
  example: {
    ...path,
    body: { kind: 'live', name: example.name, description: example.description, when },
    answer: {
      ...example,
      when: null,
      generation: 0,
      state: 'building',
      next: { when, job: jobExample.id, done: 0, total: null },
    },
  },
})

export const listSegments = defineEndpoint({
  name: 'listSegments',
  method: 'GET',
  path: '/v1/segments',
  summary: 'Segments by id',
  tag,
  scopes,
  query: pageQuery,
  answer: { 200: pageOf(segment) },
  refusals: [],
  example: { query: { limit: 100 }, answer: { data: [example], nextCursor: null } },
})

export const getSegment = defineEndpoint({
  name: 'getSegment',
  method: 'GET',
  path: '/v1/segments/{id}',
  summary: 'A segment, and how many people are in it',
  tag,
  scopes,
  params,
  answer: {
    200: segment.extend({ size: z.int().meta({ description: 'People, counted now' }) }).meta({ id: 'SegmentWithSize' }),
  },
  refusals: [segmentRefusals.segment_not_found],
  example: { ...path, answer: { ...example, size: 1204 } },
})

export const deleteSegment = defineEndpoint({
  name: 'deleteSegment',
  method: 'DELETE',
  path: '/v1/segments/{id}',
  summary: 'Take a segment away',
  description: 'Refused while an offer that has not ended or another segment asks for it.',
  tag,
  scopes,
  params,
  answer: { 200: segment },
  refusals: [segmentRefusals.segment_not_found, segmentRefusals.segment_in_use],
  example: { ...path, answer: example },
})

const member = z
  .strictObject({
    person: personId,
    identifiers: z.array(identifierType).meta({ description: 'The types of identifiers she is known by' }),
    enteredAt: instant,
  })
  .meta({ id: 'SegmentMember' })

export const listSegmentPeople = defineEndpoint({
  name: 'listSegmentPeople',
  method: 'GET',
  path: '/v1/segments/{id}/people',
  summary: 'Who is in a segment',
  tag,
  scopes,
  params,
  query: pageQuery,
  answer: { 200: pageOf(member) },
  refusals: [segmentRefusals.segment_not_found],
  example: {
    ...path,
    query: { limit: 100 },
    answer: {
      data: [{ person: grantExample.person, identifiers: ['email'], enteredAt: '2026-03-01T08:00:00.000Z' }],
      nextCursor: null,
    },
  },
})

export const importSegmentPeople = defineEndpoint({
  name: 'importSegmentPeople',
  method: 'POST',
  path: '/v1/segments/{id}/people',
  summary: 'Replace the people of a list by a CSV file',
  description:
    'A column of identifiers as `type:value`, with or without a header, or a column for each type with the type as its header. Up to ' +
    '1,000,000 lines; who is not known yet becomes known. They count all at once when the file has been read, and where segments ' +
    'ask for the list when those have been found anew, without a `Segment Entered`; a line that cannot be taken is named and nobody on the list changes.',
  tag,
  scopes,
  params,
  streamBody: ['text/csv'],
  answer: { 200: segment },
  refusals: [segmentRefusals.segment_not_found, segmentRefusals.segment_kind_conflict],
  example: { params: { id: 'winners' }, answer: { ...listExample, generation: 2 } },
})

const refs = z.array(personRef).max(1000).default([])

export const changeSegmentPeople = defineEndpoint({
  name: 'changeSegmentPeople',
  method: 'PATCH',
  path: '/v1/segments/{id}/people',
  summary: 'Put people on a list, or take them off',
  description:
    'Counts at once, with `Segment Entered` and `Segment Left`. Taking off somebody who is not on it, or not known, changes nothing.',
  tag,
  scopes,
  params,
  body: z
    .strictObject({ add: refs, remove: refs })
    .refine(({ add, remove }) => add.length + remove.length > 0, { message: 'names nobody' })
    .meta({ id: 'SegmentPeopleChange' }),
  answer: {
    200: z.strictObject({ added: z.int(), removed: z.int() }).meta({ id: 'SegmentPeopleChanged' }),
  },
  refusals: [
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
    segmentRefusals.segment_not_found,
    segmentRefusals.segment_kind_conflict,
  ],
  example: {
    params: { id: 'winners' },
    body: { add: ['email:ana@example.com'], remove: [] },
    answer: { added: 1, removed: 0 },
  },
})

export const previewSegment = defineEndpoint({
  name: 'previewSegment',
  method: 'POST',
  path: '/v1/segments/preview',
  summary: 'Count whom a condition is true of, before it is saved',
  description:
    'Asks everybody, beside all other work. The job’s result has `count`, `of` (all people), `sample` (20 people picked at random, with the ' +
    'types of their identifiers) and `overlap` (how many of them are in each other segment).',
  tag,
  scopes,
  body: z.strictObject({ when: segmentCondition }).meta({ id: 'SegmentPreview' }),
  answer: { 202: job },
  refusals: [ruleRefusals.condition_invalid, segmentRefusals.segment_not_found],
  example: {
    body: { when },
    answer: {
      ...jobExample,
      kind: 'previewSegment',
      state: 'queued',
      done: 0,
      total: null,
      updatedAt: jobExample.createdAt,
    },
  },
})

export const explainSegment = defineEndpoint({
  name: 'explainSegment',
  method: 'POST',
  path: '/v1/segments/explain',
  summary: 'Why somebody is in a segment or not, condition by condition',
  description: 'Of a segment that is saved, or of a condition that may be.',
  tag,
  scopes,
  body: z
    .union([
      z.strictObject({ segment: segmentId, person: personRef }),
      z.strictObject({ when: segmentCondition, person: personRef }),
    ])
    .meta({ id: 'SegmentExplain' }),
  idempotent: false,
  answer: {
    200: z
      .strictObject({
        person: personId,
        in: z.boolean().meta({ description: 'Of a segment that is saved: whether she counts as a member' }),
        enteredAt: instant.nullable(),
        parts: z.array(explainedPart).meta({ description: 'The condition and its parts; empty for a list' }),
      })
      .meta({ id: 'SegmentExplained' }),
  },
  refusals: [
    ruleRefusals.condition_invalid,
    segmentRefusals.segment_not_found,
    peopleRefusals.identifier_invalid,
    peopleRefusals.person_not_found,
  ],
  example: {
    body: { segment: 'regulars', person: 'email:ana@example.com' },
    answer: {
      person: grantExample.person,
      in: false,
      enteredAt: null,
      parts: [
        { part: when, depth: 0, is: 'all', value: false },
        { part: 'orders(30) >= 2', depth: 1, is: 'part', value: false, reads: [{ what: 'orders(30)', value: 1 }] },
        {
          part: "ordersIn('store') == 0",
          depth: 1,
          is: 'part',
          value: true,
          reads: [{ what: "ordersIn('store')", value: 0 }],
        },
      ],
    },
  },
})

export const segmentEndpoints = [
  putSegment,
  listSegments,
  getSegment,
  deleteSegment,
  listSegmentPeople,
  importSegmentPeople,
  changeSegmentPeople,
  previewSegment,
  explainSegment,
] as const
