import { runTests } from '../vitest-in-runtime.ts'
import { clientContracts } from './client-contracts.ts'
import { mainEntryOfTheEdge } from './main-entry.ts'

const contracts = (): void => {
  mainEntryOfTheEdge()
  clientContracts()
}

addEventListener('fetch', (event) => {
  const answering = async (): Promise<Response> => Response.json(await runTests(contracts))
  const { respondWith } = event as unknown as { respondWith(response: Promise<Response>): void }
  respondWith.call(event, answering())
})
