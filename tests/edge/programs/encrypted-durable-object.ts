import { encrypted, newKey } from '../../persistence/encryption/encrypted.ts'
import { storageContract } from '../../persistence/storage-contract.ts'
import { durableObjectTests, inDurableObject, type ObjectClass } from '../durable-object-tests.ts'
import { durableObjectHarness } from '../durable-object-under-test.ts'

export default inDurableObject

export const Tests: ObjectClass = durableObjectTests((state) => {
  storageContract('An encrypted storage in a Durable Object', async () =>
    encrypted(await durableObjectHarness(state.storage), await newKey()),
  )
})
