import { fileBench } from './file-bench.ts'
import { placeContract } from './place-contract.ts'

placeContract('A place in a file', fileBench)
