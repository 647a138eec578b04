import { StoreError } from '../../errors.ts'
import { object, oneOf } from '../schema/json-schema.ts'
import type { Route } from './route.ts'

/** The path of the health check. */
export const HEALTH_PATH = '/health'
/** The path of the OpenAPI document. */
export const DOCUMENT_PATH = '/openapi.json'

/** @param document returns the OpenAPI document, which describes these routes, too */
export function serverRoutes(document: () => object): readonly Route[] {
  return [
    {
      method: 'get',
      path: HEALTH_PATH,
      operationId: 'getHealth',
      summary: 'Check that the store is open and can write',
      tag: 'server',
      kind: 'read',
      isPublic: true,
      creates: true,
      responses: { 200: ['The store is open and can write.', object({ status: oneOf('Always `ok`.', ['ok']) })] },
      errors: ['STORAGE_ERROR'],
      async run({ store }) {
        const { state, reason } = await store.status()
        if (state === 'clean' || state === 'saving') return { body: { status: 'ok' } }
        throw new StoreError('STORAGE_ERROR', `The store cannot write: ${reason}`)
      },
    },
    {
      method: 'get',
      path: DOCUMENT_PATH,
      operationId: 'getDocument',
      summary: 'Get this document',
      tag: 'server',
      kind: 'read',
      isPublic: true,
      responses: { 200: ['The OpenAPI document.', { type: 'object' }] },
      needsStore: false,
      run: async () => ({ body: document() }),
    },
  ]
}
