import { join } from 'node:path'
import * as main from 'learning-store'
import { storeContract } from '../../learning/store-contract.ts'
import { runTests } from '../vitest-in-runtime.ts'
import { clientContracts, type OpenNamed, placedContracts } from './client-contracts.ts'

const folder = process.argv[2] ?? '.'

const outcomes = await runTests(() => {
  clientContracts()

  const file = (name: string): main.StorageName => `file:${join(folder, `${name}.db`)}`
  const inFile: OpenNamed = (name, options) => main.openLearningStore({ storage: file(name), seed: 7, ...options })
  placedContracts('from the main entry, in a file', main, inFile, ['relaxed'])
  let stores = 0
  storeContract('from the main entry, in a worker thread and a file', () =>
    main.openLearningStore({ storage: file(`thread-${stores++}`), seed: 7, worker: true }),
  )
})
process.stdout.write(JSON.stringify(outcomes))
// A worker thread that failed to end is no reason to wait.
process.exit()
