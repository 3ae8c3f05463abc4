import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The installation's key: what the environment says, else the one kept in `<folder>/admin-key`, made at first start and readable
 * by its owner only.
 */
export const adminKeyOf = async (
  folder: string,
  given: string | undefined,
  random: (bytes: number) => Uint8Array,
): Promise<{ readonly key: string; readonly file: string | undefined }> => {
  if (given !== undefined) return { key: given, file: undefined }
  // Nobody else on the machine may read what lies here.
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'admin-key')
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return ''
  })
  if (kept.trim() !== '') return { key: kept.trim(), file }
  const key = `ts_a_${Buffer.from(random(24)).toString('base64url')}`
  // Renamed into place, so that a crash never leaves half a key.
  await writeFile(`${file}.new`, `${key}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return { key, file }
}
