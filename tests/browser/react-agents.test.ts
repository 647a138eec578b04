import { type AsyncAgent, type AsyncStore, openLearningStore, type Policy } from 'learning-store'
import {
  type AgentState,
  type DecisionState,
  type PolicyState,
  useAgent,
  useDecision,
  usePolicy,
} from 'learning-store/react'
import { createElement, type ReactElement } from 'react'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { alone, eventually, learn, page } from './react-page.ts'

const { strictly, shown } = page()

let store: AsyncStore
beforeEach(async () => {
  store = await openLearningStore(alone)
})
afterEach(() => store.close())

type Action = 'a' | 'b'

/** A promise that resolves when it is told to. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open: () => void = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open }
}

let agentStates: AgentState<string, Action>[]
let policyStates: PolicyState<string, Action>[]
let decisionStates: DecisionState<string, Action>[]
beforeEach(() => {
  agentStates = []
  policyStates = []
  decisionStates = []
})

interface AgentProps {
  readonly of?: Pick<AsyncStore, 'agent'> | undefined
  readonly id?: string
  readonly temperature?: number
}
function Agent({ of, id = 'one', temperature = 1 }: AgentProps): ReactElement {
  const state = useAgent<string, Action>(of, id, { policy: 'softmax', temperature })
  agentStates.push(state)
  return createElement('p', null, `${state.status} ${state.agent?.id}`)
}

interface PolicyProps {
  readonly of?: Pick<AsyncAgent<string, Action>, 'policy'> | undefined
  readonly seed?: number
}
function Chosen({ of, seed = 1 }: PolicyProps): ReactElement {
  const state = usePolicy(of, { seed })
  policyStates.push(state)
  const action = state.policy?.selectAction('s', { actions: ['a', 'b'], greedy: true }).action
  return createElement('p', null, `${state.status} ${action}`)
}
const isClosed = (copy: Policy<string, Action> | undefined): string => {
  try {
    copy?.valuesOf('s')
    return 'open'
  } catch {
    return 'closed'
  }
}

interface DecisionProps {
  readonly of?: AsyncAgent<string, Action> | undefined
  readonly state?: string
  readonly turn?: number
}
function Decided({ of, state = 's', turn = 0 }: DecisionProps): ReactElement {
  const shown = useDecision(of, state, { actions: ['a', 'b'], greedy: true }, [turn])
  decisionStates.push(shown)
  return createElement('p', null, `${shown.status} ${shown.decision?.action}`)
}

describe('useAgent', () => {
  let calls: unknown[][]
  /** The store, and every call of `agent`. */
  let watched: Pick<AsyncStore, 'agent'>
  beforeEach(() => {
    calls = []
    const agent = (...args: Parameters<AsyncStore['agent']>): Promise<unknown> => {
      calls.push(args)
      return store.agent(...args)
    }
    watched = { agent: agent as AsyncStore['agent'] }
  })

  test('opens an agent once under StrictMode, and renders with the same one', async () => {
    strictly(createElement(Agent, { of: watched }))
    await shown().toBe('open one')
    strictly(createElement(Agent, { of: watched }))
    await eventually(() => agentStates.at(-1)?.status).toBe('open')
    expect(calls).toEqual([['one', { policy: 'softmax', temperature: 1 }]])
    const agents = new Set(agentStates.flatMap(({ agent }) => agent ?? []))
    expect(agents.size).toBe(1)
    expect(await store.agents.list()).toMatchObject([{ id: 'one', policy: 'softmax' }])
  })

  test('opens again when the id or the content of the configuration changes', async () => {
    strictly(createElement(Agent, { of: watched }))
    await shown().toBe('open one')
    strictly(createElement(Agent, { of: watched, id: 'two' }))
    await shown().toBe('open two')
    strictly(createElement(Agent, { of: watched, id: 'two', temperature: 2 }))
    await eventually(() => calls.length).toBe(3)
    await eventually(async () => (await store.agents.list()).map(({ temperature }) => temperature)).toEqual([1, 2])
  })

  test('waits for the store, and shows the error of an agent that cannot be opened', async () => {
    strictly(createElement(Agent, { of: undefined }))
    await shown().toBe('opening undefined')
    strictly(createElement(Agent, { of: watched, temperature: -1 }))
    await shown().toBe('failed undefined')
    expect(agentStates.at(-1)).toMatchObject({ agent: undefined, error: { code: 'INVALID_ARGUMENT' } })
    await store.close()
    strictly(createElement(Agent, { of: watched }))
    await eventually(() => agentStates.at(-1)?.error).toMatchObject({ code: 'CLOSED' })
  })

  test('shows nothing of an agent that opens after the component has gone', async () => {
    const { passed, open } = gate()
    const agent = (async (...args: Parameters<AsyncStore['agent']>) => {
      await passed
      return store.agent(...args)
    }) as AsyncStore['agent']
    strictly(createElement(Agent, { of: { agent } }))
    await shown().toBe('opening undefined')
    strictly(null)
    await shown().toBe('')
    const rendered = agentStates.length
    open()
    await eventually(async () => (await store.agents.list()).map(({ id }) => id)).toEqual(['one'])
    expect(agentStates.length).toBe(rendered)
  })
})

