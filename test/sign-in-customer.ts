import { expect } from 'vitest'
import type { Answer, TestServer } from './server.ts'
import { cookieOf, visit } from './sign-in.ts'

/** A customer's browser with her wallet, as the server meets it. */
export type Wallet = {
  readonly cookie: string
  readonly person: string
  readonly session: string
  readonly isNew: boolean
  readonly call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
}

/** The six digits of the last message to an address. */
export const codeOf = async (server: TestServer, address: string, workspace = 'default'): Promise<string> => {
  const { json } = await server.call('GET', `/v1/outbox?to=${encodeURIComponent(address)}`, undefined, {
    headers: { 'tessera-workspace': workspace },
  })
  return /\d{6}/.exec(json.data[0].text)![0]
}

export const askForCode = (server: TestServer, address: string, more: object = {}): Promise<Answer> =>
  visit(server, 'POST', '/v1/wallet/codes', { address, ...more })

export const walletOf = (server: TestServer, answer: Answer): Wallet => {
  expect([answer.status, answer.text]).toEqual([201, expect.stringContaining('per_')])
  const cookie = cookieOf(answer)
  return {
    cookie,
    person: answer.json.person,
    session: answer.json.id,
    isNew: answer.json.isNew,
    call: (method, path, body, headers = {}) =>
      visit(server, method, path, body, { cookie, origin: server.url, 'tessera-face': 'wallet', ...headers }),
  }
}

/** Through the outbox, as a customer would by her mail. */
export const signInCustomer = async (server: TestServer, address: string, workspace = 'default'): Promise<Wallet> => {
  expect((await askForCode(server, address, { workspace })).status).toBe(202)
  const code = await codeOf(server, address, workspace)
  return walletOf(server, await visit(server, 'POST', '/v1/wallet/session', { address, code, workspace }))
}
