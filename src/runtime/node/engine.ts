import type { Engine } from '../../sql/engine.ts'
import { sharedEngine } from '../shared-engine.ts'
import { nodeWasm, type SentWasm } from './wasm.ts'

/** SQLite, loaded once per thread: the first caller's module serves all. @throws MODULE_LOAD_FAILED */
export const nodeEngine: (wasm?: SentWasm) => Promise<Engine> = /* @__PURE__ */ sharedEngine(nodeWasm)