describe('usePolicy', () => {
  let copies: Policy<string, Action>[]
  let agent: AsyncAgent<string, Action>
  /** The agent, and every copy of its policy. */
  let watched: Pick<AsyncAgent<string, Action>, 'policy'>
  beforeEach(async () => {
    copies = []
    agent = await store.agent<string, Action>('one', { explorationRate: 0 })
    watched = {
      policy: async (options) => {
        const copy = await agent.policy(options)
        copies.push(copy)
        return copy
      },
    }
  })

  test('copies the policy once under StrictMode, follows the store, and closes the copy with the component', async () => {
    await learn(store, 'b')
    strictly(createElement(Chosen, { of: watched }))
    await shown().toBe('open b')
    expect(copies.length).toBe(1)
    await agent.learnMany(Array(20).fill({ state: 's', action: 'a', reward: 2, terminated: true }))
    await copies[0]?.fresh()
    strictly(createElement(Chosen, { of: watched }))
    await shown().toBe('open a')
    strictly(null)
    await eventually(() => isClosed(copies[0])).toBe('closed')
    expect(copies.length).toBe(1)
  })

  test('closes a copy that is ready after the component has gone', async () => {
    const { passed, open } = gate()
    const late: typeof watched = {
      policy: async (options) => {
        await passed
        return watched.policy(options)
      },
    }
    strictly(createElement(Chosen, { of: late }))
    await shown().toBe('opening undefined')
    strictly(null)
    await shown().toBe('')
    open()
    await eventually(() => copies.length).toBe(1)
    await eventually(() => isClosed(copies[0])).toBe('closed')
  })

  test('copies again with another seed, and shows the error of a closed store', async () => {
    strictly(createElement(Chosen, { of: watched }))
    await shown().toMatch(/^open /)
    strictly(createElement(Chosen, { of: watched, seed: 2 }))
    await eventually(() => copies.length).toBe(2)
    await eventually(() => isClosed(copies[0])).toBe('closed')
    await store.close()
    strictly(createElement(Chosen, { of: watched, seed: 3 }))
    await eventually(() => policyStates.at(-1)?.error).toMatchObject({ code: 'CLOSED' })
  })
})

describe('useDecision', () => {
  let agent: AsyncAgent<string, Action>
  beforeEach(async () => {
    await learn(store, 'b')
    agent = await store.agent<string, Action>('one')
  })

  test('records one decision under StrictMode, and learns from its reward once', async () => {
    strictly(createElement(Decided, { of: agent }))
    await shown().toBe('decided b')
    const [decision] = await agent.decisions.list()
    expect(decisionStates.at(-1)?.decision?.id).toBe(decision?.id)
    const first = await decisionStates.at(-1)?.reward(1)
    await shown().toBe('rewarded b')
    expect(await decisionStates.at(-1)?.reward(1)).toEqual(first)
    await expect(decisionStates.at(-1)?.reward(0)).rejects.toMatchObject({ code: 'ALREADY_REWARDED' })
    await shown().toBe('rewarded b')
    expect(await agent.decisions.list()).toMatchObject([{ id: decision?.id, status: 'rewarded', reward: 1 }])
    expect(await agent.experiences.count()).toBe(2)
  })

  test('decides again when the state or a dependency changes, and never otherwise', async () => {
    strictly(createElement(Decided, { of: agent }))
    await shown().toBe('decided b')
    strictly(createElement(Decided, { of: agent }))
    strictly(createElement(Decided, { of: agent, state: 't' }))
    await eventually(() => agent.decisions.count()).toBe(2)
    strictly(createElement(Decided, { of: agent, state: 't', turn: 1 }))
    await eventually(() => agent.decisions.count()).toBe(3)
    expect((await agent.decisions.list()).map(({ state }) => state)).toEqual(['t', 't', 's'])
  })

  test('can be rewarded after the component has gone, which shows nothing of it', async () => {
    const { passed, open } = gate()
    const late: typeof agent = {
      ...agent,
      decide: async (...args) => {
        await passed
        return agent.decide(...args)
      },
    }
    strictly(createElement(Decided, { of: late }))
    await shown().toBe('deciding undefined')
    const rewarded = decisionStates.at(-1)?.reward(1, { nextState: 't' })
    strictly(null)
    await shown().toBe('')
    const rendered = decisionStates.length
    open()
    await rewarded
    expect(await agent.decisions.list()).toMatchObject([{ status: 'rewarded' }])
    expect(decisionStates.length).toBe(rendered)
  })

  test('waits for the agent, and shows the error of a closed store', async () => {
    strictly(createElement(Decided, { of: undefined }))
    await shown().toBe('deciding undefined')
    await expect(decisionStates.at(-1)?.reward(1)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(await agent.decisions.count()).toBe(0)
    await store.close()
    strictly(createElement(Decided, { of: agent }))
    await shown().toBe('failed undefined')
    expect(decisionStates.at(-1)?.error).toMatchObject({ code: 'CLOSED' })
  })
})
