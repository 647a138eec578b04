import type { DurableObjectState } from '@cloudflare/workers-types'
import { durableObjectStorage } from '../../../src/persistence/durable-object/durable-object-storage.ts'
import { Session } from '../../persistence/session.ts'
import { inDurableObject } from '../durable-object-tests.ts'

export default inDurableObject

/** An object that writes down what it is told: `append/VALUE`, `append-relaxed/VALUE`, `replace`, `items`, `abort`. */
export class Tests {
  readonly #state: DurableObjectState
  readonly #opening: Promise<Session>
  #turn: Promise<unknown> = Promise.resolve()

  constructor(state: DurableObjectState) {
    this.#state = state
    this.#opening = Session.open(durableObjectStorage(state.storage))
  }

  async fetch(request: Request): Promise<Response> {
    const [operation = '', value = ''] = new URL(request.url).pathname.slice(1).split('/')
    const session = await this.#opening
    if (operation === 'abort') this.#state.abort('evicted by the test')
    const work = async (): Promise<void> => {
      // The first operation that writes finds what the instance before left.
      if (session.stored.wantsSnapshot && session.model.sequence === 0) await session.replace()
      if (operation === 'append') await session.append([value], 'strict')
      if (operation === 'append-relaxed') await session.append([value])
      if (operation === 'replace') await session.replace()
    }
    this.#turn = this.#turn.then(work)
    await this.#turn
    return Response.json(session.items.filter((item) => item.startsWith('ADD ')).map((item) => item.slice(4)))
  }
}
