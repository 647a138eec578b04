import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { OrderBook } from './order-book.ts'
import { Reports } from './reports.ts'

const TYPES: { readonly [extension: string]: string } = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** What the server does wrong. */
export interface Faults {
  /** Answers 200 and a page for the wasm file, as servers of single-page applications do for a path they do not know. */
  readonly wasmIsHtml?: boolean
  /** Answers 404 for the script of a worker. */
  readonly workerIsMissing?: boolean
  /** Sandboxes documents as `<iframe sandbox="allow-scripts">` does. */
  readonly isSandboxed?: boolean
  /** Refuses URLs of scripts that are plain strings. */
  readonly requiresTrustedTypes?: boolean
}

/**
 * Serves the built page on an origin that stays the same as long as the server lives, whatever browsers come and go.
 * Every response, a worker's own too, has the strictest content security policy that WebAssembly runs under.
 */
export class PageServer {
  readonly reports: Reports = new Reports()
  readonly orders: OrderBook = new OrderBook()
  faults: Faults = {}
  /** The paths that were asked for. */
  readonly asked: Set<string> = new Set()
  readonly #root: string
  readonly #policy: string
  readonly #server: Server

  private constructor(root: string, scripts: string) {
    this.#root = root
    const others = "worker-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'"
    this.#policy = `script-src 'self' 'wasm-unsafe-eval' ${scripts}; ${others}`
    this.#server = createServer((request, response) => void this.#answer(request, response))
  }

  /** @param scripts what the policy allows besides, as one writes it there. */
  static async start(root: string, scripts = ''): Promise<PageServer> {
    const server = new PageServer(root, scripts)
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get origin(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`
  }

  /** A page of another site, which has the page of this origin in a frame. */
  get framing(): string {
    return this.origin.replace('localhost', '127.0.0.1').concat('/framing.html')
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sandbox = this.faults.isSandboxed ? '; sandbox allow-scripts' : ''
    const trusted = this.faults.requiresTrustedTypes ? "; require-trusted-types-for 'script'" : ''
    response.setHeader('content-security-policy', this.#policy + sandbox + trusted)
    // As servers of packages do, and for a sandboxed document, which has no origin, not that of its modules either.
    response.setHeader('access-control-allow-origin', '*')
    const { pathname } = new URL(request.url ?? '/', this.origin)
    if (pathname === '/told') {
      this.reports.add(await textOf(request))
      response.end()
    } else if (pathname.startsWith('/orders/') && request.method === 'POST') {
      this.orders.answer(pathname, await textOf(request))
      response.end()
    } else if (pathname.startsWith('/orders/')) {
      response.setHeader('content-type', 'text/javascript')
      response.end(await this.orders.next(pathname))
    } else if (pathname === '/framing.html') {
      response.setHeader('content-type', 'text/html')
      response.end(`<!doctype html><iframe src="${this.origin}"></iframe>`)
    } else {
      await this.#serve(pathname, response)
    }
  }

  async #serve(pathname: string, response: ServerResponse): Promise<void> {
    this.asked.add(pathname)
    const isWrong = this.faults.wasmIsHtml && pathname.endsWith('.wasm')
    const isMissing = this.faults.workerIsMissing && /(shared|dedicated)[^/]*\.js$/.test(pathname)
    const file = isWrong || pathname === '/' ? '/index.html' : pathname
    try {
      if (isMissing) throw new Error('missing')
      const bytes = await readFile(join(this.#root, normalize(file)))
      response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
      response.end(bytes)
    } catch {
      response.statusCode = 404
      response.end()
    }
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
