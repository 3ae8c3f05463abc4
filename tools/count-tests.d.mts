type Check = { name: string; ok: boolean }
type Total = { passed: number; failed: number; skipped: number; noData: number; alsoFailed: string[] }
/** The part of vitest's JSON report that is read. */
type Report = {
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { status: string; ancestorTitles: string[] }[]
  }[]
}
export declare const count: (checks: readonly Check[], report: Report | undefined, vitestOk: boolean) => Total
export declare const lastLine: (total: Total) => string
