import { expect } from 'vitest'
import type { Answer, TestServer } from './server.ts'
import { type Browser, password, signIn, signInAs, tokenOf, visit } from './sign-in.ts'
import { signInCustomer } from './sign-in-customer.ts'

const nobody = `tm_${'0'.repeat(26)}`

/** How a team member or a customer who signs in meets each refusal that is hers: a part of the catalogue's test, which has one server. */
export const teamTriggers = (server: () => TestServer): Record<string, () => Promise<{ code: string }>> => {
  let made: Promise<Browser> | undefined
  const makeOperator = async (): Promise<Browser> => {
    const browser = await signInAs(server(), 'admin')
    await server().call('PATCH', `/v1/team/${browser.member}`, { operator: true })
    return browser
  }
  const operator = (): Promise<Browser> => (made ??= makeOperator())

  const problem = ({ status, headers, json }: Answer): { code: string } => {
    expect([status, headers.get('content-type')]).toEqual([json.status, expect.stringContaining('problem+json')])
    return json
  }
  const asAdmin = async (method: string, path: string, body?: unknown) =>
    problem(await (await operator()).call(method, path, body))
  const clerk = { email: 'kim@example.com', name: 'Kim', role: 'clerk' }

  return {
    role_forbidden: async () => problem(await (await signInAs(server(), 'clerk')).call('POST', '/v1/campaigns', {})),
    cross_site: async () => {
      const { call } = await signInAs(server(), 'marketer')
      return problem(await call('POST', '/v1/campaigns', { name: 'x' }, { origin: 'https://evil.example' }))
    },
    sign_in_failed: async () => problem(await signIn(server(), 'stranger@example.com')),
    sign_in_link_invalid: async () => {
      const body = { signInToken: `tsi_${'x'.repeat(43)}`, password }
      return problem(await visit(server(), 'POST', '/v1/session', body))
    },
    password_wrong: () => asAdmin('PUT', '/v1/session/password', { current: 'another one', password: 'a red kettle' }),
    password_too_weak: async () => {
      const { json } = await server().call('POST', '/v1/team', { ...clerk, email: 'weak@example.com' })
      const body = { signInToken: tokenOf(json.invitation.link), password: 'weak' }
      return problem(await visit(server(), 'POST', '/v1/session', body))
    },
    team_member_not_found: () => asAdmin('PATCH', `/v1/team/${nobody}`, { role: 'clerk' }),
    team_member_exists: async () => {
      await server().call('POST', '/v1/team', clerk)
      return asAdmin('POST', '/v1/team', clerk)
    },
    team_member_elsewhere: async () => {
      const { call } = await signInAs(server(), 'admin')
      return problem(await call('POST', `/v1/team/${(await operator()).member}/invitation`))
    },
    visit_refused: async () => {
      const { call, member } = await signInAs(server(), 'admin')
      return problem(await call('POST', `/v1/team/${member}/invitation?visit=true`))
    },
    last_admin: async () => {
      const workspace = { id: 'lonely', name: 'Lonely' }
      await server().call('POST', '/v1/workspaces', workspace)
      const { call, member } = await signInAs(server(), 'admin', workspace.id)
      return problem(await call('DELETE', `/v1/team/${member}`))
    },
    request_not_found: () => asAdmin('POST', `/v1/requests/rql_${'0'.repeat(26)}/replay`),
    request_not_kept: async () => {
      await server().call('GET', '/v1/people/email:nobody@example.com')
      const { data } = (await server().call('GET', '/v1/requests?call=getPerson')).json
      return asAdmin('POST', `/v1/requests/${data[0].id}/replay`)
    },
    wallet_code_wrong: async () => {
      const body = { address: 'guessed@example.com', code: '000000' }
      return problem(await visit(server(), 'POST', '/v1/wallet/session', body))
    },
    wallet_session_not_found: async () => {
      const { call } = await signInCustomer(server(), 'customer@example.com')
      return problem(await call('DELETE', `/v1/wallet/sessions/wse_${'0'.repeat(26)}`))
    },
    session_not_found: () => asAdmin('DELETE', `/v1/sessions/ses_${'0'.repeat(26)}`),
  }
}
