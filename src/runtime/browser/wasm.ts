import { StoreError } from '../../errors.ts'

/** The first bytes of every WebAssembly module. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d]

/**
 * Fetches and compiles a WebAssembly module. Rejects with WORKER_LOST, whose message says what was received instead:
 * the store's thread cannot do its work without it.
 * @param url where it is; beside the workers unless given.
 */
export async function wasmModule(
  url: string | URL = new URL('../../../worker/sql-wasm.wasm', import.meta.url),
): Promise<WebAssembly.Module> {
  const response = await fetch(url).catch((cause: unknown) => {
    throw lost(`Expected to load ${url}, got no answer: ${cause}`, cause)
  })
  const bytes = await response.arrayBuffer().catch((cause: unknown) => {
    throw lost(`Expected to load ${url}, but the answer broke off: ${cause}`, cause)
  })
  const head = new Uint8Array(bytes, 0, Math.min(MAGIC.length, bytes.byteLength))
  if (!response.ok || MAGIC.some((byte, i) => head[i] !== byte)) {
    const type = response.headers.get('content-type') ?? 'no content type'
    const got = response.ok ? type : `${response.status} and ${type}`
    throw lost(`Expected a WebAssembly module, but the server answered ${got} for ${url}; set wasmUrl`)
  }
  return WebAssembly.compile(bytes).catch((cause: unknown) => {
    const remedy = "a content security policy must allow 'wasm-unsafe-eval', also in the worker's own response"
    throw lost(`Expected to compile ${url}: ${cause}; ${remedy}`, cause)
  })
}

function lost(message: string, cause?: unknown): StoreError {
  return new StoreError('WORKER_LOST', message, { cause })
}
