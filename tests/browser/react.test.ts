import { type AsyncStore, openLearningStore, type Queries } from 'learning-store'
import {
  LearningStoreProvider,
  type LearningStoreState,
  type LiveState,
  useLearningStore,
  useLive,
  useProvidedStore,
} from 'learning-store/react'
import { createElement, type ReactElement, StrictMode, startTransition, useEffect, useState, version } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { App } from '../../examples/react/learned-values.tsx'
import { alone, eventually, expectFree, learn, page, STORAGE } from './react-page.ts'

const inPage = page()
const { strictly, shown } = inPage

type States<T> = { readonly states: T[] }

function Probe({ made }: { readonly made: true[] }): null {
  useEffect(() => {
    made.push(true)
  }, [made])
  return null
}

interface StatusProps extends States<LearningStoreState> {
  readonly to: () => Promise<AsyncStore>
  readonly deps: readonly unknown[]
}
function Status({ to, deps, states }: StatusProps): ReactElement {
  const state = useLearningStore(to, deps)
  states.push(state)
  const { status, error } = state
  return createElement('p', null, status, error instanceof Error ? `: ${error.message}` : '')
}

function Child(): ReactElement {
  return createElement('p', null, useProvidedStore().status)
}

interface LiveProps extends States<LiveState<unknown, unknown>> {
  readonly of: Pick<AsyncStore, 'live'> | undefined
  readonly query: (queries: Queries) => Promise<unknown>
  readonly deps: readonly unknown[]
  readonly initial?: unknown
}
function Live({ of, query, deps, initial, states }: LiveProps): ReactElement {
  const state = useLive(of, query, deps, initial)
  states.push(state)
  return createElement('p', null, `${state.status} ${state.value}`)
}

interface ChosenProps extends Pick<LiveProps, 'of' | 'states'> {
  readonly chosen: { agentId?: (agentId: string) => void }
}
function Chosen({ chosen, ...rest }: ChosenProps): ReactElement {
  const [agentId, setAgentId] = useState('none')
  useEffect(() => {
    chosen.agentId = setAgentId
  }, [chosen])
  const query = (queries: Queries): Promise<number> => queries.experiences.count({ agentId })
  return createElement(Live, { ...rest, query, deps: [agentId] })
}

test('this is React 19, whose StrictMode makes effects twice', async () => {
  expect(version).toMatch(/^19\./)
  const made: true[] = []
  strictly(createElement(Probe, { made }))
  await eventually(() => made).toEqual([true, true])
})

describe('useLearningStore', () => {
  let opened: AsyncStore[]
  let calls: number
  let states: LearningStoreState[]
  const open = async (): Promise<AsyncStore> => {
    calls++
    const store = await openLearningStore(alone)
    opened.push(store)
    return store
  }
  beforeEach(() => {
    opened = []
    calls = 0
    states = []
  })

  const status = (to: typeof open = open, deps: readonly unknown[] = []): ReactElement =>
    createElement(Status, { to, deps, states })

  test('opens one store under StrictMode, and closes it when the component is gone', async () => {
    strictly(status())
    await shown().toBe('open')
    expect(calls).toBe(1)
    const [store] = opened
    expect(states.at(-1)).toEqual({ status: 'open', store, error: undefined })
    expect(await store?.status()).toMatchObject({ host: 'local' })
    inPage.root.render(null)
    await eventually(() => store?.status().catch(({ code }) => code)).toBe('CLOSED')
    await expectFree()
  })

  test('closes a store that opens after the component has gone', async () => {
    let allow: () => void = () => {}
    const allowed = new Promise<void>((resolve) => {
      allow = resolve
    })
    strictly(status(() => allowed.then(open)))
    await shown().toBe('opening')
    inPage.root.render(null)
    await shown().toBe('')
    allow()
    await eventually(() => opened[0]?.status().catch(({ code }) => code)).toBe('CLOSED')
    await expectFree()
  })

  test('returns the error of a failed opening, also of one that throws', async () => {
    await using _holder = await openLearningStore(alone)
    strictly(status())
    await shown().toMatch(/^failed: .*indexeddb:react/)
    expect(states.at(-1)).toMatchObject({ status: 'failed', store: undefined, error: { code: 'LOCKED' } })
    const thrown = (): never => {
      throw new Error('fault')
    }
    strictly(status(thrown, [1]))
    await shown().toBe('failed: fault')
  })

  test('opens again when a dependency changes, and never otherwise', async () => {
    const patient = async (): Promise<AsyncStore> => {
      const store = await openLearningStore({ ...alone, lockTimeoutMs: 2_000 })
      opened.push(store)
      return store
    }
    for (const deps of [['a'], ['a'], ['b']]) {
      strictly(status(patient, deps))
      await eventually(() => states.at(-1)?.status).toBe('open')
    }
    await eventually(() => opened.length).toBe(2)
    await shown().toBe('open')
    expect(states.at(-1)?.store).toBe(opened[1])
    await expect(opened[0]?.status()).rejects.toMatchObject({ code: 'CLOSED' })
  })

  test('reports errors of closing', async () => {
    const failing = async (): Promise<AsyncStore> => {
      const store = await open()
      return { ...store, close: () => store.close().then(() => Promise.reject(new Error('not kept'))) }
    }
    strictly(status(failing))
    await shown().toBe('open')
    inPage.root.render(null)
    await eventually(() => inPage.reported).toMatchObject([{ message: 'not kept' }])
    inPage.reported = []
  })

  test('is shared by all components in a provider', async () => {
    const children = [createElement(Child, { key: 1 }), createElement(Child, { key: 2 })]
    strictly(createElement(LearningStoreProvider, { open, children }))
    await shown().toBe('openopen')
    expect(calls).toBe(1)
  })

  test('needs a provider', () => {
    expect(() => renderToString(createElement(Child))).toThrow('Expected a LearningStoreProvider above')
  })
})

