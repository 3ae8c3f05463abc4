import pino from 'pino'
import { expect, it, vi } from 'vitest'
import { createTimers } from './timers.ts'

const silent = pino({ level: 'silent' })

/** A promise that a test resolves, and how often it was asked for. */
const gate = () => {
  let open: () => void = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open }
}

it('runs again and again, never two at a time', async () => {
  const timers = createTimers(silent)
  let [running, most, runs] = [0, 0, 0]
  timers.every(0, 'job', async () => {
    most = Math.max(most, ++running)
    await new Promise(resolve => setImmediate(resolve))
    running -= 1
    runs += 1
  })
  await vi.waitFor(() => expect(runs).toBeGreaterThan(3))
  await timers.stop()
  expect(most).toBe(1)
})

it('goes on after an error, which it logs without the values in it', async () => {
  const lines: string[] = []
  const timers = createTimers(pino({ base: undefined }, { write: line => lines.push(line) }))
  let runs = 0
  timers.every(0, 'sweep', async () => {
    runs += 1
    throw Object.assign(new Error('value "ana@example.com" is odd'), { severity: 'ERROR', code: '22P02' })
  })
  await vi.waitFor(() => expect(runs).toBeGreaterThan(1))
  await timers.stop()
  expect(JSON.parse(lines[0]!)).toMatchObject({ timer: 'sweep', error: { code: '22P02' } })
  expect(lines.join()).not.toContain('ana@example.com')
})

it('waits for what is running when it stops, tells it so, and starts nothing more', async () => {
  const timers = createTimers(silent)
  const { opened, open } = gate()
  const started = gate()
  let [runs, ended, wasTold] = [0, false, false]
  timers.every(0, 'long', async signal => {
    runs += 1
    started.open()
    await opened
    wasTold = signal.aborted
    ended = true
  })
  await started.opened
  let hasStopped = false
  const stopped = timers.stop().then(() => {
    hasStopped = true
  })
  await new Promise(resolve => setImmediate(resolve))
  expect(hasStopped).toBe(false)
  open()
  await stopped
  expect([runs, ended, wasTold]).toEqual([1, true, true])
})
