import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * A program of this folder in a process of its own, so that what measures does not take time from what is measured. It
 * answers calls and ends with this process.
 *
 * @typedef {Awaited<ReturnType<typeof startProcess>>} Process
 * @param {string} file beside this one
 * @param {{ env?: Record<string, string>, args?: string[], execArgv?: string[] }} [options]
 */
export const startProcess = async (file, { env = {}, args = [], execArgv = [] } = {}) => {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    execArgv,
    serialization: 'advanced',
    stdio: ['ignore', 2, 2, 'ipc'],
  })
  /** @type {Promise<never>} */
  const ended = new Promise((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`${file} ended with ${signal ?? code}`)))
  })
  ended.catch(() => {}) // whoever waits for an answer hears of it
  const answer = () => new Promise(resolve => child.once('message', resolve))

  /**
   * One call at a time.
   * @param {string} name
   * @param {unknown} [input]
   */
  const ask = async (name, input) => {
    const answered = answer()
    child.send({ name, input })
    const { error, value } = await Promise.race([answered, ended])
    if (error !== undefined) throw new Error(`${file} ${name}: ${error}`)
    return value
  }
  await Promise.race([answer(), ended])
  return {
    ask,
    /** Lets the program end by itself. */
    stop: async () => {
      child.disconnect()
      await ended.catch(() => {})
    },
  }
}

/**
 * The other side: answers calls with these functions, until the process that started this one goes away.
 *
 * @param {Record<string, (input: any) => unknown>} calls
 * @param {() => unknown} close
 */
export const answerCalls = (calls, close) => {
  process.on('message', async message => {
    const { name, input } = /** @type {{ name: string, input: unknown }} */ (message)
    try {
      process.send?.({ value: await calls[name](input) })
    } catch (error) {
      process.send?.({ error: error instanceof Error ? error.stack : String(error) })
    }
  })
  process.once('disconnect', async () => {
    await close()
    process.exit()
  })
  process.send?.({ value: 'ready' })
}
