import { placeContract } from '../persistence/storage-contract.ts'
import { indexedDbBench } from './indexeddb-under-test.ts'

placeContract('A place in IndexedDB', indexedDbBench)
