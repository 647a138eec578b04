import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserContext, type CDPSession, chromium, type Page as Tab } from 'playwright'
import { answerOf, type Browser, callOf, environmentIn, type Page, STEP_MS } from './browser.ts'
import { killGroup } from './processes.ts'

export interface ChromiumPage extends Page {
  readonly tab: Tab
}

/** Debian's Chromium by its own protocol (CDP), which can end a worker and limit the quota. */
export class Chromium implements Browser {
  readonly cdp: CDPSession
  readonly ended: Promise<unknown>
  readonly #context: BrowserContext
  readonly #group: number
  readonly #opened: Tab[] = []

  private constructor(context: BrowserContext, cdp: CDPSession, group: number) {
    this.#context = context
    this.ended = new Promise((resolve) => context.once('close', resolve))
    this.cdp = cdp
    this.#group = group
  }

  static launch(profile: string): Promise<Chromium> {
    return Chromium.#launch(profile)
  }

  /** Launches it with the experimental interface `document.modelContext`. */
  static launchWithWebMcp(profile: string): Promise<Chromium> {
    return Chromium.#launch(profile, '--enable-features=WebMCP')
  }

  /** Launches it with all cookies blocked, and with them all other storage. */
  static launchWithoutCookies(profile: string): Promise<Chromium> {
    setPreferences(profile, { default_content_setting_values: { cookies: 2 } })
    return Chromium.#launch(profile)
  }

  /** Launches it with storage denied to frames of other sites. */
  static launchWithoutThirdPartyCookies(profile: string): Promise<Chromium> {
    setPreferences(profile, { cookie_controls_mode: 1, block_third_party_cookies: true })
    return Chromium.#launch(profile)
  }

  static async #launch(profile: string, ...more: readonly string[]): Promise<Chromium> {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: '/usr/bin/chromium',
      env: environmentIn(profile),
      timeout: STEP_MS,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...more],
    })
    context.setDefaultTimeout(STEP_MS)
    const cdp = await context.browser()?.newBrowserCDPSession()
    if (!cdp) throw new Error('Expected Chromium to have a session of its protocol')
    const { processInfo } = await cdp.send('SystemInfo.getProcessInfo')
    const group = processInfo.find(({ type }) => type === 'browser')?.id
    if (!group) throw new Error('Expected Chromium to tell its process')
    return new Chromium(context, cdp, group)
  }

  async open(url: string): Promise<ChromiumPage> {
    const tab = await this.#context.newPage()
    this.#opened.push(tab)
    await tab.goto(url)
    return {
      tab,
      run: (work, ...args) => {
        // A page that has the tested one in a frame.
        const frame = tab.frames().at(-1) ?? tab
        const result = frame.evaluate(callOf(work, args)).then(answerOf)
        // When a page is killed, its calls reject, also those that the test does not wait for any more.
        result.catch(() => {})
        return result
      },
    }
  }

  /** Kills the running shared workers, and resolves with their number once they have ended. */
  async killSharedWorkers(): Promise<number> {
    const filter = [{ type: 'shared_worker' }]
    await this.cdp.send('Target.setDiscoverTargets', { discover: true, filter })
    const { targetInfos } = await this.cdp.send('Target.getTargets', { filter })
    for (const { targetId } of targetInfos) {
      const ended = new Promise<void>((resolve) => {
        const listener = (destroyed: { readonly targetId: string }): void => {
          if (destroyed.targetId !== targetId) return
          this.cdp.off('Target.targetDestroyed', listener)
          resolve()
        }
        this.cdp.on('Target.targetDestroyed', listener)
      })
      await this.cdp.send('Target.closeTarget', { targetId })
      await ended
    }
    return targetInfos.length
  }

  /** Pauses the running shared workers, and resolves with their number. */
  async pauseSharedWorkers(): Promise<number> {
    const { targetInfos } = await this.cdp.send('Target.getTargets', { filter: [{ type: 'shared_worker' }] })
    for (const { targetId } of targetInfos) {
      const { sessionId } = await this.cdp.send('Target.attachToTarget', { targetId })
      for (const [id, method] of ['Debugger.enable', 'Debugger.pause'].entries()) {
        await this.cdp.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) })
      }
    }
    return targetInfos.length
  }

  /** Closes the pages that were opened; the browser has one of its own. */
  async closePages(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((tab) => tab.close()))
  }

  async kill(): Promise<void> {
    await killGroup(this.#group)
    await this.ended
  }

  async close(): Promise<void> {
    await this.#context.close()
    await killGroup(this.#group)
  }
}

/** Sets preferences of a profile that no browser has used yet. */
function setPreferences(path: string, profile: object): void {
  mkdirSync(join(path, 'Default'), { recursive: true })
  writeFileSync(join(path, 'Default', 'Preferences'), JSON.stringify({ profile }))
}
