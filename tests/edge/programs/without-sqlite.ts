import { expect, test } from 'vitest'
import { durableObjectStorage } from '../../../src/persistence/durable-object/durable-object-storage.ts'
import { Session } from '../../persistence/session.ts'
import { durableObjectTests, inDurableObject, type ObjectClass } from '../durable-object-tests.ts'

export default inDurableObject

export const Tests: ObjectClass = durableObjectTests(({ storage }) => {
  test('A storage in a Durable Object without SQLite is UNSUPPORTED', async () => {
    const opening = Session.open(durableObjectStorage(storage))
    const message = expect.stringContaining('new_sqlite_classes')
    await expect(opening).rejects.toMatchObject({ code: 'UNSUPPORTED', message })
  })
})
