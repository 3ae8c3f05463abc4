import {
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useContext } from 'react'
import type { SignedIn, SignIn, SignInLink } from '../sdk/index.ts'
import type { CallName } from './api.ts'
import { ApiContext, useApi, useCall } from './queries.ts'

/** Who is signed in, where, and what she may do; `error` is told by isSignedOut while nobody is. */
export const useSession = (): UseQueryResult<SignedIn> => useCall('getSession', [], { staleMs: 60_000 })

/**
 * Whether the reader's role may make a call, so that no button is shown that the server would refuse. False until it is known.
 *
 *     const may = useMay()
 *     may('updateOffer')   // true for a marketer
 */
export const useMay = (): ((name: CallName) => boolean) => {
  const { data } = useSession()
  return name => data?.permissions.includes(name) ?? false
}

export const useSignIn = (): UseMutationResult<SignedIn, Error, SignIn> => {
  const queries = useQueryClient()
  const { api, workspace } = useContext(ApiContext)
  return useMutation({
    mutationFn: (given: SignIn) => api.createSession(given),
    onSuccess: session => {
      queries.clear()
      queries.setQueryData([workspace, 'getSession', []], session)
    },
  })
}

export const useSignOut = (): UseMutationResult<unknown, Error, void> => {
  const queries = useQueryClient()
  const api = useApi()
  return useMutation({
    mutationFn: () => api.endSession(),
    // What she has seen is not for whoever sits down next.
    onSuccess: () => queries.resetQueries(),
  })
}

/** What a sign-in link is for, without using it. */
export const useSignInLink = (signInToken: string): UseQueryResult<SignInLink> => {
  const api = useApi()
  return useQuery({
    queryKey: ['signInLink', signInToken],
    queryFn: () => api.lookAtSignInLink({ signInToken }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}
