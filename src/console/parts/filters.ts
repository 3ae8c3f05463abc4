import { useNavigate, useSearch } from '@tanstack/react-router'

/** Reads one part of the address; undefined where it is not there, or is nothing that this page knows. */
export type Reader<T> = (raw: string) => T | undefined

export const text: Reader<string> = raw => raw || undefined

export const oneOf =
  <const T extends string>(values: readonly T[]): Reader<T> =>
  raw =>
    values.find(value => value === raw)

export const whole: Reader<number> = raw => (/^-?\d{1,15}$/.test(raw) ? Number(raw) : undefined)

/** `a,b`; order and repetition do not matter. */
export const several =
  <const T extends string>(values: readonly T[]): Reader<readonly T[]> =>
  raw => {
    const given = raw.split(',')
    const found = values.filter(value => given.includes(value))
    return found.length > 0 ? found : undefined
  }

type Readers = Record<string, Reader<unknown>>
type Values<R extends Readers> = { readonly [K in keyof R]: ReturnType<R[K]> }

/** Whatever the address says: what no reader understands is left out. */
export const readFilters = <R extends Readers>(readers: R, search: Record<string, unknown>): Values<R> =>
  Object.fromEntries(
    Object.entries(readers).map(([name, read]) => {
      const raw = search[name]
      return [name, typeof raw === 'string' ? read(raw) : undefined]
    }),
  ) as Values<R>

const written = (value: unknown): string | undefined =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0) ? undefined : String(value)

/**
 * Filters that live in the address, so that a link shows the same to whoever follows it, and back goes back.
 *
 *     const [filters, setFilters] = useFilters({ state: oneOf(['live', 'paused']), search: text })
 *     setFilters({ state: 'paused' })   // …?state=paused
 */
export const useFilters = <R extends Readers>(
  readers: R,
): readonly [Values<R>, (changes: Partial<Values<R>>, options?: { readonly replace?: boolean }) => void] => {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const set = (changes: Partial<Values<R>>, { replace = false } = {}): void => {
    const given = Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, written(value)]))
    void navigate({ to: '.', search: { ...search, ...given }, replace, resetScroll: false })
  }
  return [readFilters(readers, search), set]
}

/** Addresses hold plain text: `?state=live`, not the JSON that the router would write. */
export const parseSearch = (search: string): Record<string, string> => Object.fromEntries(new URLSearchParams(search))

export const stringifySearch = (search: Record<string, unknown>): string => {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) if (value !== undefined) params.set(name, String(value))
  return params.size > 0 ? `?${params}` : ''
}
