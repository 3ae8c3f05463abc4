import { expect } from 'vitest'
import type { Role } from '../src/core/team/roles.ts'
import type { Answer, TestServer } from './server.ts'

/** Browsers in which a team member is signed in, as the server meets them: a cookie, and an Origin with every call. */

export const password = 'a lantern in the harbour'

export type Browser = {
  readonly cookie: string
  readonly member: string
  readonly session: string
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
}

/** `tessera_session=tss_…` of an answer that set it. */
export const cookieOf = ({ headers }: Answer): string => headers.get('set-cookie')!.split(';')[0]!

export const tokenOf = (link: string): string => link.split('#token=')[1]!

/** Without a cookie and without a key. */
export const visit = (
  server: TestServer,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> => server.call(method, path, body, { key: '', headers })

/** The browser that got this answer of a sign-in. */
export const browserOf = (server: TestServer, answer: Answer): Browser => {
  expect([answer.status, answer.text]).toEqual([201, expect.stringContaining('permissions')])
  const cookie = cookieOf(answer)
  return {
    cookie,
    member: answer.json.member.id,
    session: answer.json.id,
    call: (method, path, body, headers = {}) =>
      visit(server, method, path, body, { cookie, origin: server.url, ...headers }),
  }
}

export const signIn = (server: TestServer, email: string, its = password): Promise<Answer> =>
  visit(server, 'POST', '/v1/session', { email, password: its })

/** The first one of an installation, by the link of its start: an operator. */
export const signInFirst = async (server: TestServer, email = 'olga@example.com'): Promise<Browser> => {
  const body = { signInToken: tokenOf(server.signInLink!), password, email, name: 'Olga' }
  return browserOf(server, await visit(server, 'POST', '/v1/session', body))
}

let members = 0

/** A new team member of a workspace, let in by her invitation. */
export const signInAs = async (server: TestServer, role: Role, workspace = 'default'): Promise<Browser> => {
  members += 1
  const body = { email: `${role}-${members}@example.com`, name: `A ${role}`, role }
  const { json } = await server.call('POST', '/v1/team', body, { headers: { 'tessera-workspace': workspace } })
  const signInToken = tokenOf(json.invitation.link)
  return browserOf(server, await visit(server, 'POST', '/v1/session', { signInToken, password }))
}
