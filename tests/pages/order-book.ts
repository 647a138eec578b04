import { EventEmitter, once } from 'node:events'

/** Calls for pages without a driver: such a page asks for one module after the other, and posts what came of each. */
export class OrderBook {
  readonly #modules = new Map<string, string>()
  readonly #count = new Map<string, number>()
  readonly #events = new EventEmitter().setMaxListeners(0)

  /** Resolves with the page's answer, as JSON. */
  async order(name: string, work: (...args: never[]) => unknown, args: readonly unknown[]): Promise<string> {
    const count = this.#count.get(name) ?? 0
    this.#count.set(name, count + 1)
    const path = `/orders/${name}/${count}`
    const answered = once(this.#events, path)
    this.#modules.set(`${path}.js`, `export default ${work}\nexport const args = ${JSON.stringify(args)}\n`)
    this.#events.emit(`${path}.js`)
    return String((await answered)[0])
  }

  answer(path: string, json: string): void {
    this.#events.emit(path, json)
  }

  /** The module at this path, once it is ordered. */
  async next(path: string): Promise<string> {
    while (!this.#modules.has(path)) await once(this.#events, path)
    return this.#modules.get(path) ?? ''
  }
}
