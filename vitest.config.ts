import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{src,test,tools,bench,spec}/**/*.test.ts'],
    globalSetup: 'tools/vitest-setup.ts',
    // Forks, because tests kill processes, start workers and set TZ; two, because a small machine has two cores.
    pool: 'forks',
    maxWorkers: 2,
    // Generous: a slow machine must not fail a right program. No test waits for a time, so a passing run never pays this.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    silent: 'passed-only',
  },
})
