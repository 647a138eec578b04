import { storageContract } from '../../persistence/storage-contract.ts'
import { durableObjectRows } from '../durable-object-rows.ts'
import { durableObjectTests, inDurableObject, type ObjectClass } from '../durable-object-tests.ts'
import { durableObjectHarness } from '../durable-object-under-test.ts'

export default inDurableObject

export const Tests: ObjectClass = durableObjectTests((state) => {
  storageContract('A storage in a Durable Object', () => durableObjectHarness(state.storage))
  durableObjectRows(state)
})
