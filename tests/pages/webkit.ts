import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, environmentIn, type Page } from './browser.ts'
import { Display } from './display.ts'
import type { OrderBook } from './order-book.ts'
import { killGroup } from './processes.ts'

const PROGRAM = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser'

/**
 * Debian's WebKitGTK. Under its WebDriver it keeps nothing: MiniBrowser's automation mode is a private session. So it runs
 * as people run it, and its pages ask the test's server what to do.
 */
export class WebKit implements Browser {
  readonly ended: Promise<unknown>
  readonly #profile: string
  readonly #orders: OrderBook
  readonly #display: Display
  #group = 0
  #end = (): void => {}
  #first: Page | undefined

  private constructor(profile: string, orders: OrderBook, display: Display) {
    this.#profile = profile
    this.#orders = orders
    this.#display = display
    this.ended = new Promise<void>((resolve) => {
      this.#end = resolve
    })
  }

  static async launch(profile: string, orders: OrderBook): Promise<WebKit> {
    return new WebKit(profile, orders, await Display.open())
  }

  async open(url: string): Promise<Page> {
    const name = randomUUID()
    const address = `${url}${url.includes('?') ? '&' : '?'}obey=${name}`
    const page: Page = {
      run: async (work, ...args) => {
        const answer = await Promise.race([this.#orders.order(name, work, args), this.ended])
        if (typeof answer !== 'string') throw new Error('Expected an answer of the page, but WebKit has ended')
        const { value, error } = JSON.parse(answer)
        if (error !== undefined) throw new Error(error)
        return value
      },
    }
    if (this.#first) await this.#first.run((address) => void window.open(address), address)
    else this.#start(address)
    this.#first ??= page
    return page
  }

  async kill(): Promise<void> {
    if (this.#group > 0) await killGroup(this.#group)
    await this.#display.close()
  }

  /** It has no gentler end that a test could ask for. */
  async close(): Promise<void> {
    await this.kill()
  }

  #start(address: string): void {
    const folders = Object.fromEntries(
      ['DATA', 'CACHE', 'CONFIG'].map((kind) => [`XDG_${kind}_HOME`, this.#folder(kind)]),
    )
    const child = spawn(PROGRAM, ['--javascript-can-open-windows-automatically=true', address], {
      detached: true,
      stdio: 'ignore',
      env: {
        ...environmentIn(this.#profile),
        ...folders,
        DISPLAY: this.#display.name,
        NO_AT_BRIDGE: '1',
        LIBGL_ALWAYS_SOFTWARE: '1',
      },
    })
    this.#group = child.pid ?? 0
    child.once('exit', this.#end)
  }

  #folder(kind: string): string {
    const path = join(this.#profile, kind.toLowerCase())
    mkdirSync(path, { recursive: true })
    return path
  }
}
