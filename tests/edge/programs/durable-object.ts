import { placeContract } from '../../persistence/place-contract.ts'
import { durableObjectBench } from '../durable-object-bench.ts'
import { durableObjectRows } from '../durable-object-rows.ts'
import { durableObjectTests, inDurableObject, type ObjectClass } from '../durable-object-tests.ts'

export default inDurableObject

export const Tests: ObjectClass = durableObjectTests((state) => {
  placeContract('A place in a Durable Object', () => durableObjectBench(state.storage))
  durableObjectRows(state)
})
