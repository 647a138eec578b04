import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, inject, type MockInstance, test, vi } from 'vitest'
import type { OpenAgents } from '../../examples/edge-function/open-agents.ts'
import type { AsyncAgent, AsyncStore, StoreError } from '../../src/entry/edge.ts'

const installed = inject('withPackage')
const EXAMPLE = join(import.meta.dirname, '..', '..', 'examples', 'edge-function')
const learned = { state: 's', action: 'go', reward: 1, terminated: true }
const learn = (agent: AsyncAgent): Promise<unknown> => agent.learn(learned)
const countOf = async (agent: AsyncAgent): Promise<number> => (await agent.status()).experienceCount

describe('The open agents of the example', () => {
  let Agents: typeof OpenAgents
  let edge: typeof import('../../src/entry/edge.ts')
  let logged: MockInstance<typeof console.error>

  beforeAll(async () => {
    const folder = mkdtempSync(join(installed, 'open-agents-'))
    cpSync(join(EXAMPLE, 'open-agents.ts'), join(folder, 'open-agents.ts'))
    writeFileSync(join(folder, 'edge.ts'), "export * from 'learning-store/edge'")
    Agents = (await import(join(folder, 'open-agents.ts'))).OpenAgents
    edge = await import(join(folder, 'edge.ts'))
  })
  beforeEach(() => {
    logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  })
  afterEach(() => logged.mockRestore())

  /** Opens stores whose bytes stay in this process; `save` is asked each time before they do. */
  const opening = (save: (agentId: string) => Promise<void> | void): ((agentId: string) => Promise<AsyncStore>) => {
    const kept = new Map<string, Uint8Array>()
    return (agentId) =>
      edge.openLearningStore({
        storage: edge.bytesStorage({
          initial: kept.get(agentId),
          async save(bytes) {
            await save(agentId)
            kept.set(agentId, bytes)
          },
        }),
      })
  }

  test('do not pass the error of one that cannot be closed to another', async () => {
    let refuses = false
    const save = (agentId: string): void => {
      if (refuses && agentId === 'a') throw new Error('the disk of a is gone')
    }
    const agents = new Agents(opening(save), 1)
    await agents.use('a', learn)
    refuses = true
    expect(await agents.use('b', learn)).toMatchObject({ learned: true })
    await agents.close()
    expect(logged.mock.calls).toEqual([
      [expect.objectContaining({ code: 'STORAGE_ERROR' } satisfies Partial<StoreError>)],
    ])
  })

  test('do not wait for another that is closing, unless it is opened again', async () => {
    let release: () => void = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let holds = false
    const agents = new Agents(
      opening((agentId) => (holds && agentId === 'a' ? held : undefined)),
      1,
    )
    await agents.use('a', learn)
    holds = true
    await agents.use('b', learn)
    let again = false
    const counted = agents.use('a', countOf).finally(() => {
      again = true
    })
    await agents.use('b', learn)
    expect(again).toBe(false)
    release()
    expect(await counted).toBe(1)
    expect(await agents.use('b', countOf)).toBe(2)
    await agents.close()
    expect(logged).not.toHaveBeenCalled()
  })

  test.each([
    ['of another kind', () => new TypeError('something else')],
    ['of an argument', () => new edge.StoreError('INVALID_ARGUMENT', 'Expected another option')],
  ])('are opened anew after an error %s', async (_, errorOf) => {
    const open = opening(() => {})
    let refuses = true
    const agents = new Agents(async (agentId) => {
      if (refuses) throw errorOf()
      return open(agentId)
    })
    await expect(agents.use('a', learn)).rejects.toThrow(errorOf().message)
    refuses = false
    expect(await agents.use('a', learn)).toMatchObject({ learned: true })
    await agents.close()
  })
})
