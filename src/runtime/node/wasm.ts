import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { invalid } from '../../checks.ts'
import { StoreError } from '../../errors.ts'
import type { WasmModule } from '../../sql/sql-js.ts'
import { isModule } from '../wasm-module.ts'
import { nodeUrl } from './node-url.ts'

/** SQLite's WebAssembly module: compiled, its bytes, or the path or URL of its file. */
export type WasmSource = WasmModule | Uint8Array | ArrayBuffer | string | URL

/** A source that can be sent to a worker thread: a module, bytes or a URL. */
export type SentWasm = object | string

const REMEDY =
  'If a bundler or a file tracer left the file out, pass `wasm`: the bytes, or the path or URL of a copy of learning-store/sql-wasm.wasm.'

/** Resolves a path where the caller is. @throws INVALID_ARGUMENT */
export function checkWasm(wasm: WasmSource | undefined): SentWasm | undefined {
  if (wasm === undefined) return undefined
  if (typeof wasm === 'string' || wasm instanceof URL) return nodeUrl(wasm, 'wasm').href
  if (isBytes(wasm) || isModule(wasm)) return wasm
  throw invalid('wasm', 'a compiled WebAssembly module, its bytes, or the path or URL of its file', wasm)
}

/** The SQLite module, by default from the file beside the workers. @throws MODULE_LOAD_FAILED */
export async function nodeWasm(given?: SentWasm): Promise<WasmModule> {
  if (given === undefined) return compiled(await ownBytes(), 'The file beside learning-store')
  if (typeof given === 'string') return compiled(await bytesAt(given), shown(given))
  return isBytes(given) ? compiled(given, 'The value of `wasm`') : given
}

function compiled(bytes: Uint8Array | ArrayBuffer, what: string): Promise<WasmModule> {
  return WebAssembly.compile(bytes as BufferSource).catch((cause: unknown) => {
    throw new StoreError('MODULE_LOAD_FAILED', `${what} is not a WebAssembly module: ${cause}. ${REMEDY}`, { cause })
  })
}

/** File tracers and bundlers follow this expression, if it is written as it is. */
async function ownBytes(): Promise<Uint8Array> {
  try {
    return await readFile(new URL('../../../worker/sql-wasm.wasm', import.meta.url))
  } catch (cause) {
    throw notRead('beside learning-store', cause)
  }
}

async function bytesAt(url: string): Promise<Uint8Array | ArrayBuffer> {
  try {
    if (url.startsWith('file:')) return await readFile(fileURLToPath(url))
    const response = await fetch(url)
    if (!response.ok) throw new Error(`the server sent ${response.status}`)
    return await response.arrayBuffer()
  } catch (cause) {
    throw notRead(`at ${shown(url)}`, cause)
  }
}

function notRead(where: string, cause: unknown): StoreError {
  return new StoreError('MODULE_LOAD_FAILED', `SQLite's module ${where} was not read: ${cause}. ${REMEDY}`, { cause })
}

function isBytes(value: unknown): value is Uint8Array | ArrayBuffer {
  return ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === '[object ArrayBuffer]'
}

/** The module itself may be in a data URL. */
function shown(url: string): string {
  return url.slice(0, 200)
}
