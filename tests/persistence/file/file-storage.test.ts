import { placeContract } from '../storage-contract.ts'
import { fileBench } from './file-under-test.ts'

placeContract('A place in a file', fileBench)
