import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { folder } from '../survival/environment.ts'
import type { Browser, Launch } from './browser.ts'
import { Chromium } from './chromium.ts'
import { PageServer } from './server.ts'

/** What one test plays on: an origin, a profile, and the browsers that were launched; nothing of it is left afterwards. */
export class Stage {
  readonly server: PageServer
  readonly profile: string
  readonly #folder: ReturnType<typeof folder>
  readonly #browsers: Browser[] = []

  private constructor(server: PageServer) {
    this.server = server
    this.#folder = folder()
    this.profile = join(this.#folder.path, 'profile')
  }

  /** @param site the folder that is served: the page with the installed package unless given. */
  static async set(site: string = join(inject('installed'), 'dist')): Promise<Stage> {
    return new Stage(await PageServer.start(site))
  }

  launch(profile?: string): Promise<Chromium> {
    return this.launchAs(Chromium.launch, profile)
  }

  async launchAs<B extends Browser>(launch: Launch<B>, profile: string = this.profile): Promise<B> {
    mkdirSync(join(profile, 'tmp'), { recursive: true })
    const browser = await launch(profile, this.server.orders)
    this.#browsers.push(browser)
    return browser
  }

  /** Closes all browsers as a person would. */
  async endAll(): Promise<void> {
    await Promise.all(this.#browsers.splice(0).map((browser) => browser.close()))
  }

  async clear(): Promise<void> {
    await Promise.all(this.#browsers.map((browser) => browser.kill()))
    await this.server.close()
    this.#folder.remove()
  }
}
