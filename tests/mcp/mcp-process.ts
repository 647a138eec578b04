import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'src', 'cli', 'main.js')

/** A server of the command line in a process of its own. */
export interface HttpProcess {
  readonly url: string
  /** The token that it made, undefined if it made none. */
  readonly token: string | undefined
  readonly child: ChildProcess
  /** Asks it to stop. @returns its exit code */
  stop(): Promise<number | null>
}

/** Starts `learning-store mcp --http 0`, and resolves when it listens. */
export async function startHttp(
  path: string,
  env: NodeJS.ProcessEnv = {},
  ...options: readonly string[]
): Promise<HttpProcess> {
  const args = [MAIN, 'mcp', '--http', '0', '--storage', `file:${path}`, ...options]
  const child = spawn(process.execPath, args, {
    env: { ...getDefaultEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let printed = ''
  for await (const text of child.stdout) {
    printed += text
    if (printed.endsWith('\n')) break
  }
  const [url, token] = [/http:\S+/.exec(printed)?.[0], /Bearer (\S+)/.exec(printed)?.[1]]
  if (!url) throw new Error(`The server ended with ${(await ended)[0]}`)
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM')
    return (await ended)[0] as number | null
  }
  return { url, token, child, stop }
}

/** A client of a server at a URL. */
export function connectHttp(url: string, token?: string): Promise<Client> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }) as Transport)
}

/** A client of `learning-store mcp`, which it starts. */
export function connectStdio(path: string, ...options: readonly string[]): Promise<Client> {
  const args = [MAIN, 'mcp', '--storage', `file:${path}`, ...options]
  return connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'inherit' }))
}

/** A client connected by a transport. */
export async function connect(transport: Transport): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  await client.connect(transport)
  return client
}
