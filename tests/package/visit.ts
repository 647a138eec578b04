import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Chromium } from '../pages/chromium.ts'
import { folder } from '../survival/environment.ts'

/** What the page learned, and where its store ran. */
export interface LearnResult {
  readonly host: string
  readonly experiences: number
  readonly advised: string
  readonly exported: boolean
}

declare global {
  var learn: (options: { readonly worker?: false }) => Promise<LearnResult>
}

/** What it comes to when a page learns in the shared worker that it finds by itself, and then once more in its own thread. */
export const LEARNED: readonly LearnResult[] = [
  { host: 'shared-worker', experiences: 1, advised: 'go', exported: true },
  { host: 'local', experiences: 2, advised: 'go', exported: true },
]

/** Opens the page in a new browser and lets it learn. */
export async function learnedAt(url: string): Promise<readonly LearnResult[]> {
  const { path, remove } = folder()
  mkdirSync(join(path, 'tmp'))
  const browser = await Chromium.launch(path)
  try {
    const { tab, run } = await browser.open(url)
    await tab.waitForFunction(() => 'learn' in globalThis)
    return [await run(() => learn({})), await run(() => learn({ worker: false }))]
  } finally {
    await browser.close()
    remove()
  }
}
