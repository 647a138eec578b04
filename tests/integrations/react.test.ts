import { createElement, type ReactElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { type AsyncAgent, type AsyncStore, openLearningStore } from '../../src/entry/node.ts'
import {
  LearningStoreProvider,
  useAgent,
  useDecision,
  useLearningStore,
  useLive,
  usePolicy,
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

test('on a server nothing is opened, and the initial state is rendered', () => {
  const page = createElement(LearningStoreProvider, { open: forbidden }, createElement(Count, { initial: 7 }))
  expect(renderToString(page)).toBe('<p>opening opening loading 7</p>')
})

test('on a server a store that is already open is not queried', async () => {
  await using store = await openLearningStore({ storage: 'memory:' })
  const state = { isQueried: false }
  const live: typeof store.live = (...args) => {
    state.isQueried = true
    return store.live(...args)
  }
  expect(renderToString(createElement(Query, { store: { ...store, live } }))).toBe('<p>loading</p>')
  expect(state.isQueried).toBe(false)
})

test('on a server no agent is opened or decides', async () => {
  await using store = await openLearningStore({ storage: 'memory:' })
  const agent = await store.agent('one')
  expect(renderToString(createElement(Deciding, { store, agent }))).toBe('<p>opening opening deciding</p>')
  expect(await store.agents.list()).toMatchObject([{ id: 'one' }])
  expect(await store.decisions.count()).toBe(0)
})

function Deciding({ store, agent }: { readonly store: AsyncStore; readonly agent: AsyncAgent }): ReactElement {
  const states = [useAgent(store, 'two'), usePolicy(agent), useDecision(agent, 's', { actions: ['a'] })]
  return createElement('p', null, states.map(({ status }) => status).join(' '))
}

function Query({ store }: { readonly store: Parameters<typeof useLive>[0] }): ReactElement {
  return createElement('p', null, useLive(store, (queries) => queries.experiences.count()).status)
}
