import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/**
 * How hard a guess is: 2^15 × 8 × 128 bytes = 32 MB and three passes, as OWASP's cheat sheet on password storage ranks equal to its first
 * choice, which takes four times the memory. Raised here, old hashes are replaced as their owners sign in.
 */
const costOfToday = { log2N: 15, r: 8, p: 3 }
const hashBytes = 32
const saltBytes = 16

/** Each takes 32 MB and a thread for a quarter of a second: more than this at once would starve the rest. */
const mostAtOnce = 2
const mostWaiting = 32

export type PasswordCost = typeof costOfToday

const deriveByScrypt = (password: string, salt: Buffer, { log2N, r, p }: PasswordCost): Promise<Buffer> => {
  const options: ScryptOptions = { N: 2 ** log2N, r, p, maxmem: 2 * 128 * 2 ** log2N * r }
  return new Promise((resolve, reject) =>
    scrypt(password, salt, hashBytes, options, (error, hash) => (error ? reject(error) : resolve(hash))),
  )
}

const shape = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]+=*)$/

const written = ({ log2N, r, p }: PasswordCost, salt: Buffer, hash: Buffer): string =>
  `$scrypt$ln=${log2N},r=${r},p=${p}$${salt.toString('base64')}$${hash.toString('base64')}`

export type PasswordHashes = {
  /** A hash that says how it was made: `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`. */
  hash(password: string): Promise<string>
  /**
   * Whether the password is the one that was hashed; with `stored` undefined it is not, after the same work. `outdated`: hashed with
   * less work than is done today, so worth hashing again.
   */
  verify(password: string, stored: string | undefined): Promise<{ readonly fits: boolean; readonly outdated: boolean }>
  /** Whether so many wait that another would wait too long. */
  isBusy(): boolean
}

/**
 * Hashes passwords with scrypt, a few at a time.
 *
 *     const hashes = makePasswordHashes()
 *     await hashes.verify('till at the corner', await hashes.hash('till at the corner'))   // { fits: true, outdated: false }
 */
export const makePasswordHashes = (
  cost: PasswordCost = costOfToday,
  derive: typeof deriveByScrypt = deriveByScrypt,
): PasswordHashes => {
  let running = 0
  const waiting: (() => void)[] = []

  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= mostAtOnce) await new Promise<void>(resolve => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      // Whoever waits takes the place over.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }

  // Nobody's: what a password is held against where there is no other.
  const decoy = written(cost, randomBytes(saltBytes), randomBytes(hashBytes))

  return {
    hash: password =>
      inTurn(async () => {
        const salt = randomBytes(saltBytes)
        return written(cost, salt, await derive(password, salt, cost))
      }),
    verify: (password, stored) =>
      inTurn(async () => {
        const parts = shape.exec(stored ?? decoy)
        if (!parts) throw new Error('a stored password hash cannot be read')
        const [log2N, r, p] = parts.slice(1, 4).map(Number) as [number, number, number]
        const [salt, hash] = parts.slice(4).map(text => Buffer.from(text, 'base64')) as [Buffer, Buffer]
        const same = timingSafeEqual(await derive(password, salt, { log2N, r, p }), hash)
        const work = 2 ** log2N * r * p
        return { fits: same && stored !== undefined, outdated: work < 2 ** cost.log2N * cost.r * cost.p }
      }),
    isBusy: () => waiting.length >= mostWaiting,
  }
}
