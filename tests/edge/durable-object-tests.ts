import type { DurableObjectNamespace, DurableObjectState } from '@cloudflare/workers-types'
import { type Outcome, runTests } from './vitest-in-runtime.ts'

/** The class of a Durable Object. */
export type ObjectClass = new (state: DurableObjectState) => { fetch(): Promise<Response> }

/** The class `Tests` of a program: its object answers a request by running the tests that are registered with its state. */
export function durableObjectTests(register: (state: DurableObjectState) => void): ObjectClass {
  return class {
    readonly #state: DurableObjectState

    constructor(state: DurableObjectState) {
      this.#state = state
    }

    async fetch(): Promise<Response> {
      const outcomes: readonly Outcome[] = await runTests(() => register(this.#state))
      return Response.json(outcomes)
    }
  }
}

/** The default export of a program: hands every request to its one Durable Object. */
export const inDurableObject: { fetch(request: Request, env: { TESTS: DurableObjectNamespace }): Promise<unknown> } = {
  async fetch(request, { TESTS }) {
    return TESTS.get(TESTS.idFromName('tests')).fetch(request.url)
  },
}
