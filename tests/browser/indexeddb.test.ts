import { storageContract } from '../persistence/storage-contract.ts'
import { indexedDbBench } from './indexeddb-under-test.ts'

storageContract('A storage in IndexedDB', indexedDbBench)
