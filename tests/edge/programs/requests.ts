import { kvStorage } from '../../../src/persistence/snapshot-only/key-value-storage.ts'
import { Session } from '../../persistence/session.ts'
import { type Bindings, durableObjectTests, type ObjectClass } from '../durable-object-tests.ts'

/** A worker that opens a store, adds to it and closes it within each request. */
const program: { fetch(request: Request, bindings: Bindings): Promise<Response> } = {
  async fetch(request, { KV }) {
    const session = await Session.open(kvStorage(KV))
    const sequence = session.model.sequence + 1
    session.model.apply({ sequence, statements: [{ sql: 'ADD', values: [new URL(request.url).pathname] }] })
    await session.replace()
    await session.close()
    return Response.json(session.items)
  },
}
export default program

/** `workerd` binds one. */
export const Tests: ObjectClass = durableObjectTests(() => {})
