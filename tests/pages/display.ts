import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A screen that nobody sees, for a browser that asks for one. */
export class Display {
  readonly name: string
  readonly #process: ChildProcess

  private constructor(process: ChildProcess, name: string) {
    this.#process = process
    this.name = name
  }

  static async open(): Promise<Display> {
    const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '800x600x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    const pipe = xvfb.stdio[3]
    if (!pipe) throw new Error('Expected a pipe from Xvfb')
    const [number] = await Promise.race([once(pipe, 'data'), once(xvfb, 'exit').then(() => [undefined])])
    if (number === undefined) throw new Error('Expected Xvfb to open a display')
    return new Display(xvfb, `:${String(number).trim()}`)
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.kill()
    await ended
  }
}
