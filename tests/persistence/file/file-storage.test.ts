import { storageContract } from '../storage-contract.ts'
import { fileBench } from './file-under-test.ts'

storageContract('A storage in a file', fileBench)
