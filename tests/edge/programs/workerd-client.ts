import type { DurableObjectState } from '@cloudflare/workers-types'
import * as edge from 'learning-store/edge'
import { durableObjectTests, inDurableObject, type ObjectClass } from '../durable-object-tests.ts'
import { clientContracts, type OpenNamed, placedContracts } from './client-contracts.ts'
import { mainEntryOfTheEdge } from './main-entry.ts'

export default inDurableObject

export const Tests: ObjectClass = durableObjectTests(({ storage }: DurableObjectState) => {
  mainEntryOfTheEdge()
  clientContracts()
  const inStorage: OpenNamed = (name, options) =>
    edge.openLearningStore({ storage: edge.durableObjectStorage(storage, { name }), seed: 7, ...options })
  placedContracts('in a Durable Object', edge, inStorage, ['strict'])
})
