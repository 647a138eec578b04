import { storageContract } from '../persistence/storage-contract.ts'
import { indexedDbHarness } from './indexeddb-under-test.ts'

storageContract('A storage in IndexedDB', indexedDbHarness)
