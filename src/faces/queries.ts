import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { ListPage } from '../sdk/call.ts'
import { type AnswerOf, type Api, type ArgumentsOf, type CallName, call, createApi, type ListName } from './api.ts'

/** The API with the workspace that the reader has chosen. */
export const ApiContext = createContext<{ readonly api: Api; readonly workspace: string | undefined }>({
  api: createApi(),
  workspace: undefined,
})

export const useApi = (): Api => useContext(ApiContext).api

type Options<A> = {
  readonly enabled?: boolean
  /** How long until it is asked again; false ends that. */
  readonly refetchIntervalMs?: number | ((answer: A | undefined) => number | false)
  readonly staleMs?: number
}

/**
 * What a call answers, fetched once for all who ask, and again when it may have changed.
 *
 *     const offer = useCall('getOffer', [id])   // { data, error, isPending, refetch, … }
 */
export const useCall = <K extends CallName>(
  name: K,
  args: ArgumentsOf<K>,
  { enabled = true, refetchIntervalMs, staleMs }: Options<AnswerOf<K>> = {},
): UseQueryResult<AnswerOf<K>> => {
  const { api, workspace } = useContext(ApiContext)
  return useQuery({
    queryKey: [workspace, name, args],
    queryFn: ({ signal }) => call(api, name, args, { signal }),
    enabled,
    refetchInterval: ({ state }) =>
      typeof refetchIntervalMs === 'function' ? refetchIntervalMs(state.data) : (refetchIntervalMs ?? false),
    ...(staleMs === undefined ? {} : { staleTime: staleMs }),
  })
}

/**
 * A list, page after page.
 *
 *     const offers = useList('listOffers', [{ state: 'live' }])   // { data: { pages }, fetchNextPage, hasNextPage, … }
 */
export const useList = <K extends ListName>(
  name: K,
  args: ArgumentsOf<K>,
  { enabled = true }: { readonly enabled?: boolean } = {},
): UseInfiniteQueryResult<InfiniteData<AnswerOf<K>>> => {
  const { api, workspace } = useContext(ApiContext)
  return useInfiniteQuery({
    queryKey: [workspace, name, args],
    queryFn: ({ signal, pageParam }) => call(api, name, args, { signal, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => (page as ListPage<unknown>).nextCursor ?? undefined,
    enabled,
  })
}

/**
 * A call that changes something; what was read by the calls `changes` is read again after it.
 *
 *     const update = useChange('updateOffer', ['getOffer', 'listOffers'])
 *     await update.mutateAsync([id, { state: 'paused' }])
 */
export const useChange = <K extends CallName>(
  name: K,
  changes: readonly CallName[],
): UseMutationResult<AnswerOf<K>, Error, ArgumentsOf<K>> => {
  const { api } = useContext(ApiContext)
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (args: ArgumentsOf<K>) => call(api, name, args),
    onSuccess: () =>
      queries.invalidateQueries({ predicate: ({ queryKey }) => changes.includes(queryKey[1] as CallName) }),
  })
}
