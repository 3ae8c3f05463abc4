import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useContext } from 'react'
import { ApiContext } from '../../faces/queries.ts'

/** A key that was just made here: the server tells its secret once. */
export type MadeKey = { readonly id: string; readonly name: string; readonly key: string; readonly isPublic: boolean }

/** Remembered as long as this page stays open, and nowhere else, so that the quick start can fill it in. */
export const useMadeKey = (): readonly [MadeKey | undefined, (made: MadeKey) => void] => {
  const { workspace } = useContext(ApiContext)
  const queries = useQueryClient()
  const queryKey = [workspace, 'madeKey']
  const { data } = useQuery<MadeKey>({
    queryKey,
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  })
  return [data, made => queries.setQueryData(queryKey, made)]
}
