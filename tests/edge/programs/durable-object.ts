import { placeContract } from '../../persistence/storage-contract.ts'
import { durableObjectRows } from '../durable-object-rows.ts'
import { durableObjectTests, inDurableObject, type ObjectClass } from '../durable-object-tests.ts'
import { durableObjectBench } from '../durable-object-under-test.ts'

export default inDurableObject

export const Tests: ObjectClass = durableObjectTests((state) => {
  placeContract('A place in a Durable Object', () => durableObjectBench(state.storage))
  durableObjectRows(state)
})
