// The program: the words of the command line in, an exit code out.
import { CommandFailed } from './command.ts'
import { run } from './run.ts'

let stop: AbortController | undefined

/** From the first look at it, a signal no longer ends the program but asks it to end; a second one ends it at once. */
const stopSignal = (): AbortSignal => {
  if (stop) return stop.signal
  const controller = new AbortController()
  stop = controller
  for (const [name, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(128 + number)
      controller.abort(new CommandFailed('Stopped before the end. Run it again to go on.'))
    })
  }
  return controller.signal
}

// Whoever reads may have seen enough: `tessera report | head -3`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

process.exitCode = await run(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  get stop() {
    return stopSignal()
  },
})
