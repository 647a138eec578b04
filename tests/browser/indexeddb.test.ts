import { placeContract } from '../persistence/place-contract.ts'
import { indexedDbBench } from './indexeddb-bench.ts'

placeContract('A place in IndexedDB', indexedDbBench)
