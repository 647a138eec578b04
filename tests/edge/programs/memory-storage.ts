import { memoryHarness, memoryLimitations } from '../../persistence/memory/memory-under-test.ts'
import { storageContract } from '../../persistence/storage-contract.ts'
import { durableObjectTests, inDurableObject, type ObjectClass } from '../durable-object-tests.ts'

export default inDurableObject

export const Tests: ObjectClass = durableObjectTests(() => {
  storageContract('A storage in memory', memoryHarness, memoryLimitations)
})