describe('useLive', () => {
  let store: AsyncStore
  let states: LiveState<unknown, unknown>[]
  beforeEach(async () => {
    store = await openLearningStore(alone)
    states = []
  })
  afterEach(() => store.close())

  const live = (query: LiveProps['query'], props: Partial<LiveProps> = {}): ReactElement =>
    createElement(Live, { of: store, query, deps: [], states, ...props })
  const count = (queries: Queries): Promise<number> => queries.experiences.count()

  test('shows the current result, and every change', async () => {
    strictly(live(count, { initial: '-' }))
    await shown().toBe('ready 0')
    expect(states[0]).toEqual({ status: 'loading', value: '-', error: undefined })
    await learn(store, 'a')
    await shown().toBe('ready 1')
    await learn(store, 'b')
    await shown().toBe('ready 2')
  })

  test('runs once under StrictMode, and no more after unmounting', async () => {
    let asked = 0
    const query = (queries: Queries): Promise<number> => {
      asked++
      return count(queries)
    }
    strictly(live(query))
    await shown().toBe('ready 0')
    expect(asked).toBe(1)
    inPage.root.render(null)
    await shown().toBe('')
    await learn(store, 'a')
    // Of another query, asked later, the answer is here.
    strictly(live(count))
    await shown().toBe('ready 1')
    expect(asked).toBe(1)
  })

  test('waits for the store', async () => {
    strictly(live(count, { of: undefined }))
    await shown().toBe('loading undefined')
    strictly(live(count))
    await shown().toBe('ready 0')
  })

  test('runs again when a dependency of the query changes, also in a transition', async () => {
    await learn(store, 'a')
    const chosen: { agentId?: (agentId: string) => void } = {}
    strictly(createElement(Chosen, { of: store, states, chosen }))
    await shown().toBe('ready 0')
    startTransition(() => chosen.agentId?.('one'))
    await shown().toBe('ready 1')
    expect(states.some(({ status, value }) => status === 'loading' && value === 0)).toBe(false)
  })

  test('returns the error of the query with the last value, and recovers', async () => {
    let isBroken = false
    const query = async (queries: Queries): Promise<number> => {
      const found = await count(queries)
      if (isBroken) throw new Error('fault')
      return found
    }
    strictly(live(query))
    await shown().toBe('ready 0')
    isBroken = true
    await learn(store, 'a')
    await shown().toBe('failed 0')
    expect(states.at(-1)?.error).toMatchObject({ message: 'fault' })
    isBroken = false
    await learn(store, 'b')
    await shown().toBe('ready 2')
    expect(states.at(-1)?.error).toBeUndefined()
  })

  test('refuses a query that writes, and a store that is closed', async () => {
    strictly(live((queries) => queries.preferences.delete('x', 'y')))
    await shown().toBe('failed undefined')
    expect(states.at(-1)?.error).toMatchObject({ code: 'INVALID_ARGUMENT' })
    await store.close()
    strictly(live(count, { deps: [1] }))
    await eventually(() => states.at(-1)?.error).toMatchObject({ code: 'CLOSED' })
  })

  test('continues from what a server rendered', async () => {
    const element = createElement(StrictMode, null, live(count, { initial: 'none yet' }))
    const rendered = document.body.appendChild(document.createElement('div'))
    rendered.innerHTML = renderToString(element)
    expect(rendered.textContent).toBe('loading none yet')
    const mismatches: unknown[] = []
    const hydrated = hydrateRoot(rendered, element, { onRecoverableError: (error) => mismatches.push(error) })
    await eventually(() => rendered.textContent).toBe('ready 0')
    expect(mismatches).toEqual([])
    hydrated.unmount()
    rendered.remove()
  })
})

test('the example learns from its visitor, and knows it again', async () => {
  const app = createElement(App, { storage: STORAGE })
  strictly(app)
  await shown().toContain('apple: 0.00')
  const [yes] = inPage.container.querySelectorAll('button')
  yes?.click()
  await shown().toContain('apple: 0.10')
  inPage.root.render(null)
  await shown().toBe('')
  strictly(app)
  await shown().toContain('apple: 0.10')
})
