import type { BenefitKind } from '../../../sdk/index.ts'

/** As much of JSON Schema as a form reads. */
export type Shape = {
  readonly type?: string
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly items?: Shape
  readonly anyOf?: readonly Shape[]
  readonly required?: readonly string[]
}

type Written = Shape & {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Shape>>
}

const resolved = (shape: Written | undefined, root: Written): Written | undefined =>
  shape?.$ref === undefined ? shape : root.$defs?.[shape.$ref.replace('#/$defs/', '')]

/**
 * The shape of a field of a benefit: `shapeOf(buyXGetY, 'get/percent')`. Undefined: it has none of that name.
 */
export const shapeOf = ({ schema }: BenefitKind, field: string): Shape | undefined => {
  const root: Written = schema
  return field.split('/').reduce<Written | undefined>((shape, step) => resolved(shape?.properties?.[step], root), root)
}

/** Whether a field takes CEL in the place of a number. */
export const takesCel = (shape: Shape | undefined): boolean => shape?.anyOf?.some(it => it.type === 'string') ?? false

/** Left out of a new benefit, though the example shows them. */
const refinements = new Set(['lines', 'max', 'upTo', 'times', 'maxUnits', 'each', 'pending', 'expiry', 'stock', 'cap'])

const plain = (value: unknown, currency: string): unknown => {
  if (Array.isArray(value)) return value.map(it => plain(it, currency))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !refinements.has(key))
      .map(([key, inner]) => [key, key === 'currency' ? currency : plain(inner, currency)]),
  )
}

/** A benefit to begin with: the kind's own first example without what refines it, in the currency of the workspace. */
export const firstOf = (kind: BenefitKind, currency: string): Record<string, unknown> & { readonly kind: string } => ({
  ...(plain(kind.examples[0] ?? {}, currency) as Record<string, unknown>),
  kind: kind.kind,
})
