import { encrypted, newKey } from '../persistence/encryption/encrypted.ts'
import { storageContract } from '../persistence/storage-contract.ts'
import { indexedDbHarness } from './indexeddb-under-test.ts'

const key = await newKey()

storageContract('An encrypted storage in IndexedDB', async () => encrypted(await indexedDbHarness(), key))
