import {
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useContext } from 'react'
import { TesseraRefusal } from '../sdk/index.ts'
import { ApiContext } from './queries.ts'

/** Who is signed in, where, and what she may do. */
export type Session = {
  readonly id: string
  readonly member: { readonly id: string; readonly email: string; readonly name: string }
  readonly role: string
  readonly workspace: { readonly id: string; readonly name: string }
  readonly workspaces: readonly { readonly id: string; readonly name: string; readonly role: string }[]
  /** Names of the calls that her role may make here. */
  readonly permissions: readonly string[]
}

export type SignIn =
  | { readonly email: string; readonly password: string }
  | { readonly signInToken: string; readonly password: string; readonly email?: string; readonly name?: string }

export type SignInLink = {
  readonly kind: 'first' | 'invitation'
  readonly email: string | null
  readonly name: string | null
}

const request = async <T>(method: string, path: string, body?: unknown, workspace?: string): Promise<T> => {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(workspace === undefined ? {} : { 'tessera-workspace': workspace }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer = await response.json()
  if (!response.ok) throw new TesseraRefusal(response.status, answer)
  return answer
}

const sessionKey = (workspace: string | undefined) => [workspace, 'getSession', []]

/** Undefined while nobody is; `error` is told by isSignedOut where that is the reason. */
export const useSession = (): UseQueryResult<Session> => {
  const { workspace } = useContext(ApiContext)
  return useQuery({
    queryKey: sessionKey(workspace),
    queryFn: () => request<Session>('GET', '/v1/session', undefined, workspace),
    staleTime: 60_000,
  })
}

export const useSignIn = (): UseMutationResult<Session, Error, SignIn> => {
  const queries = useQueryClient()
  const { workspace } = useContext(ApiContext)
  return useMutation({
    mutationFn: (given: SignIn) => request<Session>('POST', '/v1/session', given),
    onSuccess: session => {
      queries.clear()
      queries.setQueryData(sessionKey(workspace), session)
    },
  })
}

export const useSignOut = (): UseMutationResult<unknown, Error, void> => {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => request('DELETE', '/v1/session'),
    onSuccess: () => queries.clear(),
  })
}

/** What a sign-in link is for, without using it. */
export const useSignInLink = (signInToken: string | undefined): UseQueryResult<SignInLink> =>
  useQuery({
    queryKey: ['signInLink', signInToken],
    queryFn: () => request<SignInLink>('POST', '/v1/session/link', { signInToken }),
    enabled: signInToken !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
