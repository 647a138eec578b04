// Logs whose columns have other names, among them data sets that are published as they are here.
import { describe, expect, test } from 'vitest'
import { type ImportOptions, openLearningStore } from '../../../src/entry/node.ts'
import type { ColumnMap } from '../../../src/transfer/csv/field-columns.ts'
import { readExperiencesCsv } from '../../../src/transfer/csv/read.ts'
import { dataFile, refusal, taken, utf8 } from '../sources.ts'

const read = (text: string, map: ColumnMap) => taken(readExperiencesCsv(utf8(text), { map }))

const LOG = 'page,device,arm,score,user,chance\nhome,phone,a,1,u1,0.5\ncart,desk,b,0,u2,0.25\n'
const NAMED = { state: 'page', action: 'arm', reward: 'score' }

/** As the Open Bandit Dataset has it: an index without a name, a time with microseconds, hashed features. */
const OPEN_BANDIT = [
  ',timestamp,item_id,position,click,propensity_score,user_feature_0,user_feature_1,user-item_affinity_0,user-item_affinity_1',
  '0,2019-11-24 00:03:13.442536+00:00,14,3,0,0.029411764705882353,cef3390ed299c098,03a5648a76832f83,0.0,1.0',
  '1,2019-11-24 00:03:36.705207+00:00,10,1,1,0.029411764705882353,81ce123cbb5bd8ce,03a5648a76832f83,0.0,0.0',
].join('\n')
const BANDIT: ColumnMap = {
  state: 'user_feature_*+position',
  action: 'item_id',
  reward: 'click',
  behavior_probability: 'propensity_score',
}

