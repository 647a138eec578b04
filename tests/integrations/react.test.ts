import { createElement, type ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { openLearningStore } from '../../src/entry/node.ts'
import {
  LearningStoreProvider,
  useLearningStore,
  useLive,
  useProvidedStore,
} from '../../src/integrations/react/react.ts'

function Count({ initial }: { readonly initial: number }): ReactElement {
  const provided = useProvidedStore()
  const own = useLearningStore(forbidden)
  const { status, value } = useLive(provided.store, (queries) => queries.experiences.count(), [], initial)
  return createElement('p', null, [provided.status, own.status, status, value].join(' '))
}

function forbidden(): never {
  throw new Error('Expected that a server opens nothing')
}

test('on a server nothing is opened, and what is rendered is the beginning', () => {
  const page = createElement(LearningStoreProvider, { open: forbidden }, createElement(Count, { initial: 7 }))
  expect(renderToString(page)).toBe('<p>opening opening asking 7</p>')
})

test('on a server a store that is open already is not asked', async () => {
  await using store = await openLearningStore({ storage: 'memory:' })
  const state = { asked: false }
  const live: typeof store.live = (...args) => {
    state.asked = true
    return store.live(...args)
  }
  expect(renderToString(createElement(Asking, { store: { ...store, live } }))).toBe('<p>asking</p>')
  expect(state.asked).toBe(false)
})

function Asking({ store }: { readonly store: Parameters<typeof useLive>[0] }): ReactElement {
  return createElement('p', null, useLive(store, (queries) => queries.experiences.count()).status)
}
