import { runTests } from '../vitest-in-runtime.ts'
import { faceContracts } from './face-contracts.ts'

addEventListener('fetch', (event) => {
  const answering = async (): Promise<Response> => Response.json(await runTests(faceContracts))
  const { respondWith } = event as unknown as { respondWith(response: Promise<Response>): void }
  respondWith.call(event, answering())
})
