import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { ordinaryEnvironment } from './fresh-project.ts'

/** The server that comes with a tool, on a folder. */
export class ToolServer {
  readonly url: string
  readonly #process: ChildProcess

  private constructor(process: ChildProcess, url: string) {
    this.#process = process
    this.url = url
  }

  /** @param args a script of Node and what it takes besides the port. */
  static async start(folder: string, ...args: readonly string[]): Promise<ToolServer> {
    const port = String(await freePort())
    const server = spawn(process.execPath, [...args, '--port', port], {
      cwd: folder,
      // A standalone server of Next.js has no arguments.
      env: { ...ordinaryEnvironment(), PORT: port, HOSTNAME: 'localhost' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    server.stderr.on('data', (chunk) => {
      said += String(chunk)
    })
    for await (const line of createInterface({ input: server.stdout })) {
      said += `${line}\n`
      const [url] = /http:\/\/localhost:\d+/.exec(line) ?? []
      if (url) return new ToolServer(server, url)
    }
    throw new Error(`Expected ${args.join(' ')} to serve, got:\n${said}`)
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'exit')
    this.#process.kill()
    await ended
  }
}

/** Tools take 0 for their default port. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
