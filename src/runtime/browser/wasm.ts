import { StoreError } from '../../errors.ts'

/** The first bytes of every WebAssembly module. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d]

/**
 * Fetches and compiles a WebAssembly module. Rejects with WORKER_LOST, because a store's thread cannot work without it;
 * the message says what was received instead. @param url default: beside the workers
 */
export async function wasmModule(
  url: string | URL = new URL('../../../worker/sql-wasm.wasm', import.meta.url),
): Promise<WebAssembly.Module> {
  const response = await fetch(url).catch((cause: unknown) => {
    throw lost(`${url} could not be fetched: ${cause}`, cause)
  })
  const bytes = await response.arrayBuffer().catch((cause: unknown) => {
    throw lost(`The response for ${url} ended early: ${cause}`, cause)
  })
  const start = new Uint8Array(bytes, 0, Math.min(MAGIC.length, bytes.byteLength))
  if (!response.ok || MAGIC.some((byte, i) => start[i] !== byte)) {
    const type = response.headers.get('content-type') ?? 'no content type'
    const got = response.ok ? type : `${response.status} and ${type}`
    throw lost(`${url} is not a WebAssembly module: the server sent ${got}. Set \`wasmUrl\`.`)
  }
  return WebAssembly.compile(bytes).catch((cause: unknown) => {
    const remedy = "A content security policy must allow 'wasm-unsafe-eval', also in the worker's own response."
    throw lost(`${url} could not be compiled: ${cause}. ${remedy}`, cause)
  })
}

function lost(message: string, cause?: unknown): StoreError {
  return new StoreError('WORKER_LOST', message, { cause })
}
