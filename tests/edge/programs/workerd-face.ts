import { durableObjectTests, inDurableObject, type ObjectClass } from '../durable-object-tests.ts'
import { faceContracts } from './face-contracts.ts'

export default inDurableObject

export const Tests: ObjectClass = durableObjectTests(faceContracts)
