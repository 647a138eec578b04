import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type BrowserContext, chromium } from 'playwright'
import { build, type InlineConfig, type PreviewServer, preview } from 'vite'
import type { Times } from './contest.ts'
import type { BenchPage, Order } from './page.ts'

/** Clocks of pages that are cross-origin isolated count in 5 us, those of others in 100 us. */
const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }

/** The page as anybody would build it with Vite, in Debian's Chromium with a profile on the disk. */
export class Chromium {
  readonly version: string
  readonly #folder: string
  readonly #server: PreviewServer
  readonly #context: BrowserContext

  private constructor(folder: string, server: PreviewServer, context: BrowserContext) {
    this.#folder = folder
    this.#server = server
    this.#context = context
    this.version = context.browser()?.version() ?? 'unknown'
  }

  static async launch(): Promise<Chromium> {
    const folder = mkdtempSync(join(tmpdir(), 'learning-store-bench-'))
    try {
      const config = configOf(join(folder, 'page'))
      await build(config)
      // First, so that a browser that does not start leaves no server.
      const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
      })
      return new Chromium(folder, await preview(config), context)
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
  }

  /** In a page of its own, whose workers end with it. */
  async measure(order: Order): Promise<Times> {
    const tab = await this.#context.newPage()
    await tab.goto(this.#server.resolvedUrls?.local[0] ?? '')
    const times = await tab.evaluate((asked) => {
      const { bench } = globalThis as unknown as { readonly bench: BenchPage }
      if (!bench.isClockFine) throw new Error('Expected a page that is cross-origin isolated')
      return bench.measure(asked)
    }, order)
    await tab.close()
    return times
  }

  async close(): Promise<void> {
    await this.#context.close()
    await this.#server.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function configOf(outDir: string): InlineConfig {
  return {
    root: join('bench', 'browser'),
    configFile: false,
    logLevel: 'warn',
    // The build, from which a worker finds its script and its WebAssembly module.
    resolve: { alias: [{ find: /^(?:\.\.\/)+src\/(.*)\.ts$/, replacement: `${resolve('dist', 'src')}/$1.js` }] },
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2022', minify: false },
    preview: { host: 'localhost', port: 20_000 + (process.pid % 20_000), headers },
  }
}
