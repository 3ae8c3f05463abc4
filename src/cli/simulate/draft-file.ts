import { basename } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { validate } from '../../contract/validate.ts'
import type { InputError } from '../../core/kernel/refusal.ts'
import { programmeMistakes } from '../../core/loyalty/check-programme.ts'
import { type Programme, programmeId, programmeInput } from '../../core/loyalty/schema.ts'
import { collectionsOf } from '../../core/offers/live-offer.ts'
import { collectionId } from '../../core/offers/schema.ts'
import { draftId, draftMistakes, liveDrafts, offersGiven } from '../../core/simulation/drafts.ts'
import { type Draft, draft, mostDrafts } from '../../core/simulation/schema.ts'
import { CommandFailed } from '../command.ts'

export type DraftFile = {
  readonly drafts: readonly Draft[]
  /** SKUs by the collection's id. */
  readonly collections: ReadonlyMap<string, readonly string[]>
  /** By id. */
  readonly programmes: ReadonlyMap<string, Programme>
}

type Json = { readonly [key: string]: unknown }
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const fileShape = z.strictObject({
  offers: z.array(draft).min(1).max(mostDrafts),
  collections: z.record(collectionId, z.array(z.string().min(1).max(128))).default({}),
  programmes: z.record(programmeId, programmeInput).default({}),
})

/** Puts the ids that drafts have in the place of the names by which they are called in the file. */
const withIds = (offers: readonly unknown[]): unknown[] => {
  const ids = new Map<unknown, string>()
  for (const [index, offer] of offers.entries())
    if (isObject(offer) && typeof offer.id === 'string') ids.set(offer.id, draftId(index))
  const idOf = (name: unknown): unknown => ids.get(name) ?? name
  return offers.map(offer => {
    if (!isObject(offer)) return offer
    const { id: _id, benefit, stacking, ...rest } = offer
    return {
      ...rest,
      ...(benefit !== undefined && {
        benefit: isObject(benefit) && 'offer' in benefit ? { ...benefit, offer: idOf(benefit.offer) } : benefit,
      }),
      ...(stacking !== undefined && {
        stacking:
          isObject(stacking) && Array.isArray(stacking.combinesWith)
            ? { ...stacking, combinesWith: stacking.combinesWith.map(idOf) }
            : stacking,
      }),
    }
  })
}

/** Names of drafts to give that are in no draft of the file. */
const unknownNames = (offers: readonly unknown[]): InputError[] => {
  const names = offers.flatMap(offer => (isObject(offer) && typeof offer.id === 'string' ? [offer.id] : []))
  return offers.flatMap((offer, index) => {
    const named = isObject(offer) && isObject(offer.benefit) ? offer.benefit.offer : undefined
    if (typeof named !== 'string' || named.startsWith('off_') || names.includes(named)) return []
    const known = names.length > 0 ? `the ids here are ${names.join(', ')}` : 'no draft here has an id'
    return [{ pointer: `/offers/${index}/benefit/offer`, message: `is "${named}", the id of no draft: ${known}` }]
  })
}

/**
 * Reads drafts of offers from YAML or JSON: one offer, a list, or `offers:` with, beside it, `collections:` and `programmes:`. An offer may have an `id` of
 * the file's own, by which others in it name it. Throws with every mistake, its line, and what to do.
 *
 *     readDraftFile('draft.yaml', 'name: A tenth off\ntrigger: { on: basket }\nbenefit: { kind: percentOff, percent: 10 }')
 *     // { drafts: [one], collections: no }
 */
export const readDraftFile = (path: string, text: string): DraftFile => {
  const file = basename(path)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const unreadable = document.errors[0]
  if (unreadable) {
    const { line } = lines.linePos(unreadable.pos[0])
    throw new CommandFailed(`${file}, line ${line}: ${unreadable.message.split('\n')[0]?.replace(/ at line.*/, '')}`)
  }
  const root: unknown = document.toJS()
  const isList = Array.isArray(root)
  const isWhole = isObject(root) && 'offers' in root
  const given = isList ? { offers: root } : isWhole ? root : { offers: [root] }

  /** The line of what a pointer points to, or of what it lies in where it is missing. */
  const lineOf = (pointer: string): number => {
    const parts = pointer.split('/').slice(isWhole ? 1 : 2)
    const keys = (isList || isWhole ? parts : parts.slice(1)).map(part => (/^\d+$/.test(part) ? Number(part) : part))
    for (let length = keys.length; length > 0; length -= 1) {
      const node = document.getIn(keys.slice(0, length), true)
      const range = (node as { range?: readonly number[] } | undefined)?.range
      if (range) return lines.linePos(range[0]!).line
    }
    return 1
  }
  const fail = (mistakes: readonly InputError[]): never => {
    const named = (pointer: string) => (isWhole ? pointer : pointer.replace(isList ? /^\/offers/ : /^\/offers\/0/, ''))
    throw new CommandFailed(
      mistakes
        .map(({ pointer, message }) => `${file}, line ${lineOf(pointer)}: ${named(pointer) || 'the file'} ${message}`)
        .join('\n'),
    )
  }

  const unknown = unknownNames(Array.isArray(given.offers) ? given.offers : [])
  if (unknown.length > 0) return fail(unknown)
  const read = validate(
    fileShape,
    { ...given, ...(Array.isArray(given.offers) && { offers: withIds(given.offers) }) },
    'body',
  )
  if (!read.ok) return fail(read.errors)
  const { offers, collections, programmes } = read.value
  const ofProgrammes = Object.entries(programmes).flatMap(([id, terms]) =>
    programmeMistakes(terms).map(it => ({ ...it, pointer: `/programmes/${id}${it.pointer}` })),
  )
  const mistakes = [...draftMistakes(offers), ...ofProgrammes]
  if (mistakes.length > 0) return fail(mistakes)
  return {
    drafts: offers,
    collections: new Map(Object.entries(collections)),
    programmes: new Map(
      Object.entries(programmes).map(([id, terms]) => [id, { id, version: 1, state: 'live', terms }] as const),
    ),
  }
}

/** What orders of a file cannot do without: everything the drafts name must be in the file of drafts. */
export const checkWhole = (path: string, { drafts, collections, programmes }: DraftFile): void => {
  const file = basename(path)
  const collection = liveDrafts(drafts)
    .flatMap(collectionsOf)
    .find(id => !collections.has(id))
  if (collection !== undefined)
    throw new CommandFailed(
      `${file} says nothing of the collection "${collection}": add its SKUs under collections: ${collection}: […].`,
    )
  const programme = liveDrafts(drafts).find(
    it => it.programme !== undefined && !programmes.has(it.programme),
  )?.programme
  if (programme !== undefined)
    throw new CommandFailed(
      `${file} says nothing of the programme "${programme}": add its terms under programmes: ${programme}: { name: … }.`,
    )
  const own = new Set(drafts.map((_, index) => draftId(index)))
  const given = offersGiven(drafts).find(({ id }) => !own.has(id))
  if (given)
    throw new CommandFailed(
      `${file}: ${given.pointer} is ${given.id}; with orders of a file it names another draft's id.`,
    )
}