describe('a map', () => {
  test('names the columns of fields', () => {
    const { experiences, skipped } = read(LOG, {
      ...NAMED,
      agentId: 'user',
      probability: 'chance',
      metadata: ['device'],
    })
    expect(experiences).toMatchObject([
      { agentId: 'u1', state: 'home', action: 'a', reward: 1, behaviorProbability: 0.5, metadata: { device: 'phone' } },
      { agentId: 'u2', state: 'cart', action: 'b', reward: 0, behaviorProbability: 0.25, metadata: { device: 'desk' } },
    ])
    expect(skipped).toEqual([])
  })

  test('leaves the other columns where they are, and those without a field are counted', () => {
    const { experiences, skipped } = read('state,action,reward,score\n1,2,3,4\n', { reward: 'score' })
    expect(experiences).toMatchObject([{ state: 1, action: 2, reward: 4 }])
    expect(skipped).toEqual([{ what: 'reward', count: 1, reason: 'this store has no such field' }])
  })

  test.each<[string, string | readonly string[], unknown]>([
    ['columns joined by a plus', 'page+device', { page: 'home', device: 'phone' }],
    ['a list', ['page', 'device'], { page: 'home', device: 'phone' }],
    ['a list of one', ['page'], { page: 'home' }],
    ['a pattern', 'd*', { device: 'phone' }],
    ['a pattern for all that no other field names', '*', { page: 'home', device: 'phone', user: 'u1', chance: 0.5 }],
  ])('makes an object of %s', (_, state, expected) => {
    expect(read(LOG, { ...NAMED, state }).experiences[0]?.state).toEqual(expected)
  })

  test('can name a column with any characters', () => {
    const text = 'a+b,c*,"d,e",f\n1,2,3,4\n'
    const { experiences } = read(text, { state: 'a+b', action: 'c*', reward: 'd,e' })
    expect(experiences).toMatchObject([{ state: 1, action: 2, reward: 3 }])
  })

  test('makes an empty cell of an object null', () => {
    expect(read('a,b,c,d\n,1,2,3\n', { state: 'a+b', action: 'c', reward: 'd' }).experiences).toMatchObject([
      { state: { a: null, b: 1 } },
    ])
  })

  test('makes episodes of one step, unless a column says what came after', () => {
    expect(read(LOG, NAMED).experiences.every(({ terminated }) => terminated)).toBe(true)
    const after = LOG.replace('user', 'next_state')
    expect(read(after, NAMED).experiences.some(({ terminated }) => terminated)).toBe(false)
  })

  test.each<[string, ColumnMap]>([
    ['map to have only the fields agent_id, ', { ...NAMED, rewards: 'score' }],
    ['a column points, got the columns `page,device,', { ...NAMED, reward: 'points' }],
    ['a column x*, got the columns `page,', { ...NAMED, state: 'x*' }],
    ['one column for reward, got score and user', { ...NAMED, reward: 'score+user' }],
    ['one column for agent_id, got user', { ...NAMED, agentId: ['user'] }],
    ['map.agent_id to be given once for a field', { ...NAMED, agentId: 'user', agent_id: 'page' }],
    ['map.state to be the name of a column, or a list of names', { ...NAMED, state: [] }],
    ['map.state to be the name of a column', { ...NAMED, state: 1 } as unknown as ColumnMap],
    ['a header row of different names, with state, action, reward among them, got `page,device,', { reward: 'score' }],
    ['map to be an object', [] as unknown as ColumnMap],
  ])('is refused: Expected %s', (message, map) => {
    expect(refusal(readExperiencesCsv(utf8(LOG), { map }))).toContain(`INVALID_ARGUMENT: Expected ${message}`)
  })

  test('is for CSV of experiences only', async () => {
    await using store = await openLearningStore({ storage: 'memory:' })
    const lines = utf8('{"id":"t","state":"s","action":"a","reward":1}\n')
    for (const options of [{ map: NAMED }, { decimal: ',' }] satisfies ImportOptions[]) {
      await expect(store.importFile(lines, options)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('only with the format csv, got the format ruvector-trajectories'),
      })
    }
    const values = utf8('agent_id,state_key,action_key,q_value\na,s,x,1\n')
    await expect(store.importFile(values, { decimal: ',', name: 'values.csv' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
    await expect(store.importFile(utf8(LOG), { decimal: ';' } as object)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })
})

test('the Open Bandit Dataset is imported as it is, and its policy can be evaluated', async () => {
  await using store = await openLearningStore({ storage: 'memory:', seed: 1 })
  const { format, changes, skipped } = await store.importFile(utf8(OPEN_BANDIT), { map: BANDIT, agentId: 'fashion' })
  expect(format).toBe('csv')
  expect(changes).toContainEqual({ what: 'experiences', added: 2, known: 0 })
  expect(skipped.map(({ what }) => what)).toEqual([
    'a column without a name',
    'user-item_affinity_0',
    'user-item_affinity_1',
  ])
  expect((await store.experiences.list()).at(-1)).toMatchObject({
    agentId: 'fashion',
    state: { position: 3, user_feature_0: 'cef3390ed299c098', user_feature_1: '03a5648a76832f83' },
    action: 14,
    reward: 0,
    behaviorProbability: 1 / 34,
    timestamp: '2019-11-24T00:03:13.442Z',
    terminated: true,
  })
  const uniform = (_: unknown, actions: readonly unknown[]): number[] => actions.map(() => 1 / actions.length)
  expect(await store.evaluatePolicy(uniform, { agentId: 'fashion', estimator: 'snips' })).toMatchObject({
    decisions: 2,
  })
})

const executions = dataFile('iofrol.csv')
test.skipIf(!executions)(
  'test executions of ABB are imported as they are (skipped without LEARNING_STORE_DATA)',
  () => {
    const map = {
      state: ['Duration', 'CalcPrio'],
      action: 'Name',
      reward: 'Verdict',
      timestamp: 'LastRun',
      episodeId: 'Cycle',
    }
    const { experiences, skipped } = taken(readExperiencesCsv(executions ?? new Uint8Array(), { map }))
    expect(experiences.length + (skipped.find(({ what }) => what === 'experiences')?.count ?? 0)).toBe(32_260)
    expect(experiences[0]).toMatchObject({
      state: { CalcPrio: 0, Duration: 57262 },
      action: 78082,
      reward: 1,
      episodeId: '1',
      timestamp: '2015-02-13 16:13:00.000',
    })
  },
)

const queries = dataFile('clinc150-routing.csv')
test.skipIf(!queries)('labeled queries need a column of rewards (skipped without LEARNING_STORE_DATA)', () => {
  const map = { state: 'text', action: 'tool' }
  const bytes = queries ?? new Uint8Array()
  expect(refusal(readExperiencesCsv(bytes, { map }))).toContain('got `text,tool`; for other names, pass map: { reward:')
  const lines = new TextDecoder().decode(bytes).trimEnd().split(/\r?\n/)
  const rewarded = utf8(lines.map((line, i) => (i === 0 ? `${line},reward` : `${line},1`)).join('\n'))
  expect(taken(readExperiencesCsv(rewarded, { map })).experiences).toHaveLength(15_000)
})
