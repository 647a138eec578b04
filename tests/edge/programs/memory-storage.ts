import { memoryBench, memoryCannot } from '../../persistence/memory/memory-under-test.ts'
import { placeContract } from '../../persistence/storage-contract.ts'
import { durableObjectTests, inDurableObject, type ObjectClass } from '../durable-object-tests.ts'

export default inDurableObject

export const Tests: ObjectClass = durableObjectTests(() => {
  placeContract('A place in memory', memoryBench, memoryCannot)
})
