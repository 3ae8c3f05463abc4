/** The segments of a workspace as a batch asks them. */
export type LiveSegments = {
  readonly all: readonly LiveSegment[]
}

export type LiveSegment = {
  readonly id: string
  readonly kind: 'live' | 'list'
  /** The members that count. */
  readonly generation: number
}

export const noSegments: LiveSegments = { all: [] }
