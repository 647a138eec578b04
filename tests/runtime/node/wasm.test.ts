import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { NodeStoreOptions } from '../../../src/runtime/node/open.ts'

const PATH = join(import.meta.dirname, '..', '..', '..', 'worker', 'sql-wasm.wasm')
const bytes = new Uint8Array(await readFile(PATH))
/** The smallest WebAssembly module there is. */
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)

// SQLite is loaded once per thread: each test has the modules anew.
let open: (options: NodeStoreOptions) => Promise<void>
beforeEach(async () => {
  vi.resetModules()
  const { openLearningStore } = await import('../../../src/runtime/node/open.ts')
  open = async (options) => (await openLearningStore({ storage: 'memory:', ...options })).close()
})

describe('a store takes SQLite as', () => {
  test.each([
    ['bytes', bytes],
    ['the bytes of a buffer', bytes.buffer],
    ['a compiled module', new WebAssembly.Module(bytes)],
    ['a path', PATH],
    ['a file URL', pathToFileURL(PATH)],
    ['the text of a file URL', pathToFileURL(PATH).href],
    ['a data URL', `data:application/wasm;base64,${Buffer.from(bytes).toString('base64')}`],
  ])('%s', async (_, wasm) => {
    await open({ wasm })
  })

  test('an http URL', async () => {
    const server = createServer((_, response) => response.end(bytes)).listen(0)
    try {
      await open({ wasm: `http://localhost:${(server.address() as AddressInfo).port}/sql-wasm.wasm` })
    } finally {
      server.close()
    }
  })
})

test.each([1, null, {}, [], '', 'https://'])('%j is no SQLite', async (wasm) => {
  const opening = open({ wasm: wasm as unknown as string })
  await expect(opening).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(/^Expected wasm to/),
  })
})

test.each([1, null, ''])('%j is no script of a worker thread', async (workerUrl) => {
  const opening = open({ workerUrl: workerUrl as unknown as string })
  await expect(opening).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(/^Expected workerUrl to/),
  })
})

test.each([
  ['a file that is not there', 'missing.wasm', /missing\.wasm was not read: Error: ENOENT/],
  ['a folder', import.meta.dirname, /was not read: Error: EISDIR/],
  ['a file of another kind', import.meta.filename, /wasm\.test\.ts is not a WebAssembly module/],
  ['no bytes', new Uint8Array(), /The value of `wasm` is not a WebAssembly module/],
])('%s is MODULE_LOAD_FAILED, and the next call may bring SQLite', async (_, wasm, message) => {
  await expect(open({ wasm })).rejects.toMatchObject({
    code: 'MODULE_LOAD_FAILED',
    message: expect.stringMatching(message),
  })
  await open({ wasm: bytes })
})

test('a module that is not SQLite is MODULE_LOAD_FAILED, for every later call of the thread', async () => {
  const refused = { code: 'MODULE_LOAD_FAILED', message: expect.stringContaining('SQLite did not start') }
  await expect(open({ wasm: EMPTY })).rejects.toMatchObject(refused)
  await expect(open({ wasm: bytes })).rejects.toMatchObject(refused)
})
