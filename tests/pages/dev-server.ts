import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { ordinaryEnvironment, VITE } from './installed.ts'

/** Vite's development server on a folder, as `vite` starts it where nothing is configured. */
export class DevServer {
  readonly url: string
  readonly #process: ChildProcess

  private constructor(process: ChildProcess, url: string) {
    this.#process = process
    this.url = url
  }

  static async start(folder: string): Promise<DevServer> {
    // Any free port will do; `--port 0` takes the default one.
    const vite = spawn(process.execPath, [VITE, '--port', String(20_000 + (process.pid % 20_000))], {
      cwd: folder,
      env: { ...ordinaryEnvironment(), NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    vite.stderr.on('data', (chunk) => {
      said += String(chunk)
    })
    for await (const line of createInterface({ input: vite.stdout })) {
      said += `${line}\n`
      const [url] = /http:\/\/localhost:\d+\//.exec(line) ?? []
      if (url) return new DevServer(vite, url)
    }
    throw new Error(`Expected Vite to serve, got:\n${said}`)
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.kill()
    await ended
  }
}
