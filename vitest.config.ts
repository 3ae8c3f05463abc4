import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** By far the longest, the longest first. */
const longest = ['test/replay.test.ts', 'test/torture/torture.test.ts', 'test/bench.test.ts']

/** Begun last, as vitest would by their size, these would keep one worker busy long after the others have ended. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = longest.findIndex(name => moduleId.endsWith(name))
      return place < 0 ? longest.length : place
    }
    return (await super.sort(files)).sort((a, b) => placeOf(a) - placeOf(b))
  }
}

export default defineConfig({
  test: {
    include: ['{src,test,tools,bench,spec}/**/*.test.ts'],
    globalSetup: 'tools/vitest-setup.ts',
    sequence: { sequencer: LongestFirst },
    // Forks, because tests kill processes, start workers and set TZ; three, because a small machine has two cores and tests that wait for a
    // server's clock leave theirs idle half of the time.
    pool: 'forks',
    maxWorkers: 3,
    // Generous: a slow machine must not fail a right program. No test waits for a time, so a passing run never pays this.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    silent: 'passed-only',
  },
})
