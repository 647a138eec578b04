import type { DurableObjectNamespace, DurableObjectState, KVNamespace } from '@cloudflare/workers-types'
import { type Outcome, runTests } from './vitest-in-runtime.ts'

/** What `workerd` binds. */
export interface Bindings {
  readonly TESTS: DurableObjectNamespace
  readonly KV: KVNamespace
}

/** The class of a Durable Object. */
export type ObjectClass = new (state: DurableObjectState, bindings: Bindings) => { fetch(): Promise<Response> }

/** The class `Tests` of a program: its object answers a request by running the tests that are registered with its state. */
export function durableObjectTests(register: (state: DurableObjectState, bindings: Bindings) => void): ObjectClass {
  return class {
    readonly #register: () => void

    constructor(state: DurableObjectState, bindings: Bindings) {
      this.#register = () => register(state, bindings)
    }

    async fetch(): Promise<Response> {
      const outcomes: readonly Outcome[] = await runTests(this.#register)
      return Response.json(outcomes)
    }
  }
}

/** The default export of a program: hands every request to its one Durable Object. */
export const inDurableObject: { fetch(request: Request, bindings: Bindings): Promise<unknown> } = {
  async fetch(request, { TESTS }) {
    return TESTS.get(TESTS.idFromName('tests')).fetch(request.url)
  },
}
