import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = join(import.meta.dirname, '..', '..')

/** A line and a character, from 0. */
interface Position {
  readonly line: number
  readonly character: number
}

interface Message {
  readonly id?: number | string
  readonly method?: string
  readonly result?: unknown
  readonly error?: unknown
}

/** What an editor shows of a file of this project. It asks the compiler's language server, as editors do. */
export class Editor implements AsyncDisposable {
  readonly #server: ChildProcess
  readonly #waiting = new Map<number, (message: Message) => void>()
  readonly #uri: string
  readonly #text: string
  #lastId = 0
  #received: Buffer = Buffer.alloc(0)

  private constructor(path: string, text: string) {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    this.#server = spawn(process.execPath, [tsc, '--lsp', '--stdio'], { cwd: root, stdio: ['pipe', 'pipe', 'ignore'] })
    this.#server.stdout?.on('data', (bytes: Buffer) => this.#take(bytes))
    this.#uri = pathToFileURL(join(root, path)).href
    this.#text = text
  }

  /** Opens a text as the file at `path`, which need not exist, in the project of that folder. */
  static async open(path: string, text: string): Promise<Editor> {
    const editor = new Editor(path, text)
    const hover = { contentFormat: ['plaintext'] }
    const capabilities = { textDocument: { hover, completion: { completionItem: {} } } }
    await editor.#request('initialize', { processId: process.pid, rootUri: pathToFileURL(root).href, capabilities })
    editor.#send({ method: 'initialized', params: {} })
    const textDocument = { uri: editor.#uri, languageId: 'typescript', version: 1, text }
    editor.#send({ method: 'textDocument/didOpen', params: { textDocument } })
    return editor
  }

  /** The text that is shown over a name. @param place a part of the text, with `|` before the name. */
  async hover(place: string): Promise<string> {
    const shown = (await this.#request('textDocument/hover', this.#at(place))) as {
      readonly contents: { readonly value: string } | string
    } | null
    const contents = shown?.contents ?? ''
    return typeof contents === 'string' ? contents : contents.value
  }

  /** The completions that are offered. @param place a part of the text, with `|` where they are. */
  async completions(place: string): Promise<string[]> {
    const offered = (await this.#request('textDocument/completion', this.#at(place))) as {
      readonly items: readonly { readonly label: string }[]
    } | null
    return (offered?.items ?? []).map(({ label }) => label)
  }

  /** The errors of the compiler, with all their lines. */
  async errors(): Promise<string[]> {
    const found = (await this.#request('textDocument/diagnostic', { textDocument: { uri: this.#uri } })) as {
      readonly items: readonly { readonly severity: number; readonly message: string }[]
    }
    return found.items.filter(({ severity }) => severity === 1).map(({ message }) => message)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = new Promise((resolve) => this.#server.once('exit', resolve))
    await this.#request('shutdown')
    this.#send({ method: 'exit' })
    await exited
  }

  #at(place: string): { readonly textDocument: { readonly uri: string }; readonly position: Position } {
    const [before = '', after = ''] = place.split('|')
    const start = this.#text.indexOf(before + after)
    if (start === -1) throw new Error(`Expected the text to contain ${JSON.stringify(before + after)}`)
    const lines = this.#text.slice(0, start + before.length).split('\n')
    const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 }
    return { textDocument: { uri: this.#uri }, position }
  }

  async #request(method: string, params?: unknown): Promise<unknown> {
    const id = ++this.#lastId
    const answered = new Promise<Message>((resolve) => this.#waiting.set(id, resolve))
    this.#send({ id, method, params })
    const { result, error } = await answered
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`)
    return result
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    this.#server.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }

  #take(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes])
    for (;;) {
      const end = this.#received.indexOf('\r\n\r\n')
      const [, length] = /Content-Length: (\d+)/.exec(this.#received.subarray(0, Math.max(0, end)).toString()) ?? []
      const next = end + 4 + Number(length)
      if (length === undefined || this.#received.length < next) return
      const message = JSON.parse(this.#received.subarray(end + 4, next).toString()) as Message
      this.#received = this.#received.subarray(next)
      // What the server asks of an editor is answered with nothing.
      if (message.method !== undefined && message.id !== undefined) this.#send({ id: message.id, result: null })
      else if (typeof message.id === 'number') this.#waiting.get(message.id)?.(message)
    }
  }
}
