import type { Browser } from 'playwright-core'

export declare const findChromium: () => string | undefined
export declare const provideChromium: () => string
export declare const launchBrowser: () => Promise<Browser>
