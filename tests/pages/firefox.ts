import { rmSync } from 'node:fs'
import { join } from 'node:path'
import puppeteer, { type Browser as Driven } from 'puppeteer-core'
import { answerOf, type Browser, callOf, environmentIn, type Page, STEP_MS } from './browser.ts'
import { killGroup } from './processes.ts'

/** Debian's Firefox by WebDriver BiDi. */
export class Firefox implements Browser {
  readonly ended: Promise<unknown>
  readonly #browser: Driven
  readonly #group: number

  private constructor(browser: Driven, group: number) {
    this.#browser = browser
    this.#group = group
    this.ended = new Promise((resolve) => browser.once('disconnected', resolve))
  }

  static launch(profile: string): Promise<Firefox> {
    return Firefox.#launch(profile)
  }

  /** Launches it with all cookies blocked, and with them all other storage. */
  static launchWithoutCookies(profile: string): Promise<Firefox> {
    return Firefox.#launch(profile, { 'network.cookie.cookieBehavior': 2 })
  }

  static async #launch(profile: string, extraPrefsFirefox: { [name: string]: unknown } = {}): Promise<Firefox> {
    // Puppeteer would put them back when Firefox has ended, and meet the next launch on it.
    for (const preferences of ['user.js', 'prefs.js']) rmSync(join(profile, preferences), { force: true })
    const browser = await puppeteer.launch({
      browser: 'firefox',
      protocol: 'webDriverBiDi',
      executablePath: '/usr/bin/firefox-esr',
      headless: true,
      extraPrefsFirefox,
      userDataDir: profile,
      env: environmentIn(profile),
      timeout: STEP_MS,
    })
    const group = browser.process()?.pid
    if (!group) throw new Error('Expected Firefox to have a process')
    return new Firefox(browser, group)
  }

  async open(url: string): Promise<Page> {
    const tab = await this.#browser.newPage()
    tab.setDefaultTimeout(STEP_MS)
    await tab.goto(url)
    return { run: async (work, ...args) => answerOf(await tab.evaluate(callOf(work, args))) }
  }

  async kill(): Promise<void> {
    await killGroup(this.#group)
    await this.#browser.disconnect()
  }

  async close(): Promise<void> {
    await this.#browser.close()
    await killGroup(this.#group)
  }
}
