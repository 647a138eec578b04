import { storageContract } from '../storage-contract.ts'
import { fileHarness } from './file-under-test.ts'

storageContract('A storage in a file', fileHarness)
