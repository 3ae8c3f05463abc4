import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto'
import type { Services } from './services.ts'

/** A workspace's key pair (Ed25519): what tills and wallets trust without asking. */
export type Signer = {
  /** 32 bytes, base64url. */
  readonly publicKey: string
  /** Of a text; base64url. */
  readonly sign: (text: string) => string
}

type KeyRow = { signing_key: string | null; signing_public: string | null }

/**
 * The key pair of each workspace, made when it is first needed and kept beside the workspace's secret. Whichever process makes it first, all
 * use that one.
 *
 *     (await signerOf('default')).publicKey   // 43 characters
 */
export const makeSigners = ({
  database,
  workspaces,
}: Pick<Services, 'database' | 'workspaces'>): ((workspaceId: string) => Promise<Signer>) => {
  const known = new Map<string, Signer>()
  return async workspaceId => {
    // A demo may end, and another workspace have its name.
    const name = `${workspaceId} ${workspaces.known(workspaceId).secret.toString('base64')}`
    const found = known.get(name)
    if (found) return found
    const read = async () =>
      (await database.query<KeyRow>('select signing_key, signing_public from workspaces where id = $1', [workspaceId]))
        .rows[0]!
    let row = await read()
    if (row.signing_key === null) {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519')
      await database.query(
        'update workspaces set signing_key = $2, signing_public = $3 where id = $1 and signing_key is null',
        [
          workspaceId,
          privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
          publicKey.export({ format: 'jwk' }).x!,
        ],
      )
      row = await read()
    }
    const key = createPrivateKey({ key: Buffer.from(row.signing_key!, 'base64'), format: 'der', type: 'pkcs8' })
    const signer: Signer = {
      publicKey: row.signing_public!,
      sign: text => sign(null, Buffer.from(text), key).toString('base64url'),
    }
    known.set(name, signer)
    return signer
  }
}

/** Whether a signature is that of a text by a key; what is no key signs nothing. */
export const isSignedBy = (publicKey: string, text: string, signature: string): boolean => {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' })
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** The keyed hash of a pack: HMAC-SHA256 by its own key, which the till has too. */
export const hmacOf = (key: string, text: string): string =>
  createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest('base64url')
