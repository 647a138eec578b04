import { placeContract } from '../../persistence/place-contract.ts'
import { durableObjectBench } from '../durable-object-bench.ts'
import { durableObjectTests, inDurableObject, type ObjectClass } from '../durable-object-tests.ts'

export default inDurableObject

export const Tests: ObjectClass = durableObjectTests(({ storage }) => {
  placeContract('A place in a Durable Object', () => durableObjectBench(storage))
})
